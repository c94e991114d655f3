/**
 * The clients, all with the same two jobs: to get one order, and a page of orders, with an API key and a token, as the value
 * that JSON.parse makes.
 */
import { Octokit } from '@octokit/core';
import { OpenAI } from 'openai';
import { z } from 'zod';
import { bare, entry, own } from './names.mjs';

const { CertsClient } = await import(entry('chunk.js'));

const text = z.string();
const maybe = (schema) => schema.nullable().optional();
const money = z.looseObject({ product: text, item: text, price: z.number() });
const price = z.looseObject({ certType: text, provider: text, term: z.number(), totalPrice: z.number() });
const history = z.looseObject({ id: text, dateCreated: text, userName: maybe(text), text });
/** What a careful program would check of an order; what it does not know is kept. */
const order = z.looseObject({
  id: z.uuid(),
  status: text,
  certType: text,
  provider: text,
  providerId: maybe(z.number()),
  locale: text,
  comments: maybe(text),
  additionalEmails: z.array(text),
  organizationId: z.uuid(),
  contacts: z.array(z.uuid()),
  cert: maybe(
    z.looseObject({
      id: z.uuid(),
      commonName: text,
      dnsNames: z.array(text),
      csr: text,
      providerId: maybe(z.number()),
      serialNumber: maybe(text),
      dcvEmails: z.array(z.looseObject({ dnsName: text, email: text })),
      dateValidFrom: maybe(text),
      dateValidUntil: maybe(text),
      daysRemaining: maybe(z.number()),
      endEntityCert: maybe(text),
      intermediateCert: maybe(text),
      rootCert: maybe(text),
    }),
  ),
  price: maybe(price.extend({ products: z.array(money) })),
  history: z.array(history),
  dateCreated: text,
  dateUpdated: text,
});
const page = z.looseObject({
  content: z.array(order),
  page: z.looseObject({ size: z.number(), totalElements: z.number(), totalPages: z.number(), number: z.number() }),
});

/**
 * Each as `{ get(id), list() }`.
 *
 * @param {string} base the service's address
 * @param {typeof globalThis.fetch} [fetch] the global one unless given
 */
export function candidates(base, fetch = globalThis.fetch) {
  const [apiKey, token] = ['the-api-key', 'the-token'];
  const headers = { 'x-api-key': apiKey, authorization: `Bearer ${token}`, accept: 'application/json' };
  const read = async (path) => {
    const reply = await fetch(`${base}${path}`, { headers });
    if (!reply.ok) throw new Error(`the service replied with ${reply.status}`);
    return JSON.parse(await reply.text());
  };
  const ours = (rateLimit) => {
    const { orders } = new CertsClient({ auth: { apiKey, token }, certsBaseUrl: base, fetch, rateLimit });
    return { get: (id) => orders.get(id), list: () => orders.list() };
  };
  const openai = new OpenAI({ apiKey: token, baseURL: base, fetch, defaultHeaders: { 'x-api-key': apiKey } });
  const octokit = new Octokit({ auth: token, baseUrl: base, request: { fetch, headers: { 'x-api-key': apiKey } } });
  return {
    [bare]: { get: (id) => read(`/order/${id}`), list: () => read('/order') },
    'fetch + zod': {
      get: async (id) => order.parse(await read(`/order/${id}`)),
      list: async () => page.parse(await read('/order')),
    },
    // The limit is never reached: what counts is what keeping it costs. What it remembers is about as long as usual.
    [own]: ours({ limit: 5_000, windowMs: 100, slackMs: 0 }),
    [`${own}, no rate limit`]: ours(false),
    openai: { get: (id) => openai.get(`/order/${id}`), list: () => openai.get('/order') },
    '@octokit/core': {
      get: async (id) => (await octokit.request('GET /order/{id}', { id })).data,
      list: async () => (await octokit.request('GET /order')).data,
    },
  };
}
