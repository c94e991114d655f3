import type { Model, Open } from './open.js';

/** What is sold: the validation level is the second part of the name, `DV`, `OV` or `EV` (guide 7.4). */
export type CertType = Open<
  | 'SSL_EV_BASIC'
  | 'SSL_OV_BASIC'
  | 'SSL_EV_SECURESITE'
  | 'SSL_OV_SECURESITE'
  | 'SSL_EV_SECURESITE_PRO'
  | 'SSL_OV_SECURESITE_PRO'
  | 'SSL_DV_GEOTRUST'
  | 'SSL_OV_GEOTRUST_TRUEBIZID'
  | 'SSL_EV_GEOTRUST_TRUEBIZID'
  | 'SSL_DV_THAWTE'
  | 'SSL_EV_THAWTE_WEBSERVER'
  | 'SSL_OV_THAWTE_WEBSERVER'
>;

/** How far an order is (guide 7.4.2). */
export type OrderStatus = Open<
  | 'CREATED'
  | 'REISSUE_REQUEST_PENDING'
  | 'REISSUE_PENDING'
  | 'DIGI_PENDING'
  | 'DIGI_REISSUE_PENDING'
  | 'DIGI_REISSUE_FAILED'
  | 'DIGI_PROCESSING'
  | 'DIGI_ISSUED'
  | 'DIGI_REVOKED'
  | 'DIGI_CANCELED'
  | 'DIGI_NEEDS_APPROVAL'
  | 'DIGI_NEEDS_CSR'
  | 'DIGI_WAITING_PICKUP'
  | 'DIGI_REJECTED'
  | 'DIGI_EXPIRED'
  | 'DIGI_FAILED'
>;

/** How control of a domain is shown (guide 6.1.2). */
export type DcvMethod = Open<'EMAIL' | 'DNS_CNAME_TOKEN' | 'HTTP_TOKEN' | 'DNS_TXT_TOKEN'>;

/** The role of a contact (guide 7.2). The service adds the `TECHNICAL_CONTACT` itself. */
export type ContactType = Open<'ORGANIZATION_CONTACT' | 'EXTENDED_VALIDATION_APPROVER' | 'TECHNICAL_CONTACT'>;

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

/** One role of a contact, in the form of the service. */
export interface ContactTypeEntry {
  type: ContactType;
}

/** The mailbox that the validation mail of one name goes to. */
export interface DcvEmail {
  dnsName: string;
  emailDomain?: string | undefined;
  email?: string | undefined;
}

/** A legal entity that certificates are issued to (guide 7.1). */
export type Organization = Model<{
  /** A UUID. */
  id: string;
  /** The legal name. */
  name: string;
  /** The name that it does business under. */
  assumedName: string | null;
  address1: string;
  address2: string | null;
  city: string;
  state: string;
  /** Two letters, ISO 3166-1. */
  country: string;
  zipcode: string;
  phone: string;
  active: boolean;
  contacts: Contact[];
  /** One entry per level of validation. */
  validations: Validation[];
  /** Its number at the certificate authority. */
  providerId: number | string | null;
  provider: Provider;
  /** ISO 8601. */
  dateCreated: string;
  /** ISO 8601. */
  dateUpdated: string;
}>;

/** How far the validation of an organization is; it holds 13 months (guide 7.1). */
export type Validation = Model<{
  id: string;
  type: Open<'OV' | 'EV'>;
  name: string;
  status: Open<'PENDING'>;
  providerDateCreated: string;
  /** ISO 8601. */
  dateValidatedUntil: string | null;
  dateCreated: string;
  dateUpdated: string;
}>;

/** A person of an organization (guide 7.2). */
export type Contact = Model<{
  /** A UUID. */
  id: string;
  firstName: string;
  lastName: string;
  jobTitle: string;
  email: string;
  phone: string;
  phoneExtension: string | null;
  /** A UUID. */
  organizationId: string;
  provider: Provider;
  contactTypes: Model<ContactTypeEntry>[];
  username: string | null;
  history: History[];
  dateCreated: string;
  dateUpdated: string;
}>;

/** One change, and who made it (guide 7.1.4, 7.2.6, 7.4.6). */
export type History = Model<{
  id: string;
  /** ISO 8601. */
  dateCreated: string;
  /** Absent when the system made the change. */
  userName: string;
  text: string;
}>;

/** An order, with its certificate once there is one (guide 7.4). */
export type Order = Model<{
  /** A UUID. */
  id: string;
  status: OrderStatus;
  certType: CertType;
  provider: Provider;
  /** Its number at the certificate authority; a reissue keeps it. */
  providerId: number | string | null;
  locale: string;
  comments: string | null;
  additionalEmails: string[];
  renewalNotificationsDisabled: boolean;
  groupId: string | null;
  /** A UUID. */
  organizationId: string;
  /** UUIDs. */
  contacts: string[];
  /** `null` early on. */
  cert: Cert | null;
  price: unknown;
  history: History[];
  /** ISO 8601. */
  dateCreated: string;
  /** ISO 8601. */
  dateUpdated: string;
}>;

/** The certificate inside an order. It covers `commonName` and `dnsNames`; names in the CSR alone are not honoured. */
export type Cert = Model<{
  id: string;
  commonName: string;
  dnsNames: string[];
  /** PEM. */
  csr: string;
  serverPlatform: ServerPlatform | null;
  algorithmHash: AlgorithmHash | null;
  rootHash: RootHash | null;
  organizationUnits: string[];
  provider: Provider;
  /** A reissue gives it a new one (guide 7.4.8.3). */
  providerId: number | string | null;
  serialNumber: string | null;
  revokeStatus: Open<'PENDING' | 'REVOKED'> | null;
  dcvMethod: DcvMethod | null;
  dcvEmails: Model<DcvEmail>[];
  /** ISO 8601. */
  dateValidFrom: string | null;
  /** ISO 8601. */
  dateValidUntil: string | null;
  daysRemaining: number | null;
  providerDateCreated: string | null;
  /** PEM; can come a moment later than the status `DIGI_ISSUED`. */
  endEntityCert: string | null;
  /** PEM. */
  intermediateCert: string | null;
  /** PEM. */
  rootCert: string | null;
  dateCreated: string;
  dateUpdated: string;
}>;

/** What a certificate type costs (guide 7.4.4). */
export type Price = Model<{
  certType: CertType;
  provider: Provider;
  term: number;
  totalPrice: number;
  products: Model<{ product: string; item: string; price: number }>[];
  errorMessage: string | null;
}>;

/** A CSR as the service reads it (guide 7.3.1); the names of the fields are *inferred*. */
export type ServerCsr = Model<{
  csr: string;
  commonName: string;
  organizationName: string;
  organizationUnit: string;
  /** The city; also seen as `locality`. */
  locale: string;
  locality: string;
  state: string;
  country: string;
  email: string;
  signatureAlgorithm: string;
}>;

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
  contactTypes: ContactTypeEntry[];
}

/** The contact's part in an order: an object here, a bare id in the reply. */
export interface OrderContact {
  /** A UUID. */
  id: string;
  contactTypes: ContactTypeEntry[];
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
