import type {
  Bundle,
  BundleContext,
  Certificate,
  CreatedCsr,
  Csr,
  CsrInspection,
  CsrRequest,
  Encoded,
  InspectionContext,
} from '../types/index.js';
import { withReader } from './reader.js';

/**
 * Reads a certificate signing request. Nothing is sent.
 *
 * @example
 * const csr = await parseCsr(await readFile('example_com.csr', 'utf8'));
 * console.log(csr.subject.commonName, csr.publicKey.bits);
 * @throws ParseError The input is not a CSR; the message says what was expected and where it went wrong.
 */
export function parseCsr(csr: Encoded): Promise<Csr> {
  return withReader((reader) => reader.parseCsr(input(csr)));
}

/**
 * Reads a certificate signing request, verifies its signature and says what an order of it would meet. Nothing is sent.
 *
 * @param context What the CSR is for: more can be said then.
 * @throws ParseError The input is not a CSR.
 *
 * @example
 * const { signature, findings } = await inspectCsr(csr, { certType: 'SSL_OV_BASIC' });
 */
export function inspectCsr(csr: Encoded, context?: InspectionContext): Promise<CsrInspection> {
  return withReader((reader) => reader.inspectCsr(input(csr), context));
}

/**
 * Makes a certificate signing request, and the key for it if none is given (guide 8.3). The key never leaves.
 *
 * @example
 * const { csr, privateKeyPem } = await createCsr({
 *   subject: { commonName: 'example.com', organizationName: 'Example Inc.', country: 'US' },
 *   dnsNames: ['example.com', 'www.example.com'],
 * });
 * @throws ValidationError The request can not become a CSR; `findings` says why.
 */
export function createCsr(request: CsrRequest): Promise<CreatedCsr> {
  return withReader((reader) => reader.createCsr(request));
}

/**
 * Reads a certificate. Nothing is sent.
 *
 * @throws ParseError The input is not a certificate.
 *
 * @example
 * const { notAfter, serialNumber } = await parseCertificate(pem);
 */
export function parseCertificate(certificate: Encoded): Promise<Certificate> {
  return withReader((reader) => reader.parseCertificate(input(certificate)));
}

/**
 * Reads a `pem_all` or `p7b` file, puts its certificates in order, leaf first, root last, and verifies that each was signed
 * by the next. Nothing is sent.
 *
 * @param context What the bundle is held against: more can be said then.
 * @throws ParseError The input holds no certificates.
 *
 * @example
 * const { leaf, intermediates, findings } = await parseBundle(await client.orders.download(id, 'p7b'), { csr });
 */
export function parseBundle(bundle: Encoded, context?: BundleContext): Promise<Bundle> {
  const csr = context?.csr;
  return withReader((reader) => reader.parseBundle(input(bundle), csr === undefined ? undefined : input(csr)));
}

/**
 * Whether two of CSR, certificate and public key hold the same public key. Nothing is sent.
 *
 * @throws ParseError One of them is none of these.
 *
 * @example
 * if (!(await sameKey(csr, certificate))) throw new Error('another key');
 */
export function sameKey(a: Encoded, b: Encoded): Promise<boolean> {
  return withReader((reader) => reader.sameKey(input(a), input(b)));
}

function input(encoded: Encoded): string | Uint8Array {
  if (typeof encoded === 'string') return encoded;
  // By tag and not by instanceof: a test runner may have made it in another realm.
  const isBuffer = Object.prototype.toString.call(encoded) === '[object ArrayBuffer]';
  return isBuffer ? new Uint8Array(encoded as ArrayBuffer) : (encoded as Uint8Array);
}
