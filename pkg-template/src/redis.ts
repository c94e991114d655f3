/**
 * The store of a client in Redis: for several servers with one key.
 *
 * @module markmonitor-certs/redis
 */
export { createRedisStore, type RedisClient, type RedisStore, type RedisStoreOptions } from './redis/store.js';
