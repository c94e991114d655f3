import { signal } from '@preact/signals';
import type { CertsClient } from 'markmonitor-certs';
import type { PageSandbox } from './sandbox.js';
import { stored } from './stored.js';

/** `sandbox`: the service in this page. `proxy`: the real one, through the server of this page. */
export type Mode = 'sandbox' | 'proxy';

/** The service that the page talks to; `sandbox` is there only in that mode. */
export type Service = { client: CertsClient; sandbox?: PageSandbox };

/** The path of the server's proxy, or empty: see `server/serve.mjs`. */
export const proxyPath = document.querySelector('meta[name="service-proxy"]')?.getAttribute('content') ?? '';

/** What the user chose; without a proxy there is no choice. */
export const mode = stored<Mode>('mode', proxyPath ? 'proxy' : 'sandbox');
if (!proxyPath) mode.value = 'sandbox';

/** The service once somebody wanted it; nothing of it is loaded before. */
export const service = signal<Service | undefined>(undefined);

let connecting: Promise<Service> | undefined;

/** The service, which the first call loads. */
export function connect(): Promise<Service> {
  connecting ??= open().catch((reason) => {
    // The next call tries again.
    connecting = undefined;
    throw reason;
  });
  return connecting;
}

async function open(): Promise<Service> {
  const { CertsClient, init } = await import('markmonitor-certs');
  // Once the core is loaded, the rate limit is known: it is shown before the first call.
  if (mode.value === 'proxy') {
    await init();
    service.value = { client: new CertsClient({ auth: 'proxy', certsBaseUrl: proxyPath }) };
  } else {
    const { openSandbox } = await import('./sandbox.js');
    const [sandbox] = await Promise.all([openSandbox(), init()]);
    // The sandbox's password is not a secret.
    const options = { auth: sandbox.credentials, fetch: sandbox.fetch, dangerouslyAllowBrowser: true };
    service.value = { client: new CertsClient(options), sandbox };
  }
  return service.value;
}

/** The service's time: the sandbox's can be ahead of ours. */
export const now = (): Date => service.value?.sandbox?.now() ?? new Date();

/** Counts up when the user changed something, so that what is shown is looked at again. */
export const touched = signal(0);

/** Says that something changed. */
export const touch = (): void => {
  touched.value += 1;
};
