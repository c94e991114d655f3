import { signal } from '@preact/signals';
import type { CertsClient, RenewalJournal } from 'markmonitor-certs';
import type { PageSandbox } from './sandbox.js';
import { storageOf, stored } from './stored.js';

/** `sandbox`: the service in this page. `proxy`: the real one, through the server of this page. */
export type Mode = 'sandbox' | 'proxy';

/**
 * The service that the page talks to; `sandbox` is there only in that mode. `reader` is the same client, and changes nothing.
 * `journal` is that of renewals, beside what else was sent: a sandbox lives as long as its tab.
 */
export type Service = { client: CertsClient; reader: CertsClient; journal: RenewalJournal; sandbox?: PageSandbox };

const meta = (name: string) => document.querySelector(`meta[name="${name}"]`)?.getAttribute('content') ?? '';

/** The path of the server's proxy, or empty: see `server/serve.mjs`. */
export const proxyPath = meta('service-proxy');

/** What the user chose; without a proxy there is no choice. */
export const mode = stored<Mode>('mode', proxyPath ? 'proxy' : 'sandbox');
if (!proxyPath) mode.value = 'sandbox';

/** What is kept for an account and no other one begins with this. */
export const accountKey = `markmonitor-certs:${mode.peek() === 'sandbox' ? 'sandbox' : meta('service-account')}:`;

/** Where what is placed is remembered. A sandbox's orders end with its tab. */
export const storage = storageOf(mode.peek() === 'sandbox' ? 'sessionStorage' : 'localStorage');

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
  const [{ CertsClient, createRenewalJournal, init }, { createBrowserStore }] = await Promise.all([
    import('markmonitor-certs'),
    import('../portal/browser-store.js'),
  ]);
  const store = createBrowserStore(storage, accountKey, navigator.locks);
  const journal = createRenewalJournal(store);
  const both = (options: ConstructorParameters<typeof CertsClient>[0]) => ({
    client: new CertsClient({ ...options, store }),
    reader: new CertsClient({ ...options, store, readOnly: true }),
  });
  // Once the core is loaded, the rate limit is known: it is shown before the first call.
  if (mode.value === 'proxy') {
    await init();
    service.value = { ...both({ auth: 'proxy', certsBaseUrl: proxyPath }), journal };
  } else {
    const { openSandbox } = await import('./sandbox.js');
    const [sandbox] = await Promise.all([openSandbox(() => store.clear()), init()]);
    // The sandbox's password is not a secret.
    const { credentials: auth, fetch } = sandbox;
    service.value = { ...both({ auth, fetch, dangerouslyAllowBrowser: true }), journal, sandbox };
  }
  return service.value;
}

/** Counts up when the user changed something, so that what is shown is looked at again. */
export const touched = signal(0);

/** Says that something changed. */
export const touch = (): void => {
  touched.value += 1;
};
