import type { CertType, Csr, DcvMethod, Finding, Name } from '../generated/models.js';
import type { NewOrder } from './inputs.js';
import type { Key } from './platform.js';

/** PEM, base64 or DER. */
export type Encoded = string | Uint8Array | ArrayBuffer;

// What is read stands in Rust (src/pki), once.
export type {
  Bundle,
  Certificate,
  Csr,
  CsrAttribute,
  Extension,
  Finding,
  InternationalName,
  Name,
  NameAttribute,
  PublicKey,
  Severity,
  SignatureAlgorithm,
  StringType,
  SubjectAltNames,
} from '../generated/models.js';

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

/** What to put where so that control of a domain can be checked (guide 6.1.2). */
export interface DcvInstructions {
  method: DcvMethod;
  domain: string;
  record?: { type: 'CNAME' | 'TXT'; name: string; value: string };
  file?: { url: string; content: string };
  /** The same in words. */
  text: string;
}
