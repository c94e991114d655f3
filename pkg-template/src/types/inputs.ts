import type { CertType, ContactType, DcvEmail, DcvMethod } from '../generated/models.js';
import type { Open } from './open.js';

/** The certificate authority. */
export type Provider = Open<'DIGICERT'>;

/** The key algorithm of the certificate (guide 7.4.1). */
export type AlgorithmHash = Open<'RSA' | 'ECC'>;

/** The hash of the root; the guide advises against `SHA_1` (guide 7.4.1). */
export type RootHash = Open<'SHA_1'>;

/** The web server that the certificate is for. */
export type ServerPlatform = Open<
  'APACHE' | 'NGINX' | 'DEFAULT' | 'MICROSOFT_IIS_10' | 'MICROSOFT_IIS_8' | 'MICROSOFT_IIS_7' | 'MICROSOFT_IIS_5_OR_6'
>;

/** The form of a downloaded certificate (guide 7.4.5). */
export type DownloadFormat = Open<'p7b' | 'pem_all'>;

/** A new organization, with at least one contact (guide 7.1.1). */
export interface NewOrganization {
  /** The legal name. */
  name: string;
  assumedName?: string | undefined;
  address1: string;
  address2?: string | undefined;
  city: string;
  state: string;
  /** Two letters, ISO 3166-1. */
  country: string;
  zipcode: string;
  phone: string;
  provider: Provider;
  contacts: Omit<NewContact, 'organizationId'>[];
}

/** A new contact of an organization (guide 7.2.1). */
export interface NewContact {
  /** A UUID. */
  organizationId: string;
  firstName: string;
  lastName: string;
  jobTitle: string;
  email: string;
  phone: string;
  phoneExtension?: string | undefined;
  provider: Provider;
  contactTypes: Required<ContactType>[];
}

/** The contact's part in an order: an object here, a bare id in the reply. */
export interface OrderContact {
  /** A UUID. */
  id: string;
  contactTypes: Required<ContactType>[];
}

/** What the certificate of a new order is to be. */
export interface NewCert {
  commonName: string;
  /** PEM. */
  csr: string;
  /** Every further name; names that stand in the CSR alone are not honoured. */
  dnsNames?: string[] | undefined;
  serverPlatform?: ServerPlatform | undefined;
  algorithmHash?: AlgorithmHash | undefined;
  rootHash?: RootHash | undefined;
  organizationUnits?: string[] | undefined;
  provider?: Provider | undefined;
  dcvMethod?: DcvMethod | undefined;
  dcvEmails?: DcvEmail[] | undefined;
}

/** A new order (guide 7.4.1). It costs money. */
export interface NewOrder {
  /** A UUID. */
  organizationId: string;
  contacts: OrderContact[];
  certType: CertType;
  /** Such as `en`. */
  locale: string;
  provider: Provider;
  cert: NewCert;
  groupId?: string | undefined;
  skipPrice?: boolean | undefined;
  comments?: string | undefined;
  additionalEmails?: string[] | undefined;
}

/** What a reissue changes; the common name cannot change (guide 7.4.8.3). */
export interface Reissue {
  cert?:
    | {
        dnsNames?: string[] | undefined;
        /** PEM. */
        csr?: string | undefined;
        serverPlatform?: ServerPlatform | undefined;
        algorithmHash?: AlgorithmHash | undefined;
        rootHash?: RootHash | undefined;
      }
    | undefined;
  ignoreOrgCheck?: boolean | undefined;
  additionalEmails?: string[] | undefined;
}
