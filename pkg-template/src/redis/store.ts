import type { Store } from '../types/store.js';
import { read, release, swap } from './scripts.js';

/** What is used of a client of the package `redis`: one that is connected. */
export interface RedisClient {
  sendCommand(args: string[]): Promise<unknown>;
  /** Whether it is connected. */
  readonly isReady?: boolean;
}

/** The options of a store in Redis. */
export interface RedisStoreOptions {
  /** What each key begins with; default nothing. Keys are `markmonitor-certs …`. */
  prefix?: string | undefined;
}

/** A store that several processes share, with the time of Redis. */
export type RedisStore = {
  [Method in keyof Store]: (...args: Parameters<Store[Method]>) => Promise<Awaited<ReturnType<Store[Method]>>>;
};

/** Where others were faster so many times, each further try follows a short pause of chance, in milliseconds. */
const triesAtOnce = 3;
const longestPause = 20;

/**
 * The store of a client in Redis: limit, token, the record of what is sent once, and locks, for all processes of one key.
 *
 * What Redis forgets, nobody knows: let it keep its data (`appendonly yes`), and evict none (`maxmemory-policy noeviction`).
 *
 * @param redis A connected client of the package `redis`. Make it with `disableOfflineQueue: true`, so that a command fails
 *   while Redis is away instead of being carried out later, when nobody waits for it any more.
 *
 * @throws TypeError `redis` is not a client of the package redis, or an option is unknown.
 *
 * @example
 * const redis = await createClient({ url, disableOfflineQueue: true }).on('error', log).connect();
 * const store = createRedisStore(redis);
 * const client = new CertsClient({ auth, store, rateLimit: { scope: store, processes: 4 } });
 */
export function createRedisStore(redis: RedisClient, options: RedisStoreOptions = {}): RedisStore {
  const { prefix = '', ...others } = options;
  const [wrong] = Object.keys(others);
  if (wrong !== undefined) throw new TypeError(`There is no option \`${wrong}\`; there is prefix.`);
  if (typeof prefix !== 'string') throw new TypeError('The option `prefix` must be a string.');
  if (typeof redis?.sendCommand !== 'function') throw new TypeError('`redis` must be a client of the package redis.');
  const send = async (...args: string[]) => {
    if (redis.isReady === false) throw new Error('Redis is not connected.');
    return await redis.sendCommand(args);
  };
  const run = (script: string, key: string, ...args: string[]) => send('EVAL', script, '1', prefix + key, ...args);
  return {
    async get(key) {
      return textOf(await send('GET', prefix + key));
    },

    async set(key, value, keepMs) {
      if (value === undefined) await send('DEL', prefix + key);
      else await send('SET', prefix + key, value, ...(keepMs === undefined ? [] : ['PX', millis(keepMs)]));
    },

    async update(key, replace, keepMs) {
      let seen = await run(read, key);
      for (let times = 1; ; times += 1) {
        const [found, now] = seen as [unknown, unknown];
        const value = textOf(found);
        const next = replace(value, Number(now));
        if (next === value) return;
        const keep = keepMs === undefined ? '0' : millis(keepMs);
        seen = await run(swap, key, ...optional(value), ...optional(next), keep);
        if (!Array.isArray(seen)) return;
        if (times > triesAtOnce) await new Promise((resolve) => setTimeout(resolve, Math.random() * longestPause));
      }
    },

    async lock(key, leaseMs) {
      const holder = crypto.randomUUID();
      const name = `lock ${key}`;
      const taken = await send('SET', prefix + name, holder, 'NX', 'PX', millis(leaseMs));
      if (textOf(taken) !== 'OK') return undefined;
      return {
        async release() {
          await run(release, name, holder);
        },
      };
    },
  };
}

const textOf = (reply: unknown): string | undefined =>
  reply === null || reply === undefined ? undefined : String(reply);

const optional = (value: string | undefined): [string, string] => (value === undefined ? ['0', ''] : ['1', value]);

const millis = (span: number): string => String(Math.max(1, Math.ceil(span)));
