import type { CsrInspection } from 'markmonitor-certs';

/** An inspection as text, for a ticket or a mail. */
export function asText({ csr, signature, findings }: CsrInspection): string {
  const { subject, subjectAltNames, publicKey, signatureAlgorithm } = csr;
  const names = [...subjectAltNames.dns, ...subjectAltNames.ip, ...subjectAltNames.email, ...subjectAltNames.uri];
  const lines = [
    ...subject.attributes.map(({ name, oid, value }) => `${name ?? oid}: ${value}`),
    `alternative names: ${names.join(', ') || 'none'}`,
    `key: ${[publicKey.algorithm, publicKey.curve, publicKey.bits && `${publicKey.bits} bits`].filter(Boolean).join(' ')}`,
    `key SHA-256: ${publicKey.spkiSha256}`,
    `signature: ${signatureAlgorithm.name}, ${signature}`,
    ...findings.map(({ severity, message, source }) => `${severity}: ${message}${source ? ` (${source})` : ''}`),
  ];
  return `${lines.join('\n')}\n`;
}
