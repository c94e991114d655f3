/**
 * Without an account: puts the service in memory in the place of the real one, for any program that it is loaded before.
 *
 *   node --import ./sandbox.mjs node.mjs
 */
import { createSandbox } from 'markmonitor-certs/sandbox';

const sandbox = await createSandbox({ demo: true, autoAdvance: true });
globalThis.fetch = sandbox.fetch;
const { apiKey, username, password } = sandbox.credentials;
Object.assign(process.env, {
  MARKMONITOR_API_KEY: apiKey,
  MARKMONITOR_USERNAME: username,
  MARKMONITOR_PASSWORD: password,
});
