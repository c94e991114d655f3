import type { Bundle as ReadBundle } from '../generated/core.js';
import type { Bytes } from '../types/open.js';
import type {
  Asn1Node,
  Bundle,
  BundleContext,
  Certificate,
  CreatedCsr,
  Csr,
  CsrInspection,
  CsrLike,
  CsrRequest,
  Encoded,
  FileLike,
  Found,
  InspectionContext,
  Pkcs12Contents,
} from '../types/pki.js';
import { pkiLoader } from '../wasm/pki.js';
import { copied } from './copied.js';
import { judge, judging } from './judging.js';
import { creation, parts } from './parts.js';
import { concluded } from './signatures.js';

/**
 * Reads a certificate signing request. Nothing is sent.
 *
 * @example
 * const csr = await parseCsr(await readFile('example_com.csr', 'utf8'));
 * console.log(csr.subject.commonName, csr.publicKey.bits);
 * @throws ParseError The input is not a CSR; the message says what was expected and where it went wrong.
 */
export async function parseCsr(csr: Encoded): Promise<Csr> {
  return await pkiLoader().use((reader) => reader.parseCsr(csr));
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
  const against = copied(context);
  return await judge((reader) => reader.inspectCsr(csr, against));
}

/**
 * Makes a certificate signing request, and the key for it if none is given (guide 8.3). The key never leaves.
 *
 * Names are taken as people type them: white space around them goes, `bücher.example` becomes `xn--bcher-kva.example`, an IP
 * address among the DNS names an iPAddress. What `inspectCsr` would call an error is refused, unless `check` is false.
 *
 * @example
 * const { csr, privateKeyPem } = await createCsr({
 *   subject: { commonName: 'example.com', organizationName: 'Example Inc.', country: 'US' },
 *   dnsNames: ['example.com', 'www.example.com'],
 * });
 * @example
 * // The renewal of a certificate, with a key in a file.
 * const { csr } = await createCsr({ like: certificatePem, key: { pem: keyPem, password } });
 * @throws ValidationError The request cannot become a CSR; `findings` says why, and never holds any of a key.
 * @throws ParseError `like` is neither a certificate nor a CSR.
 */
export async function createCsr(request: CsrRequest | CsrLike): Promise<CreatedCsr> {
  const wanted = copied(request);
  const { createCsr } = await creation();
  return await judging((reader) => createCsr(reader, wanted));
}

/**
 * Puts a certificate, its chain and its private key into a PKCS #12 file (`.pfx`, `.p12`), as IIS and Java import it. Key and
 * certificates are encrypted with AES-256 (PBES2, PBKDF2 with SHA-256), the whole is authenticated with HMAC-SHA256. Windows
 * reads such files since Server 2019 and version 1709, Java since 8u301. Nothing is sent.
 *
 * @example
 * const { pem } = await client.orders.certificate(order); // leaf, intermediates, root
 * await writeFile('example.pfx', await toPkcs12({ certificate: pem, key: privateKeyPem, password }));
 * @throws ValidationError The key cannot be read, or none of the certificates is for it; `findings` says why.
 * @throws ParseError `certificate` or `chain` holds something else than certificates.
 */
export async function toPkcs12(contents: Pkcs12Contents): Promise<Bytes> {
  const wanted = copied(contents);
  const { toPkcs12 } = parts.creation ?? (await creation());
  return await pkiLoader().call((reader) => toPkcs12(reader, wanted));
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
  return await pkiLoader().use((reader) => reader.parseCertificate(certificate));
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
  const against = copied(context);
  const read = await judge<ReadBundle>((reader) => reader.parseBundle(bundle, against));
  return withFormerName(read);
}

/** By its former name too; not enumerable, so that no copy of it holds the certificates twice. */
function withFormerName(bundle: ReadBundle): Bundle {
  return Object.defineProperty(bundle as Bundle, 'strangers', { value: bundle.unrelated });
}

/**
 * Reads everything in a paste or in files: each CSR is inspected, certificates that follow one another are a bundle, and what
 * cannot be read is named, with its place. Nothing is sent.
 *
 * Where several leaves are among certificates that follow one another, each is a bundle with those that it needs. An input
 * with a private key in it is refused as a whole, and the others are read.
 *
 * @param given A text, a file, or several of them; a `Blob` or a `File` as well.
 * @throws ParseError What is given is none of these. What cannot be read is in the result, with its `error`.
 *
 * @example
 * for (const found of await inspectAll(await readFile('everything.pem', 'utf8'))) {
 *   if (found.kind === 'csr') console.log(found.start, found.inspection.csr.subject.commonName);
 *   else if (found.kind === 'bundle') console.log(found.start, found.bundle.leaf.notAfter);
 *   else console.log(found.start, found.error.message);
 * }
 */
export async function inspectAll(given: Encoded | FileLike | readonly (Encoded | FileLike)[]): Promise<Found[]> {
  const all = Array.isArray(given) ? (given as readonly (Encoded | FileLike)[]) : [given as Encoded | FileLike];
  const inputs = await Promise.all(all.map(contentOf));
  const found = await judging((reader) => concluded(reader.inspectAll(inputs)));
  for (const one of found) if (one.kind === 'bundle') withFormerName(one.bundle);
  return found as Found[];
}

async function contentOf(given: Encoded | FileLike): Promise<Encoded> {
  const isFile = typeof (given as FileLike | undefined)?.arrayBuffer === 'function';
  return isFile ? await (given as FileLike).arrayBuffer() : (given as Encoded);
}

/**
 * Whether two of CSR, certificate and public key hold the same public key. Nothing is sent.
 *
 * @throws ParseError One of them is not one of these.
 *
 * @example
 * if (!(await sameKey(csr, certificate))) throw new Error('another key');
 */
export async function sameKey(a: Encoded, b: Encoded): Promise<boolean> {
  return await pkiLoader().use((reader) => reader.sameKey(a, b));
}

/**
 * The structure of a CSR, a certificate or a bundle as it is encoded: tag, offset, length, value, and what the definition calls
 * the field. One tree for each PEM block, and for each element that follows another. Nothing is sent.
 *
 * What cannot be read is a node with an `error`. A private key is refused, and the value of a challengePassword not shown.
 *
 * @throws ParseError The input is neither PEM, base64 nor DER.
 *
 * @example
 * const show = ({ name = '', tag, offset, value = '', children = [] }, indent = '') => {
 *   console.log(`${offset} ${indent}${name} ${tag} ${value}`);
 *   for (const child of children) show(child, `${indent}  `);
 * };
 * for (const tree of await asn1Tree(csr)) show(tree);
 */
export async function asn1Tree(encoded: Encoded): Promise<Asn1Node[]> {
  return await pkiLoader().use((reader) => reader.asn1Tree(encoded));
}
