/** Findings as SARIF 2.1.0 (OASIS), which code hosts and editors show beside a file. */
import type { Finding, Severity } from 'markmonitor-certs';
import { version } from 'markmonitor-certs';

/** A finding, and where its subject is in which file. */
export interface Located {
  readonly finding: Pick<Finding, 'severity' | 'message' | 'field' | 'source'> & { readonly code: string };
  readonly file: string;
  readonly start?: number;
  readonly end?: number;
}

const levels: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'note' };

export function sarif(located: readonly Located[]): object {
  const codes = [...new Set(located.map(({ finding }) => finding.code))].sort();
  const sourceOf = (code: string) => located.find(({ finding }) => finding.code === code)?.finding.source;
  const rules = codes.map((code) => {
    const source = sourceOf(code);
    return { id: code, ...(source && { help: { text: source } }) };
  });
  const driver = { name: 'markmonitor-certs', version, semanticVersion: version, rules };
  const results = located.map((one) => resultOf(one, codes));
  const schema = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';
  return { $schema: schema, version: '2.1.0', runs: [{ tool: { driver }, columnKind: 'utf16CodeUnits', results }] };
}

function resultOf({ finding, file, start, end }: Located, codes: readonly string[]): object {
  const { code, severity, message, field } = finding;
  // A file is given as bytes, so places are bytes.
  const region =
    start === undefined || end === undefined ? {} : { region: { byteOffset: start, byteLength: end - start } };
  const physicalLocation = { artifactLocation: { uri: file === '-' ? 'stdin' : uriOf(file) }, ...region };
  return {
    ruleId: code,
    ruleIndex: codes.indexOf(code),
    level: levels[severity],
    message: { text: message },
    locations: [{ physicalLocation, ...(field && { logicalLocations: [{ fullyQualifiedName: field }] }) }],
  };
}

/** A relative reference of RFC 3986, or a file URL. */
function uriOf(file: string): string {
  const path = file.replaceAll('\\', '/').split('/').map(encodeURIComponent).join('/');
  return path.startsWith('/') ? `file://${path}` : path;
}
