// What has to be refused: each line below an expect-error fails to compile, or this file does.
import { CertsClient, CertsError, type Order, parseCsr } from 'markmonitor-certs';

const client = new CertsClient({ auth: 'proxy' });
declare const order: Order;

// @ts-expect-error Revoking is permanent, and wants to hear that it is known.
client.orders.revoke('id');
// @ts-expect-error
client.orders.revoke('id', { permanent: false });
// @ts-expect-error A goal of no order.
client.orders.waitUntil('id', 'validated');
// @ts-expect-error A password without a user.
new CertsClient({ auth: { apiKey: 'key', password: 'word' } });
// @ts-expect-error A misspelt option.
new CertsClient({ auth: 'proxy', ratelimit: false });
// @ts-expect-error A number is not a CSR.
parseCsr(1);
// @ts-expect-error What a reply holds besides ids and an order's status may be absent.
order.organizationId.length;
// @ts-expect-error The certificate may be null.
order.cert.commonName;
// @ts-expect-error A field of a new order is missing.
client.orders.create({ organizationId: 'id', contacts: [], certType: 'SSL_OV_BASIC', locale: 'en' });
// @ts-expect-error No event of this name.
client.on('requests', () => {});
// @ts-expect-error A goal that answers too late.
client.orders.waitUntil('id', async ({ status }) => status === 'DIGI_ISSUED');
// @ts-expect-error A misspelt filter.
client.orders.list({ status: ['CREATED'] });
// @ts-expect-error A misspelt option of a call.
client.orders.get('id', { timeOut: 5 });
// @ts-expect-error No service of this name.
client.request({ service: 'oauth', method: 'GET', path: '/group' });
// @ts-expect-error The state is not known before the core is loaded.
client.rateLimit.state.used;
// @ts-expect-error No operation of this name.
client.on('request', ({ operation }) => operation === 'orders.fetch');
// @ts-expect-error No error has this code.
new CertsError({ code: 'not found', message: '' }).code === 'notFound';
