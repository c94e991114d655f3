import type { CertType, Name } from '../generated/models.js';
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
  CsrInspection,
  DcvFile,
  DcvInstructions,
  DcvRecord,
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
