/** Reading of requests with @peculiar/x509, for the measurements that compare with it. */
import { createHash } from 'node:crypto';

const subjectAltName = '2.5.29.17';
const hex = (bytes) => Buffer.from(bytes).toString('hex');

/**
 * A function that reads a request to all fields: subject, names, key with its SHA-256, algorithm, extensions, attributes
 * and the PEM, which is what `parseCsr` returns.
 *
 * @param {typeof import('@peculiar/x509')} x509 the library, which each measurement installs for itself
 */
export const peculiarReader = (x509) => (text) => {
  const csr = new x509.Pkcs10CertificateRequest(text);
  const san = csr.extensions.find(({ type }) => type === subjectAltName);
  const names = san ? new x509.SubjectAlternativeNameExtension(san.rawData).names.toJSON() : [];
  return {
    cn: csr.subjectName.getField('CN')[0],
    names: names.filter(({ type }) => type === 'dns').map(({ value }) => value),
    key: createHash('sha256').update(Buffer.from(csr.publicKey.rawData)).digest('hex'),
    subject: csr.subjectName.toJSON(),
    algorithms: [csr.publicKey.algorithm, csr.signatureAlgorithm],
    extensions: csr.extensions.map(({ type, critical, value }) => ({ type, critical, value: hex(value) })),
    attributes: csr.attributes.map(({ type }) => type),
    pem: csr.toString('pem'),
  };
};
