/** Orders as the service replies with them: made up, the same in every run, with certificates of the usual length. */
import { readFileSync } from 'node:fs';

const fixture = (name) =>
  readFileSync(new URL(`../../tests/pki/fixtures/${name}.pem`, import.meta.url), 'utf8').replaceAll('\r', '');

const csr = fixture('rsa-three-names.csr');
const [leaf, intermediate, root] = ['leaf-90.cert', 'intermediate.cert', 'root.cert'].map(fixture);

/** A linear congruential generator: chance that is the same everywhere. */
let state = 1;
const below = (limit) => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((state / 2 ** 32) * limit);
};
const hex = (digits) => Array.from({ length: digits }, () => below(16).toString(16)).join('');
const uuid = () => `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`;
const pick = (...values) => values[below(values.length)];
const time = () => new Date(Date.UTC(2026, below(12), 1 + below(28), below(24), below(60), below(60))).toISOString();

/** One without a certificate yet in each four: most orders of an account have been issued. */
function order(index) {
  const commonName = `shop-${index}.example.com`;
  const issued = index % 4 !== 3;
  const dcvMethod = pick('EMAIL', 'DNS_TXT_TOKEN', 'DNS_CNAME_TOKEN', 'HTTP_TOKEN');
  return {
    id: uuid(),
    status: issued ? 'DIGI_ISSUED' : pick('CREATED', 'DIGI_PENDING', 'DIGI_PROCESSING', 'DIGI_CANCELED'),
    certType: pick('SSL_OV_BASIC', 'SSL_EV_BASIC', 'SSL_OV_SECURESITE', 'SSL_EV_SECURESITE_PRO', 'SSL_DV_GEOTRUST'),
    provider: 'DIGICERT',
    providerId: 700_000_000 + below(100_000_000),
    locale: 'en',
    comments: pick(null, 'Renewal', 'For the new front end, see the ticket', 'Müller & Söhne'),
    additionalEmails: ['certificates@example.com'],
    renewalNotificationsDisabled: below(2) === 1,
    groupId: null,
    organizationId: uuid(),
    contacts: [uuid(), uuid()],
    cert: {
      id: uuid(),
      commonName,
      dnsNames: [commonName, `www.${commonName}`, `api.${commonName}`],
      csr,
      serverPlatform: pick('APACHE', 'NGINX', 'DEFAULT'),
      algorithmHash: 'RSA',
      rootHash: null,
      organizationUnits: ['Web'],
      provider: 'DIGICERT',
      providerId: issued ? 800_000_000 + below(100_000_000) : null,
      serialNumber: issued ? hex(32).toUpperCase() : null,
      revokeStatus: null,
      dcvMethod,
      dcvEmails:
        dcvMethod === 'EMAIL' ? [{ dnsName: commonName, emailDomain: 'example.com', email: 'admin@example.com' }] : [],
      dateValidFrom: issued ? time() : null,
      dateValidUntil: issued ? time() : null,
      daysRemaining: issued ? below(200) : null,
      providerDateCreated: issued ? time() : null,
      endEntityCert: issued ? leaf : null,
      intermediateCert: issued ? intermediate : null,
      rootCert: issued ? root : null,
      dateCreated: time(),
      dateUpdated: time(),
    },
    price: {
      certType: 'SSL_OV_BASIC',
      provider: 'DIGICERT',
      term: 1,
      totalPrice: 288.5,
      products: [{ product: 'SSL_OV_BASIC', item: 'BASE', price: 288.5 }],
      errorMessage: null,
    },
    history: [
      { id: uuid(), dateCreated: time(), userName: 'ada@example.com', text: 'Order created' },
      { id: uuid(), dateCreated: time(), text: 'Status changed to DIGI_PENDING' },
    ],
    dateCreated: time(),
    dateUpdated: time(),
  };
}

/** The largest page; smaller ones are its beginning. */
export const orders = Array.from({ length: 1000 }, (_, index) => order(index));

/** The JSON of a page with the first `size` orders. */
export function pageOf(size) {
  const page = { size: Math.max(size, 1), totalElements: size, totalPages: size === 0 ? 0 : 1, number: 0 };
  return JSON.stringify({ content: orders.slice(0, size), page });
}
