// What a user writes: it has to compile in every configuration.
import {
  ApiError,
  asn1Tree,
  CertsClient,
  type CertType,
  type Contact,
  type CsrRequest,
  createCsr,
  type Finding,
  init,
  inspectAll,
  type NewOrder,
  type Order,
  parseCsr,
  RateLimitError,
  responseOf,
  type TokenStore,
  toPkcs12,
  ValidationError,
  WaitError,
} from 'markmonitor-certs';
import { createSandbox } from 'markmonitor-certs/sandbox';

const tokenStore: TokenStore = { get: async () => undefined, set: () => {} };

export async function use(input: string, signal: AbortSignal | undefined): Promise<string[]> {
  const sandbox = await createSandbox({ seed: 1, now: new Date(), autoAdvance: true, rateLimit: false });
  const client = new CertsClient({
    auth: { apiKey: async () => 'key', username: 'user', password: 'word', tokenStore },
    fetch: sandbox.fetch,
    rateLimit: { limit: 50, scope: 'client' },
  });
  const stop = client.on('retry', ({ delayMs, reason }) => [delayMs.toFixed(), reason.trim()]);

  const csr = await parseCsr(new TextEncoder().encode(input));
  const { privateKeyPem } = await createCsr({ subject: { commonName: 'example.com' }, dnsNames: [] });
  const renewed = await createCsr({ like: csr, key: { pem: privateKeyPem, password: 'secret' }, hash: 'SHA-384' });
  const subject = { organizationalUnit: ['A', 'B'], jurisdictionCountry: 'US' };
  const more: CsrRequest = {
    subject,
    dnsNames: [],
    ipAddresses: ['8.8.8.8'],
    keyUsage: ['digitalSignature'],
    mustStaple: true,
  };
  await createCsr({ ...more, key: renewed.privateKey, privateKeyPassword: 'secret', check: false });
  const file: Uint8Array = await toPkcs12({ certificate: csr, key: renewed.privateKey, password: 'secret' });
  const [tree] = await asn1Tree(renewed.der);
  for (const found of await inspectAll([input, renewed.der])) {
    const words: string[] =
      found.kind === 'csr'
        ? found.inspection.csr.subjectAltNames.dns
        : [found.kind === 'bundle' ? found.bundle.leaf.notAfter : found.error.message];
    words.push(input.slice(found.start, found.end));
  }
  const offset: number | undefined = tree?.children?.[0]?.offset;
  const order: NewOrder = {
    organizationId: 'id',
    contacts: [{ id: 'id', contactTypes: [{ type: 'ORGANIZATION_CONTACT' }] }],
    certType: 'SSL_OV_BASIC',
    locale: 'en',
    provider: 'DIGICERT',
    cert: { commonName: csr.subject.commonName ?? '', csr: csr.pem },
  };
  // A signal that may be undefined is passed as it is, even with exactOptionalPropertyTypes.
  const created: Order = await client.orders.create(order, { signal, check: false });
  const issued = await client.orders.waitUntil(created, 'issued', { maxWait: 1_000, onPoll: ({ status }) => status });
  const status: string = issued.status;
  const until: string | undefined = issued.cert?.dateValidUntil ?? undefined;
  const unknownField: unknown = issued.fieldOfTomorrow;

  const page = await client.orders.list({ statuses: ['DIGI_ISSUED', 'STATUS_OF_TOMORROW'], validUntil: new Date() });
  client.on('warning', ({ code, message }) => (code === 'rate_limit_differs' ? message.trim() : ''));
  const takesMs: number | undefined = client.rateLimit.estimate(500, { lane: 'report', priority: 'low' });
  for await (const { id } of client.organizations.list({ name: 'Example' }, { lane: 'report' })) id.toUpperCase();
  const some: Order[] = await client.orders.list().toArray({ limit: 3 });
  const bytes: Uint8Array = await client.orders.download('id', 'pem_all');
  const { leaf, root } = await client.orders.certificate(issued);
  await client.orders.revoke(issued, { permanent: true });
  const groups = await client.request<{ groups: { id: string }[] }>({ service: 'auth', method: 'GET', path: '/group' });
  const [group] = await client.groups.list({ size: 10 }).toArray({ limit: 1 });
  stop();
  client[Symbol.dispose]();
  return [
    ...[privateKeyPem, status, until, unknownField, leaf.notAfter, root?.sha256].map(String),
    ...groups.groups.map(({ id }) => id),
    `${group?.name} ${client.rateLimit.state?.used} ${takesMs} ${file.length} ${offset}`,
    `${page.page.totalElements} ${some.length} ${bytes.byteLength} ${responseOf(page)?.headers.get('date')}`,
  ];
}

export function explain(error: unknown): string {
  if (error instanceof RateLimitError) return `${error.retryAfterMs ?? 0}`;
  if (error instanceof ApiError) return `${error.status} ${error.problems[0]?.field} ${error.mayHaveBeenApplied}`;
  if (error instanceof ValidationError) return error.findings.map(({ message }) => message).join();
  if (error instanceof WaitError) return `${error.reason} ${error.last?.status}`;
  return String(error);
}

export const typeOfTomorrow: CertType = 'SSL_XV_NEW';

/** Either wasm from anywhere, and `core.wasm` without its name. */
export async function load(bytes: Uint8Array, pki: URL | undefined): Promise<void> {
  await init();
  await init(bytes);
  await init({ core: bytes.buffer, pki });
}

/** What was received goes back as it is, and wherever an id is wanted there may be the thing. */
export async function handBack(client: CertsClient, contact: Contact, orders: Order[]): Promise<void> {
  await client.contacts.update(contact.id, contact);
  for await (const { id, error } of client.orders.waitUntilAll(
    orders.map(({ id }) => id),
    'reissued',
  )) {
    console.log(id, error?.reason);
  }
  const [order] = orders;
  const [person] = order?.contacts ?? [];
  if (!order || !person) return;
  await client.contacts.get(person);
  for await (const { status } of client.orders.watch(order)) console.log(status);
  for await (const { text } of client.orders.history.list(order)) console.log(text);
}

/** A cause that is not in the table is a compile error. */
export const advice = (finding: Finding): string => (finding.code === 'unknown_option' ? 'misspelt' : finding.message);
