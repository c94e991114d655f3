import type { Client } from '../client/client.js';
import { dcvInstructions } from '../client/functions.js';
import { CertsError } from '../errors/classes.js';
import { throwIfAborted } from '../host/signal.js';
import { parseBundle, parseCsr, sameKey } from '../pki/functions.js';
import type { CallOptions } from '../types/client.js';
import type { Bundle } from '../types/pki.js';
import type { RenewalDcv, RenewalKeys, RenewalRunOptions, RenewalSigner } from '../types/renewals.js';
import type { DcvMethod, Order } from '../types/service.js';
import { runCommand } from './command.js';
import { deliverWith } from './delivery.js';
import { failureOf } from './failure.js';
import { checkKey, type KeyFolder, newRequest } from './keys.js';
import type { Answer, Ask, Placed, ServiceClock } from './machine.js';

/** What the steps of a run need. */
export interface Tools {
  readonly client: Client;
  readonly clock: ServiceClock;
  readonly given: RenewalRunOptions;
  readonly keys: RenewalKeys | RenewalSigner;
  readonly options: CallOptions;
  /** Orders as they were seen last. */
  readonly orders: Map<string, Order>;
  /** What was downloaded last, by new orders. */
  readonly bundles: Map<string, Bundle>;
}

/** So many `dcv` run at a time: each may be a program, and there may be hundreds of orders. */
const mostAtOnce = 4;

type Step<A extends Ask['ask']> = (tools: Tools, ask: Extract<Ask, { ask: A }>) => Promise<Answer>;

/** The steps, by what asks for them. What one throws is why it failed, unless it was aborted. */
export const steps: {
  [A in 'key' | 'place' | 'publish' | 'look' | 'search' | 'download' | 'deliver' | 'revoke' | 'hook']: Step<A>;
} = {
  async key({ keys, orders }, { orderId, name, commonName, dnsNames }) {
    const order = orders.get(orderId);
    if (typeof keys === 'function') {
      return await signed(await keys({ orderId, commonName, dnsNames, order }));
    }
    const made = await newRequest(order, [commonName, ...dnsNames]);
    const key: unknown = await keys.save(name, made.privateKeyPem);
    if (key === '' || !isName(key)) throw new Error(`\`key.save\` did not return a name. ${nameOfKey}`);
    return { key, csr: made.csr };
  },

  async place({ client, clock, options, orders }, { orderId, order, onceId, assumeNotPlaced }) {
    const once = { ...options, onceId, replaces: orderId, assumeNotPlaced };
    const placed = client.orders.placeOnce(order, once).catch(otherJournal);
    const outcome = await placed.catch((error) => {
      if (!options.signal?.aborted || error instanceof CertsError) throw error;
    });
    if (!outcome) return { kind: 'notSent' };
    if (outcome.kind === 'unknown') return { kind: outcome.kind, message: outcome.error.message };
    clock.hear(outcome.order);
    if (outcome.order.id) orders.set(outcome.order.id, outcome.order);
    const differences = outcome.kind === 'differs' ? outcome.differences : [];
    return { kind: outcome.kind, order: outcome.order, differences };
  },

  async publish(tools, { orders }) {
    const failed: Record<string, Answer> = {};
    const left = orders.values();
    const publish = async () => {
      for (const placed of left) {
        // What is under way is waited for, and nothing more begun.
        if (tools.options.signal?.aborted) return;
        try {
          await publishOne(tools, placed);
        } catch (error) {
          failed[placed.orderId] = await failureOf(tools.client, error);
        }
      }
    };
    await Promise.all(Array.from({ length: mostAtOnce }, publish));
    throwIfAborted(tools.options.signal);
    return { done: true, failed };
  },

  async look({ client, clock, options, orders }, { orders: ids }) {
    const [seen, missing]: [Order[], Answer[]] = [[], []];
    for await (const { id, order, error } of client.orders.waitUntilAll(ids, () => true, options)) {
      const shown = order ?? error?.last;
      if (shown) {
        clock.hear(shown);
        orders.set(id, shown);
        seen.push(shown);
      } else {
        missing.push({ id, message: error?.message });
      }
    }
    return { orders: seen, missing };
  },

  async search({ client, options, orders }, { commonNames, statuses }) {
    const found = new Map<string, Order>();
    for (const filter of [{ commonNames }, { statuses }]) {
      for await (const order of client.orders.list(filter, options)) if (order.id) found.set(order.id, order);
    }
    for (const [id, order] of found) orders.set(id, order);
    return { orders: [...found.values()] };
  },

  async download({ client, clock, options, bundles }, { newOrderId, csr }) {
    const file = await client.orders.download(newOrderId, 'pem_all', options);
    clock.hear(file);
    const bundle = await parseBundle(file, { csr });
    bundles.set(newOrderId, bundle);
    const { notBefore, notAfter, subjectAltNames } = bundle.leaf;
    return {
      leaf: { notBefore, notAfter, dnsNames: subjectAltNames.dns },
      findings: bundle.findings,
      sameKey: await sameKey(csr, bundle.leaf.pem),
    };
  },

  async deliver({ given: { deliver }, clock, keys, orders, bundles }, { orderId, newOrderId, key }) {
    const bundle = bundles.get(newOrderId);
    if (!bundle || !deliver) throw new Error('its certificate is not at hand');
    const { leaf, intermediates } = bundle;
    const order = orders.get(newOrderId) ?? ({ id: newOrderId } as Order);
    const [certificate, chain] = [leaf.pem, intermediates.map(({ pem }) => pem).join('')];
    const renewed = {
      orderId,
      order,
      commonName: order.cert?.commonName ?? leaf.subject.commonName ?? '',
      dnsNames: order.cert?.dnsNames ?? [],
      bundle,
      certificate,
      chain,
      fullchain: certificate + chain,
      ...(key !== null && { key }),
    };
    if (key !== null && (keys as Partial<KeyFolder>).areFiles) await checkKey(key, certificate);
    if (typeof deliver === 'function') await deliver(renewed);
    else await deliverWith(deliver, renewed, clock.now());
    bundles.delete(newOrderId);
    return { done: true };
  },

  async revoke({ client, options }, { orderId }) {
    await client.orders.revoke(orderId, { permanent: true }, options);
    return { done: true };
  },

  async hook({ given }, { what, renewals }) {
    const hook = given[what];
    if (typeof hook === 'function') await hook(renewals);
    else if (hook) {
      const names = renewals.map(({ commonName }) => commonName).join(' ');
      await runCommand(hook, { MMC_EVENT: what, MMC_COMMON_NAMES: names, MMC_RENEWALS: renewals });
    }
    return { done: true };
  },
};

/** Says what it means here that its `onceId`, which is made of the order, is taken. */
function otherJournal(error: unknown): never {
  if (!(error instanceof CertsError) || error.code !== 'once_id_taken') throw error;
  const message = 'a run with another journal has begun to order it: give all runs of an account one journal';
  throw new CertsError({ code: error.code, message, cause: error });
}

/** What a caller's function returned, if it is a request. */
async function signed(made: unknown): Promise<Answer> {
  const { csr, key } = (made ?? {}) as { csr?: unknown; key?: unknown };
  if (typeof csr !== 'string') {
    throw new Error('the function `key` did not return a request. Return { csr, key }, the request as PEM');
  }
  if (key !== undefined && key !== null && !isName(key)) {
    throw new Error(`what the function \`key\` returned as \`key\` is not a name. ${nameOfKey}`);
  }
  try {
    await parseCsr(csr);
  } catch (error) {
    throw new Error(`what the function \`key\` returned as \`csr\` is not a request: ${(error as Error).message}`);
  }
  return { csr, key };
}

const nameOfKey = 'Return what the key is called, and not the key';

const isName = (text: unknown): text is string => typeof text === 'string' && !text.includes('-----BEGIN');

async function publishOne({ given: { dcv }, orders }: Tools, { orderId, newOrderId }: Placed): Promise<void> {
  const order = orders.get(newOrderId);
  if (!order || !dcv) throw new Error('its new order has not been seen');
  const method = (order.cert?.dcvMethod ?? 'EMAIL') as DcvMethod;
  const token = tokenOf(order);
  const names = new Set([order.cert?.commonName ?? '', ...(order.cert?.dnsNames ?? [])].filter(Boolean));
  const domains = await Promise.all([...names].map((name) => dcvInstructions(name, method, token)));
  const request: RenewalDcv = { orderId, order, method, token, domains };
  if (typeof dcv === 'function') return await dcv(request);
  await runCommand(dcv, {
    MMC_EVENT: 'dcv',
    MMC_ORDER_ID: orderId,
    MMC_NEW_ORDER_ID: newOrderId,
    MMC_COMMON_NAME: order.cert?.commonName ?? '',
    MMC_DNS_NAMES: [...names].join(' '),
    MMC_DCV_METHOD: method,
    MMC_DCV_TOKEN: token ?? '',
    MMC_DCV_RECORDS: domains.map(({ domain, record, file }) => ({ domain, record, file })),
  });
}

/** The token of an order. Nobody has seen where it is: in a field that is called so, of the certificate or of the order. */
function tokenOf(order: Order): string | undefined {
  for (const part of [order.cert, order] as const) {
    for (const [name, value] of Object.entries(part ?? {})) {
      if (/token/i.test(name) && typeof value === 'string' && value !== '') return value;
    }
  }
  return undefined;
}
