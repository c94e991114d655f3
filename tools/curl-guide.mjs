/**
 * Writes docs/guides/curl.md: every call of docs/openapi.yaml, as curl and as this package.
 *
 *   node tools/curl-guide.mjs
 *
 * The calls are made, with the packed package against its sandbox; what is printed for curl is what was sent.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { installInto } from './lib/package.mjs';
import { path } from './lib/project.mjs';
import { Problem } from './lib/run.mjs';
import { described } from './types/description.mjs';

export const page = join('docs', 'guides', 'curl.md');

/** What the calls below are made with. */
const setUp = `import { writeFile } from 'node:fs/promises';
import { CertsClient, createCsr } from 'markmonitor-certs';
import { createSandbox } from 'markmonitor-certs/sandbox';

const sandbox = await createSandbox({ demo: true });
const client = new CertsClient({ auth: sandbox.credentials, fetch: sandbox.fetch });

const [organization] = await client.organizations.list({ name: 'Example' }).toArray();
const [contact] = organization?.contacts ?? [];
const [pending, unwanted] = await client.orders.list({ statuses: ['DIGI_PENDING'] }).toArray();
const [issued, leaked] = await client.orders.list({ statuses: ['DIGI_ISSUED'] }).toArray();
if (!organization || !contact || !pending || !unwanted || !issued || !leaked) throw new Error('The sandbox has all of these.');
const [line] = (await client.orders.history.list(issued)).content;
const { csr } = await createCsr({ subject: { commonName: 'example.com' }, dnsNames: ['example.com'] });
const person = { firstName: 'Ada', lastName: 'Park', jobTitle: 'Engineer', email: 'ada@example.com', phone: '+12085550100' };
const contactTypes = [{ type: 'ORGANIZATION_CONTACT' }];
`;

/** How each call is made, in an order in which they all succeed. */
const calls = {
  'tokens.authenticate': 'await client.tokens.authenticate(); // never needed: each call sees to it',
  'tokens.refresh': 'await client.tokens.refresh(); // likewise',
  'groups.list': 'const groups = await client.groups.list().toArray(); // all pages',
  'organizations.create': `const created = await client.organizations.create({
  name: 'Sample Inc.',
  address1: '1 Main Street',
  city: 'Meridian',
  state: 'Idaho',
  country: 'US',
  zipcode: '83642',
  phone: '+12085550100',
  provider: 'DIGICERT',
  contacts: [{ ...person, provider: 'DIGICERT', contactTypes }],
});`,
  'organizations.get': 'await client.organizations.get(organization.id);',
  'organizations.list':
    "for await (const { name } of client.organizations.list({ name: 'Example' })) console.log(name);",
  'organizations.history.list': 'await client.organizations.history.list(organization);',
  'organizations.history.get': `const [change] = (await client.organizations.history.list(organization)).content;
if (change) await client.organizations.history.get(organization, change.id);`,
  'contacts.create': `const added = await client.contacts.create({
  ...person,
  firstName: 'Grace',
  organizationId: organization.id,
  provider: 'DIGICERT',
  contactTypes,
});`,
  'contacts.get': 'await client.contacts.get(contact.id);',
  'contacts.list': "await client.contacts.list({ email: 'ada@example.com' });",
  'contacts.update': "await client.contacts.update(added.id, { phone: '+12085550101' });",
  'contacts.history.list': 'await client.contacts.history.list(added);',
  'contacts.history.get': `const [edit] = (await client.contacts.history.list(added)).content;
if (edit) await client.contacts.history.get(added, edit.id);`,
  'contacts.delete': 'await client.contacts.delete(added.id);',
  'certs.parse': 'await client.certs.parse([csr]); // or `parseCsr(csr)`, without a request',
  'orders.create': `const order = await client.orders.create({
  organizationId: organization.id,
  contacts: [{ id: contact.id, contactTypes }],
  certType: 'SSL_OV_BASIC',
  locale: 'en',
  provider: 'DIGICERT',
  cert: { commonName: 'example.com', csr, dcvMethod: 'DNS_TXT_TOKEN' },
}); // \`createOnce\` looks first whether it is there`,
  'orders.get': 'await client.orders.get(issued.id); // `waitUntil(issued, …)` looks again and again, within the limit',
  'orders.list':
    "for await (const { id } of client.orders.list({ statuses: ['DIGI_ISSUED'], size: 100 })) console.log(id);",
  'orders.prices': 'await client.orders.prices();',
  'orders.download': "await writeFile('example.p7b', await client.orders.download(issued.id, 'p7b'));",
  'orders.history.list': 'await client.orders.history.list(issued);',
  'orders.history.get': 'if (line) await client.orders.history.get(issued, line.id);',
  'orders.sendDcvEmail': 'await client.orders.sendDcvEmail(pending);',
  'orders.validateDomains': "await client.orders.validateDomains(order, ['example.com']);",
  'orders.updateAdditionalEmails': "await client.orders.updateAdditionalEmails(issued, ['ops@example.com']);",
  'orders.sendCertificateEmail': 'await client.orders.sendCertificateEmail(issued);',
  'orders.reissue': "await client.orders.reissue(issued, { cert: { dnsNames: ['new.example.com'] } });",
  'orders.cancel': 'await client.orders.cancel(unwanted);',
  'orders.revoke': 'await client.orders.revoke(leaked, { permanent: true });',
};

const head = `# From curl

Each call of the service as curl makes it, and as this package does. What you need not write any more: the token and its
renewal, the wait for the rate limit and after a 429, retries and which calls may be repeated, pages, the body \`{}\` that an
action must have, and the check of what you send.

The commands take \`$MARKMONITOR_API_KEY\` and, but for the first, a token in \`$TOKEN\`. Ids are variables too, and so is the
CSR, whose line ends have to be written as \`\\n\` in JSON. The JavaScript is one program, which runs against the sandbox. It
starts with this:

\`\`\`js
${setUp}\`\`\`

Generated from \`docs/openapi.yaml\` by \`node tools/curl-guide.mjs\`; the commands are what the package sent.
`;

const tail = `
## What is left to curl

A call that this package has no name for, with the same token, limit and errors:

\`\`\`js
console.log(await client.request({ service: 'auth', method: 'GET', path: '/group' }));
client.close();
\`\`\`

What a call would send, without sending it: [\`preview\`](recipes.md#see-what-would-be-sent).
`;

/** The section of the vendor's guide for each call, as the table of endpoints has it. */
function guideSections() {
  const table = readFileSync(path('src', 'api', 'endpoints.rs'), 'utf8');
  const rows = table.matchAll(
    /\b(?:get|post|patch|delete)\(\s*"([a-zA-Z.]+)"[^;]*?(?=\n {4}(?:get|post|patch|delete)\(|\n\];)/g,
  );
  return Object.fromEntries([...rows].map(([row, name]) => [name, row.match(/\.guide\("([\d.]+)"\)/)?.[1]]));
}

/** Makes all calls, and returns what each one sent last. */
async function sent() {
  const folder = path('build', 'curl-guide');
  await installInto(folder);
  mkdirSync(folder, { recursive: true });
  const blocks = Object.entries(calls).map(([name, code]) => `globalThis.seen.next('${name}');\n${code}`);
  const recorded = setUp.replace('fetch: sandbox.fetch', 'fetch: globalThis.seen.through(sandbox.fetch)');
  const names = `export const names = { ORGANIZATION: organization.id, CONTACT: contact.id, NEW_CONTACT: added.id, ORDER: issued.id, PENDING_ORDER: pending.id, UNWANTED_ORDER: unwanted.id, LEAKED_ORDER: leaked.id, NEW_ORDER: order.id, CHANGE: change.id, EDIT: edit.id, LINE: line.id };\nexport const texts = { CSR: csr, ...sandbox.credentials };`;
  const file = join(folder, 'calls.mjs');
  writeFileSync(
    file,
    [recorded.replace("'node:fs/promises'", "'./nowhere.mjs'"), ...blocks, names, 'client.close();\n'].join('\n'),
  );
  writeFileSync(join(folder, 'nowhere.mjs'), 'export const writeFile = async () => {};\n');
  const requests = {};
  let current;
  globalThis.seen = {
    next: (name) => {
      current = name;
    },
    through: (fetch) => (url, init) => {
      if (current && (current.startsWith('tokens.') || !/\/auth\/(authenticate|refresh)$/.test(`${url}`))) {
        requests[current] = { url: `${url}`, ...init };
      }
      return fetch(url, init);
    },
  };
  const { names: ids, texts } = await import(`${pathToFileURL(file).href}?${Date.now()}`);
  return { requests, ids, texts };
}

/** A request as a command for a shell. */
function asCurl({ method, url, headers, body }, { ids, texts }) {
  const variables = [
    ...Object.entries(ids),
    ['MARKMONITOR_API_KEY', texts.apiKey],
    ['MARKMONITOR_USERNAME', texts.username],
    ['MARKMONITOR_PASSWORD', texts.password],
  ];
  const named = (text) => variables.reduce((so, [name, value]) => so.replaceAll(value, `$${name}`), text);
  const lines = [];
  lines.push(`curl${method === 'GET' ? '' : ` -X ${method}`} ${quoted(named(url))}`);
  for (const [name, value] of new Headers(headers)) {
    const shown = name === 'authorization' ? 'Bearer $TOKEN' : named(value);
    if (['accept', 'authorization', 'content-type', 'x-api-key'].includes(name))
      lines.push(`-H ${quoted(`${name}: ${shown}`)}`);
  }
  if (body !== undefined && body !== null) lines.push(`-d ${data(`${body}`, named, texts)}`);
  return lines.join(' \\\n  ');
}

const quoted = (text) => (/[$]/.test(text) ? `"${text}"` : `'${text}'`);

/** JSON in single quotes; a variable stands outside of them. */
function data(body, named, { CSR }) {
  const shown = JSON.parse(body, (_, value) =>
    typeof value === 'string' && value.trim() === CSR.trim() ? '$CSR' : value,
  );
  const text = JSON.stringify(shown, null, 2).replace(/\n\s*/g, (space) => (body.length > 120 ? `${space}  ` : ' '));
  return `'${named(text).replace(/\$[A-Z_]+/g, (name) => `'"${name}"'`)}'`;
}

/** The page as it has to be. */
export async function curlGuide() {
  const made = await sent();
  const sections = guideSections();
  const known = new Set(described.map(({ operation }) => operation.operationId));
  const missing = [...known].filter((name) => !calls[name]);
  const gone = Object.keys(calls).filter((name) => !known.has(name));
  if (missing.length + gone.length > 0) {
    throw new Problem(
      `tools/curl-guide.mjs lacks ${missing.join(', ') || 'nothing'}, and has ${gone.join(', ') || 'none'} that docs/openapi.yaml lacks.`,
    );
  }
  const parts = Object.entries(calls).map(([name, code]) => {
    const { operation } = described.find(({ operation: { operationId } }) => operationId === name);
    const source = sections[name] ? ` (guide ${sections[name]})` : '';
    const guess = operation['x-inferred'] ? ' A part of the request is *inferred*.' : '';
    return `\n## ${operation.summary}\n\n\`client.${name}\`${source}.${guess}\n\n\`\`\`sh\n${asCurl(made.requests[name], made)}\n\`\`\`\n\n\`\`\`js\n${code}\n\`\`\`\n`;
  });
  return [head, ...parts, tail].join('');
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  writeFileSync(path(page), await curlGuide());
  console.log(`Written to ${page}`);
}
