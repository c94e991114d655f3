/** Clients and bodies that scenarios share. Runs in Node and in pages. */

/** A client of a sandbox server, or of a new sandbox in memory when there are no options. */
export async function newClient({ api, sandbox }, options, more = {}) {
  if (options) return { client: new api.CertsClient({ ...options, dangerouslyAllowBrowser: true, ...more }) };
  const service = await sandbox.createSandbox({ autoAdvance: true });
  const { credentials: auth, fetch } = service;
  return { client: new api.CertsClient({ auth, fetch, dangerouslyAllowBrowser: true, ...more }), service };
}

/** A contact, without the organization that it will belong to. */
export const person = (...types) => ({
  firstName: 'Ada',
  lastName: 'Example',
  jobTitle: 'Head of Certificates',
  email: 'ada@example.com',
  phone: '+1 208 555 0100',
  provider: 'DIGICERT',
  contactTypes: (types.length ? types : ['ORGANIZATION_CONTACT']).map((type) => ({ type })),
});

/** An organization with its contact. */
export const organization = () => ({
  name: 'Example Inc.',
  address1: '1 Main Street',
  city: 'Meridian',
  state: 'Idaho',
  country: 'US',
  zipcode: '83642',
  phone: '+1 208 555 0100',
  provider: 'DIGICERT',
  contacts: [person()],
});

/** An order of an organization, for the CSR's common name. */
export const order = ({ id, contacts }, csr, cert = {}) => ({
  organizationId: id,
  contacts: [{ id: contacts[0].id, contactTypes: [{ type: 'ORGANIZATION_CONTACT' }] }],
  certType: 'SSL_OV_BASIC',
  locale: 'en',
  provider: 'DIGICERT',
  cert: { commonName: 'example.com', csr, dcvMethod: 'DNS_TXT_TOKEN', ...cert },
});

/** Lets the time of a sandbox server jump to the next change: call it when an order was looked at. */
export async function skipTime({ certsBaseUrl }) {
  const control = new URL('/sandbox', certsBaseUrl);
  const { now, nextChange } = await (await fetch(control)).json();
  const ms = Date.parse(nextChange) - Date.parse(now);
  // As the sandbox in memory does with autoAdvance: the end of a certificate is not waited for.
  const days = 24 * 60 * 60 * 1000;
  if (ms > 0 && ms < 30 * days) await fetch(`${control}/advance`, { method: 'POST', body: JSON.stringify({ ms }) });
}
