import type { CertType, DcvMethod, NewOrder } from './models.js';

/** PEM, base64 or DER. */
export type Encoded = string | Uint8Array | ArrayBuffer;

/** A distinguished name (RFC 5280, 4.1.2.4): the usual attributes by name, and all of them in their order. */
export interface Name {
  commonName?: string;
  organizationName?: string;
  organizationalUnit?: string;
  locality?: string;
  state?: string;
  country?: string;
  email?: string;
  attributes: { oid: string; name?: string; value: string }[];
}

/** Further names of the subject (RFC 5280, 4.2.1.6), by kind. */
export interface SubjectAltNames {
  dns: string[];
  ip: string[];
  email: string[];
  uri: string[];
  other: string[];
}

/** A public key (RFC 5280, 4.1.2.7). */
export interface PublicKey {
  /** Such as `RSA` or `EC`. */
  algorithm: string;
  bits?: number;
  /** Such as `P-256`. */
  curve?: string;
  exponent?: string;
  /** SHA-256 of the SubjectPublicKeyInfo, in hexadecimal: the same for the same key. */
  spkiSha256: string;
}

/** A certificate signing request (RFC 2986). */
export interface Csr {
  version: number;
  subject: Name;
  subjectAltNames: SubjectAltNames;
  publicKey: PublicKey;
  signatureAlgorithm: { oid: string; name: string };
  extensions: Extension[];
  attributes: { oid: string; name?: string }[];
  pem: string;
}

/** An extension of a CSR or a certificate. */
export interface Extension {
  oid: string;
  name?: string;
  critical: boolean;
  value: string;
}

/** A CSR with a judgement of it. */
export interface CsrInspection {
  csr: Csr;
  /** Whether the CSR was signed with its own key. `unsupported`: this runtime knows no such algorithm. */
  signature: 'valid' | 'invalid' | 'unsupported';
  findings: Finding[];
}

/** What a CSR is inspected for. */
export interface InspectionContext {
  certType?: CertType | undefined;
  order?: NewOrder | undefined;
}

/** Something to know before sending. */
export interface Finding {
  severity: 'error' | 'warning' | 'info';
  /** Stable, for programs. */
  code: string;
  /** One sentence, for people. */
  message: string;
  /** The field of the input that it is about. */
  field?: string;
  /** The rule that it comes from. */
  source?: string;
}

/** A certificate (RFC 5280). */
export interface Certificate {
  subject: Name;
  issuer: Name;
  /** In hexadecimal. */
  serialNumber: string;
  /** ISO 8601, UTC. */
  notBefore: string;
  /** ISO 8601, UTC. */
  notAfter: string;
  subjectAltNames: SubjectAltNames;
  publicKey: PublicKey;
  signatureAlgorithm: { oid: string; name: string };
  isCa: boolean;
  extensions: Extension[];
  /** SHA-256 of the DER, in hexadecimal. */
  sha256: string;
  pem: string;
}

/** A certificate with its chain, in order. */
export interface Bundle {
  leaf: Certificate;
  /** Each issued the one before it. */
  intermediates: Certificate[];
  root?: Certificate;
  /** All of it, leaf first, root last. */
  pem: string;
  findings: Finding[];
}

/** What a new CSR is to hold. */
export interface CsrRequest {
  subject: Partial<Omit<Name, 'attributes'>>;
  dnsNames: string[];
  /** Default: a new EC key on P-256. */
  key?:
    | { algorithm: 'EC'; curve?: 'P-256' | 'P-384' | undefined }
    | { algorithm: 'RSA'; bits?: 2048 | 3072 | 4096 | undefined }
    | CryptoKeyPair
    | undefined;
}

/** A new CSR and its key. Keep the key: nobody else has it. */
export interface CreatedCsr {
  /** PEM. */
  csr: string;
  privateKey: CryptoKey;
  /** PKCS#8, PEM. */
  privateKeyPem: string;
}

/** What to put where so that control of a domain can be checked (guide 6.1.2). */
export interface DcvInstructions {
  method: DcvMethod;
  domain: string;
  record?: { type: 'CNAME' | 'TXT'; name: string; value: string };
  file?: { url: string; content: string };
  /** The same in words. */
  text: string;
}
