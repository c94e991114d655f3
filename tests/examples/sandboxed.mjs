/** Preloaded into an example: the service is a sandbox, and the long pauses between two looks are short. */
import { createSandbox } from 'markmonitor-certs/sandbox';

const sandbox = await createSandbox({ demo: true, autoAdvance: true });
globalThis.fetch = sandbox.fetch;
const { apiKey, username, password } = sandbox.credentials;
Object.assign(process.env, {
  MARKMONITOR_API_KEY: apiKey,
  MARKMONITOR_USERNAME: username,
  MARKMONITOR_PASSWORD: password,
});
if (process.env.FAULT) sandbox.fault(JSON.parse(process.env.FAULT));

// The pauses of waiting begin at five seconds; the timeout of an attempt is thirty.
const { setTimeout: later } = globalThis;
globalThis.setTimeout = (callback, ms = 0, ...rest) => later(callback, ms < 30_000 ? ms / 500 : ms, ...rest);
