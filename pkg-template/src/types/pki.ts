import type { Certificate, Name, Bundle as ReadBundle, SignatureStatus } from '../generated/core.js';
import type { CertType, Organization } from '../generated/service.js';
import type { Key } from './platform.js';

/** PEM, base64 or DER. */
export type Encoded = string | Uint8Array | ArrayBuffer;

// What is read is declared in Rust (src/pki), once.
export type {
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
  certType?: CertType | undefined;
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

/** What a new CSR is to hold. */
export interface CsrRequest {
  subject: Partial<Omit<Name, 'attributes'>>;
  dnsNames: string[];
  /** Default: a new EC key on P-256. */
  key?:
    | { algorithm: 'EC'; curve?: 'P-256' | 'P-384' | undefined }
    | { algorithm: 'RSA'; bits?: 2048 | 3072 | 4096 | undefined }
    | { publicKey: Key; privateKey: Key }
    | undefined;
}

/** A new CSR and its key. Keep the key: nobody else has it. */
export interface CreatedCsr {
  /** PEM. */
  csr: string;
  privateKey: Key;
  /** PKCS#8, PEM. */
  privateKeyPem: string;
}
