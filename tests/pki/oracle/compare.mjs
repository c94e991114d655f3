/**
 * Our reading of a request compared with OpenSSL's and pyca's. Each function returns the differences as sentences.
 *
 * A difference is a failure unless `reasons` below has the reason why ours is the one to keep.
 */
/** Signatures that WebCrypto cannot check, by the name of what it lacks. */
const unsupported =
  /md5|md4|ripemd|sha224|sha3|dsa_with|dsaWith|SM2|SM3|Ed448|GOST|ML-DSA|secp(160|192|224|256k)|prime192|P-192|P-224|brainpool|sect|^1\.2\.3\.4$/i;

/**
 * What OpenSSL says of a file, from what its commands print. It accepts what it can say the subject of.
 */
export function readOpenssl({ subject, text: { stdout: text }, verify, key }) {
  if (!subject.stdout.startsWith('subject=')) {
    return { accepted: false, reason: subject.stderr.split(':').slice(5, 7).join(': ') || `status ${subject.status}` };
  }
  const blocks = [...text.matchAll(/X509v3 Subject Alternative Name:[^\n]*\n\s*([^\n]*)/g)].map((match) => match[1]);
  const kinds = 'DNS|IP Address|email|URI|Registered ID|DirName|othername|EdiPartyName';
  const list = (kind) =>
    blocks.flatMap((names) =>
      [...names.matchAll(new RegExp(`(?:^|, )${kind}:((?:(?!, (?:${kinds}):).)*)`, 'g'))].map((match) => match[1]),
    );
  return {
    accepted: true,
    subject: subjectLines(subject.stdout),
    names: { dns: list('DNS'), ip: list('IP Address').map(address), email: list('email'), uri: list('URI') },
    publicKey: key.stdout.includes('BEGIN PUBLIC KEY') ? key.stdout : undefined,
    bits: Number(/Public-Key: \((\d+) bit\)/.exec(text)?.[1]) || undefined,
    signature: /verify OK/.test(verify.stderr + verify.stdout) ? 'valid' : 'invalid',
    hasDump: blocks.some((names) => !new RegExp(`^(${kinds}):`).test(names)),
    // It stops in the middle of what it cannot print.
    isWhole: text.includes('Signature Algorithm'),
  };
}

/** With -nameopt sep_multiline,oid,utf8,space_eq: an attribute a line, and those that share an RDN joined by a plus. */
function subjectLines(text) {
  const block = /^subject=\n?((?: {4}.*\n)*)/.exec(text)?.[1] ?? '';
  return block
    .split('\n')
    .map((line) => line.slice(4))
    .filter(Boolean);
}

/** OpenSSL writes IPv6 in full. */
function address(text) {
  if (!text.includes(':')) return text;
  return new URL(`http://[${text}]`).hostname.slice(1, -1);
}

/** Our subject in the form that OpenSSL prints. */
function ourSubjectLines(subject) {
  const lines = [];
  let previous;
  for (const { oid, value, rdn } of subject.attributes) {
    const text = `${oid} = ${value}`;
    if (rdn === previous) lines[lines.length - 1] += ` + ${text}`;
    else lines.push(text);
    previous = rdn;
  }
  return lines;
}

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
const differs = (what, ours, theirs, whose) =>
  same(ours, theirs) ? [] : [`${what}: ours ${JSON.stringify(ours)}, ${whose} ${JSON.stringify(theirs)}`];

/** Text that all three print differently by their own choice: control characters, and what is not text. */
const isPlain = (inspection) =>
  inspection.csr.subject.attributes.every(
    ({ stringType, value }) => stringType !== 'other' && !/[\p{Cc}\uFFFD]/u.test(value),
  ) && !inspection.findings.some(({ code }) => code === 'subject_malformed_text');

/** `sameKey` is the reader's: keys may be encoded in more than one way. */
export function againstOpenssl(ours, theirs, sameKey) {
  if (!theirs.accepted) {
    if (ours.error || ours.findings.some(({ severity }) => severity !== 'info')) return [];
    return [`accepted: ours without a word, OpenSSL not (${theirs.reason})`];
  }
  if (ours.error) return [`accepted: ours no (${ours.error.message}), OpenSSL yes`];
  const { csr, signature } = ours;
  const differences = [];
  if (isPlain(ours)) differences.push(...differs('subject', ourSubjectLines(csr.subject), theirs.subject, 'OpenSSL'));
  if (theirs.isWhole) {
    for (const kind of ['dns', 'ip', 'email', 'uri']) {
      // It prints octets that are not UTF-8 as they are, and an extension that it cannot decode as a dump.
      if (theirs.names[kind].join().includes('\uFFFD') || theirs.hasDump) continue;
      differences.push(...differs(kind, csr.subjectAltNames[kind], theirs.names[kind], 'OpenSSL'));
    }
  }
  if (theirs.publicKey && !sameKey(csr.pem, theirs.publicKey)) differences.push('key: ours is not OpenSSL’s');
  if (theirs.bits && csr.publicKey.bits)
    differences.push(...differs('bits', csr.publicKey.bits, theirs.bits, 'OpenSSL'));
  if (signature === 'unsupported') {
    const algorithm = `${csr.signatureAlgorithm.name} ${csr.publicKey.curve ?? ''} ${csr.publicKey.algorithm}`;
    if (theirs.signature === 'valid' && !unsupported.test(algorithm)) {
      differences.push(`signature: ours unsupported for ${algorithm}, OpenSSL ${theirs.signature}`);
    }
  } else {
    differences.push(...differs('signature', signature, theirs.signature, 'OpenSSL'));
  }
  return differences;
}

export function againstPyca(ours, theirs, sameKey) {
  // It is stricter than OpenSSL in a dozen places; what it refuses says nothing about us.
  if (theirs.error) return [];
  if (ours.error) return [`accepted: ours no (${ours.error.message}), pyca yes`];
  const { csr } = ours;
  const differences = [];
  if (isPlain(ours)) {
    const subject = csr.subject.attributes.map(({ oid, value }) => [oid, value]);
    differences.push(...differs('subject', subject, theirs.subject, 'pyca'));
  }
  for (const kind of ['dns', 'ip', 'email', 'uri']) {
    differences.push(...differs(kind, csr.subjectAltNames[kind], theirs.names[kind], 'pyca'));
  }
  if (!sameKey(csr.pem, theirs.publicKey)) differences.push('key: ours is not pyca’s');
  return differences;
}

/** The differences that stay, each with the reason why ours is the one to keep. docs/pki.md lists them. */
export const reasons = [
  {
    label: /^san-ip-(short|mask)/,
    difference: /^ip:/,
    reason:
      'An iPAddress of another length than 4 or 16 octets is not an address; each tool shows the octets in its own way, ours says so in a finding.',
  },
  {
    label: /^attr-twice$/,
    difference: /^dns:.*OpenSSL/,
    reason: 'Of two attributes that ask for extensions, OpenSSL reads the first only; ours reads both and says so.',
  },
  {
    label: /^mutated-ext-/,
    difference: /^dns: ours \["example.com"\], OpenSSL \[\]$/,
    reason:
      'Beside an extension that cannot be read, OpenSSL reads none; ours reads the others, and says that one is malformed.',
  },
  {
    label: /^pss-mixed-mask$/,
    difference: /^signature: ours unsupported/,
    reason: 'WebCrypto has no PSS whose mask uses another hash than the message.',
  },
];
