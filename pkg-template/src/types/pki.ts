import type {
  Certificate,
  CsrInspection,
  ErrorCode,
  Finding,
  Name,
  Bundle as ReadBundle,
  SignatureStatus,
} from '../generated/core.js';
import type { CertType, Organization } from '../generated/service.js';
import type { Bytes } from './open.js';
import type { Key } from './platform.js';

/** PEM, base64 or DER. */
export type Encoded = string | Uint8Array | ArrayBuffer;

// What is read is declared in Rust (src/pki), once.
export type {
  Asn1Node,
  Certificate,
  Csr,
  CsrAttribute,
  CsrInspection,
  Extension,
  Finding,
  FindingCode,
  InternationalName,
  Name,
  NameAttribute,
  PublicKey,
  Severity,
  SignatureAlgorithm,
  SignatureStatus,
  StringType,
  SubjectAltNames,
} from '../generated/core.js';

/** A bundle in order, whatever order it came in. */
export interface Bundle extends ReadBundle {
  /** @deprecated Use `unrelated`. */
  readonly strangers: Certificate[];
}

/** @deprecated Use `SignatureStatus`. */
export type Verdict = SignatureStatus;

/** What a CSR is inspected for. */
export interface InspectionContext {
  /** The product that it is to be ordered as: some rules hold for EV or for OV alone. Default: that of `order`. */
  certType?: CertType | undefined;
  /** The order that it is for. As much of it as is there already counts. */
  order?: OrderInMind | undefined;
  /** The organization of that order. */
  organization?: Pick<Organization, 'name' | 'country'> | undefined;
  /** Keys that are known to be weak: SHA-256 of the SPKI in hex, or lines of Debian's openssl-blacklist. */
  weakKeys?: readonly string[] | undefined;
}

/** As much of an order as a CSR is held against. */
export interface OrderInMind {
  /** The product. */
  certType?: CertType | undefined;
  /** The names that the certificate is to cover: those of the order count, and not the CSR's. */
  cert?: { commonName?: string | undefined; dnsNames?: readonly string[] | undefined } | null | undefined;
}

/** What a new order is held against. */
export interface OrderContext {
  /** The organization that it is for. */
  organization?: Pick<Organization, 'name' | 'country'> | undefined;
}

/** What a bundle is held against. */
export interface BundleContext {
  /** The request that the certificate was ordered with. */
  csr?: Encoded | undefined;
}

/** Something that `inspectAll` found, and where. */
export type Found = FoundInFiles<Bundle>;

/** The same, of whatever type its bundles are. */
export type FoundInFiles<B> = {
  /** Which of the inputs it is in, from 0. */
  readonly file: number;
  /** Where it begins: an index of the string, or a byte of the file. The whole input, where it had to be decoded first. */
  readonly start: number;
  /** Where it ends, likewise: the first index behind it. */
  readonly end: number;
} & (
  | { readonly kind: 'csr'; readonly inspection: CsrInspection }
  /** A certificate with those beside it that lead to a root, or a PKCS #7 bundle. */
  | { readonly kind: 'bundle'; readonly bundle: B }
  /** Something else, or something that cannot be read: what it is, and where it went wrong. */
  | { readonly kind: 'other'; readonly error: FoundError }
);

/** Why something is neither a CSR nor a certificate; as in a `ParseError`. */
export interface FoundError {
  /** Stable, for programs. */
  readonly code: ErrorCode;
  /** One sentence, for people. */
  readonly message: string;
  /** Where, in what was decoded. */
  readonly offset?: number | undefined;
}

/** A `File` or a `Blob`. */
export interface FileLike {
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** A private key that a caller has. */
export type OwnKey =
  /** PEM: PKCS #8, PKCS #1 or SEC 1, beside certificates or not; or DER. */
  | Encoded
  /** The same; encrypted (PKCS #8 with PBES2, PBKDF2 and AES), if there is a password. */
  | { pem: Encoded; password?: string | undefined }
  /** A pair of WebCrypto's. */
  | { publicKey: Key; privateKey: Key }
  /** A private key of WebCrypto's that may leave it. */
  | Key;

/** The subject of a new CSR. What is absent or empty is left out. */
export interface CsrSubject extends Partial<Omit<Name, 'attributes' | 'organizationalUnit'>> {
  organizationalUnit?: string | readonly string[];
  /** The parts of a domain, the last one first: `['com', 'example']`. */
  domainComponent?: string | readonly string[];
  /** One value a line. */
  streetAddress?: string | readonly string[];
  postalCode?: string;
  /** The number in the register of the organization, for EV. */
  serialNumber?: string;
  /** For EV: `Private Organization`, `Government Entity`, `Business Entity` or `Non-Commercial Entity`. */
  businessCategory?: string;
  /** Where the organization is registered, for EV. Two letters. */
  jurisdictionCountry?: string;
  jurisdictionState?: string;
  jurisdictionLocality?: string;
  /** Scheme, country and number in a register: `NTRUS+CA-123456`. */
  organizationIdentifier?: string;
}

/** What a key is for (RFC 5280, 4.2.1.3). */
export type KeyUsage =
  | 'digitalSignature'
  | 'nonRepudiation'
  | 'keyEncipherment'
  | 'dataEncipherment'
  | 'keyAgreement'
  | 'keyCertSign'
  | 'cRLSign'
  | 'encipherOnly'
  | 'decipherOnly';

/** What a new CSR may hold beside subject and DNS names, and how it is made. */
export interface CsrOptions {
  /** Alternative names of the type iPAddress: IPv4 or IPv6, in any of their spellings. */
  ipAddresses?: readonly string[] | undefined;
  /** Alternative names of the type rfc822Name. */
  emailAddresses?: readonly string[] | undefined;
  /** Alternative names of the type uniformResourceIdentifier. */
  uris?: readonly string[] | undefined;
  /** What the key may be used for (RFC 5280, 4.2.1.3). Default: the request asks for none. */
  keyUsage?: readonly KeyUsage[] | undefined;
  /** The purposes of the certificate (RFC 5280, 4.2.1.12). Default: the request asks for none. */
  extendedKeyUsage?: readonly ('serverAuth' | 'clientAuth')[] | undefined;
  /** Ask for a certificate that is good only with a stapled OCSP response (RFC 7633). */
  mustStaple?: boolean | undefined;
  /** Default: a new EC key on P-256. */
  key?:
    | { algorithm: 'EC'; curve?: 'P-256' | 'P-384' | undefined }
    | { algorithm: 'RSA'; bits?: 2048 | 3072 | 4096 | undefined }
    | OwnKey
    | undefined;
  /** What an RSA key signs with. Default: SHA-256; a CryptoKey has its own, and so has an EC key by its curve. */
  hash?: 'SHA-256' | 'SHA-384' | 'SHA-512' | undefined;
  /** Encrypts `privateKeyPem` (PBES2, AES-256 in CBC, PBKDF2 with SHA-256). */
  privateKeyPassword?: string | undefined;
  /** False makes the CSR although `inspectCsr` would call something in it an error. */
  check?: boolean | undefined;
}

/** What a new CSR is to hold. */
export interface CsrRequest extends CsrOptions {
  /** Whom it is for. */
  subject: CsrSubject;
  /** An IP address among them becomes an iPAddress, an international name its `xn--` form. */
  dnsNames: readonly string[];
}

/**
 * A new CSR that is like a certificate or another CSR: the subject and the extensions as they are there. What is given
 * beside takes the place of what is there: the subject, all alternative names taken together, an extension. Of a
 * certificate, only names, key usages, purposes and must-staple are taken: all else is the certificate authority's.
 */
export interface CsrLike extends CsrOptions {
  /** Of a bundle, its leaf. Several requests, or several leaves, are refused. */
  like: Encoded | { pem: string };
  subject?: CsrSubject | undefined;
  dnsNames?: readonly string[] | undefined;
}

/** A new CSR and its key. Keep the key: nobody else has it. */
export interface CreatedCsr {
  /** PEM. */
  csr: string;
  /** The same in DER. */
  der: Bytes;
  /** The key that it is signed with. */
  privateKey: Key;
  /** PKCS #8, PEM; encrypted if `privateKeyPassword` was given. Empty for a key that may not leave WebCrypto. */
  privateKeyPem: string;
  /** What `inspectCsr` says of it. */
  findings: Finding[];
}

/** What a PKCS #12 file is to hold. */
export interface Pkcs12Contents {
  /** The certificate of the key, of several the one that ends last; there may be others with it, in whatever order. */
  certificate: Encoded | { pem: string };
  /** Those that lead from it to a root, if they are not in `certificate`. */
  chain?: Encoded | { pem: string } | readonly (Encoded | { pem: string })[] | undefined;
  /** The private key of `certificate`. */
  key: OwnKey;
  /** The password that opens the file: in ASCII, if Java is to read it. */
  password: string;
  /** What the certificate is called in a store: Java's alias. */
  friendlyName?: string | undefined;
}
