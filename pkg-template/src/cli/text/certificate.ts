/** Requests and certificates as text, in the layout of `step certificate inspect` and `openssl x509 -text`. */
import type { Bundle, Certificate, Csr, CsrInspection, Extension, Name, PublicKey } from 'markmonitor-certs';
import { clean } from '../output.js';

const short: Readonly<Record<string, string>> = {
  commonName: 'CN',
  organizationName: 'O',
  organizationalUnitName: 'OU',
  organizationalUnit: 'OU',
  localityName: 'L',
  locality: 'L',
  stateOrProvinceName: 'ST',
  state: 'ST',
  countryName: 'C',
  country: 'C',
};

/** A distinguished name on one line. Values are as they came, with what would break the line escaped. */
export function nameLine({ attributes }: Name): string {
  return attributes.map(({ oid, name, value }) => `${short[name ?? ''] ?? name ?? oid}=${clean(value)}`).join(', ');
}

export function csrLines({ csr, signature }: CsrInspection): string[] {
  return [
    'Certificate Request:',
    '    Data:',
    `        Version: ${csr.version + 1} (0x${csr.version.toString(16)})`,
    `        Subject: ${nameLine(csr.subject)}`,
    ...keyLines(csr.publicKey),
    ...requestedLines(csr),
    `    Signature Algorithm: ${clean(csr.signatureAlgorithm.name)}`,
    `    Signature: ${signature}`,
  ];
}

function requestedLines({ attributes, extensions }: Csr): string[] {
  const others = attributes.map(({ name, oid }) => name ?? oid).filter((name) => name !== 'extensionRequest');
  return [
    ...(others.length === 0 ? [] : [`        Attributes: ${others.map(clean).join(', ')}`]),
    ...extensionLines('Requested Extensions', extensions),
  ];
}

export function certificateLines(certificate: Certificate): string[] {
  const { version, serialNumber, signatureAlgorithm, issuer, notBefore, notAfter, subject, publicKey } = certificate;
  return [
    'Certificate:',
    '    Data:',
    `        Version: ${version + 1} (0x${version.toString(16)})`,
    `        Serial Number: ${clean(serialNumber)}`,
    `    Signature Algorithm: ${clean(signatureAlgorithm.name)}`,
    `        Issuer: ${nameLine(issuer)}`,
    '        Validity',
    `            Not Before: ${clean(notBefore)}`,
    `            Not After : ${clean(notAfter)}`,
    `        Subject: ${nameLine(subject)}`,
    ...keyLines(publicKey),
    ...extensionLines('X509v3 extensions', certificate.extensions),
    `    SHA-256 Fingerprint: ${certificate.sha256}`,
    `    SHA-1 Fingerprint: ${certificate.sha1}`,
  ];
}

/** The leaf whole, and of the others a line each. */
export function bundleLines({ leaf, intermediates, root, unrelated }: Bundle): string[] {
  const rest = [...intermediates, ...(root ? [root] : [])];
  const line = (one: Certificate) => `    ${nameLine(one.subject)} (until ${clean(one.notAfter)})`;
  return [
    ...certificateLines(leaf),
    ...(rest.length === 0 ? [] : ['Chain:', ...rest.map(line)]),
    ...(unrelated.length === 0 ? [] : ['Unrelated certificates:', ...unrelated.map(line)]),
  ];
}

function keyLines({ algorithm, bits, curve, exponent, spkiSha256 }: PublicKey): string[] {
  const indent = '                ';
  return [
    '        Subject Public Key Info:',
    `            Public Key Algorithm: ${clean(algorithm)}`,
    ...(bits === undefined ? [] : [`${indent}Public-Key: (${bits} bit)`]),
    ...(curve === undefined ? [] : [`${indent}Curve: ${clean(curve)}`]),
    ...(exponent === undefined ? [] : [`${indent}Exponent: ${clean(exponent)}`]),
    `${indent}SHA-256: ${spkiSha256}`,
  ];
}

function extensionLines(heading: string, extensions: readonly Extension[]): string[] {
  if (extensions.length === 0) return [];
  const lines = extensions.flatMap(({ oid, name, critical, value }) => [
    `            ${clean(name ?? oid)}:${critical ? ' critical' : ''}`,
    ...value.split('\n').map((line) => `                ${clean(line)}`),
  ]);
  return [`        ${heading}:`, ...lines];
}
