import type { Bundle as ReadBundle } from '../generated/core.js';
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
} from '../types/pki.js';
import type { Input } from '../wasm/exports.js';
import { pkiLoader } from '../wasm/pki.js';

/**
 * Reads a certificate signing request. Nothing is sent.
 *
 * @example
 * const csr = await parseCsr(await readFile('example_com.csr', 'utf8'));
 * console.log(csr.subject.commonName, csr.publicKey.bits);
 * @throws ParseError The input is not a CSR; the message says what was expected and where it went wrong.
 */
export async function parseCsr(csr: Encoded): Promise<Csr> {
  return await pkiLoader().use((reader) => reader.parseCsr(input(csr)));
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
export async function inspectCsr(csr: Encoded, context?: InspectionContext): Promise<CsrInspection> {
  return await pkiLoader().call((reader, done) => reader.inspectCsr(input(csr), context, done));
}

/**
 * Makes a certificate signing request, and the key for it if none is given (guide 8.3). The key never leaves.
 *
 * @example
 * const { csr, privateKeyPem } = await createCsr({
 *   subject: { commonName: 'example.com', organizationName: 'Example Inc.', country: 'US' },
 *   dnsNames: ['example.com', 'www.example.com'],
 * });
 * @throws ValidationError The request cannot become a CSR; `findings` says why.
 */
export async function createCsr(request: CsrRequest): Promise<CreatedCsr> {
  return await pkiLoader().call((reader, done) => reader.createCsr(request, done));
}

/**
 * Reads a certificate. Nothing is sent.
 *
 * @throws ParseError The input is not a certificate.
 *
 * @example
 * const { notAfter, serialNumber } = await parseCertificate(pem);
 */
export async function parseCertificate(certificate: Encoded): Promise<Certificate> {
  return await pkiLoader().use((reader) => reader.parseCertificate(input(certificate)));
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
export async function parseBundle(bundle: Encoded, context?: BundleContext): Promise<Bundle> {
  const against = context?.csr === undefined ? context : { ...context, csr: input(context.csr) };
  const read = await pkiLoader().call<ReadBundle>((reader, done) => reader.parseBundle(input(bundle), against, done));
  // By its former name too; not enumerable, so that no copy of it holds the certificates twice.
  return Object.defineProperty(read as Bundle, 'strangers', { value: read.unrelated });
}

/**
 * Whether two of CSR, certificate and public key hold the same public key. Nothing is sent.
 *
 * @throws ParseError One of them is none of these.
 *
 * @example
 * if (!(await sameKey(csr, certificate))) throw new Error('another key');
 */
export async function sameKey(a: Encoded, b: Encoded): Promise<boolean> {
  return await pkiLoader().use((reader) => reader.sameKey(input(a), input(b)));
}

function input(encoded: Encoded): Input {
  if (typeof encoded === 'string') return encoded;
  // By tag and not by instanceof: a test runner may have made it in another realm.
  const isBuffer = Object.prototype.toString.call(encoded) === '[object ArrayBuffer]';
  return isBuffer ? new Uint8Array(encoded as ArrayBuffer) : (encoded as Uint8Array);
}
