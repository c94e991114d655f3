/** A process that calls as often as it may: `node redis-process.mjs OPTIONS`, a module of its project. It tells its parent what it hears. */
const { url, service, limit, processes, name } = JSON.parse(process.argv[2]);
const { createClient } = await import('redis');
const { CertsClient } = await import('markmonitor-certs');
const { createRedisStore } = await import('markmonitor-certs/redis');

const redis = createClient({ url, disableOfflineQueue: true, socket: { reconnectStrategy: 100 } });
redis.on('error', () => {});
await redis.connect();
const store = createRedisStore(redis);
const client = new CertsClient({
  auth: { apiKey: 'the-key', token: 'the-token' },
  certsBaseUrl: `${service}/certs/v1`,
  authBaseUrl: `${service}/auth/v1`,
  store,
  rateLimit: { ...limit, processes, scope: store },
  maxRetries: 0,
});
/** The parent may be gone, and ends this process then. */
const tell = (news) => process.connected && process.send(news);
client.on('warning', ({ code }) => tell({ warning: code }));
const ask = async () => {
  for (;;) {
    try {
      await client.request({ method: 'GET', path: `/order/${name}` });
    } catch (error) {
      tell({ error: `${error.code} ${error.message}` });
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
};
tell({ ready: true });
for (let lane = 0; lane < 10; lane += 1) ask();
process.on('disconnect', () => process.exit());
