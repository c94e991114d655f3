import { CertsClient } from 'markmonitor-certs';
import { createSandbox, type Sandbox } from 'markmonitor-certs/sandbox';
import { stored } from './stored.js';

/** The sandbox as the page uses it: it continues after a reload, as if it had run all the time. */
export type PageSandbox = Awaited<ReturnType<typeof openSandbox>>;

/** A call that changed something. */
type Change = { at: number; method: string; path: string; body: unknown };

/** When the demo world began, in ms since 1970, and how far its time is ahead of ours. */
type Memory = { start: number; ahead: number; changes: Change[] };

const fresh = (): Memory => ({ start: Date.now(), ahead: 0, changes: [] });
/** Longer replays would delay the page; then it starts over. */
const mostChanges = 200;
/** In the address of every call but those for a token. */
const apiPath = '/certs/v1';

/**
 * Makes the sandbox with its demo world, and does again what was done with it before: the same seed and the same calls
 * at the same times yield the same state, down to the ids.
 *
 * @param forgetOrders Called when the world begins again: what was placed in the one before is not in it.
 */
export async function openSandbox(forgetOrders: () => void) {
  const memory = stored<Memory>('sandbox', fresh(), () => sessionStorage);
  const begin = (memoryNow: Memory) => {
    memory.value = memoryNow;
    forgetOrders();
  };
  if (memory.peek().changes.length > mostChanges) begin(fresh());
  const { start, changes } = memory.peek();
  const sandbox = await createSandbox({ demo: true, seed: 1, now: new Date(start) });
  try {
    await replay(sandbox, changes);
  } catch {
    // Another version of the sandbox may refuse what this one took: the demo world alone is shown then.
    begin({ ...memory.peek(), changes: [] });
  }
  const remember = (changes: Partial<Memory>) => {
    memory.value = { ...memory.peek(), ...changes };
  };
  advanceTo(sandbox, Date.now() + memory.peek().ahead);
  return {
    fetch: async (input: RequestInfo | URL, init?: RequestInit) => {
      const request = new Request(input, init);
      const { method, url } = request;
      const body = await request.clone().text();
      const at = sandbox.now.getTime();
      const response = await sandbox.fetch(request);
      const path = url.split(apiPath)[1];
      if (method !== 'GET' && response.ok && path) {
        const change = { at, method, path, body: body && JSON.parse(body) };
        remember({ changes: [...memory.peek().changes, change] });
      }
      return response;
    },
    credentials: sandbox.credentials,
    now: () => sandbox.now,
    advance(ms: number) {
      sandbox.advance(ms);
      remember({ ahead: memory.peek().ahead + ms });
    },
    /** Forgets what happened, and loads the page with the demo world as it was at first. */
    startAnew() {
      begin(fresh());
      location.reload();
    },
  };
}

function advanceTo(sandbox: Sandbox, time: number): void {
  sandbox.advance(Math.max(0, time - sandbox.now.getTime()));
}

async function replay(sandbox: Sandbox, changes: readonly Change[]): Promise<void> {
  const { fetch, credentials: auth } = sandbox;
  const client = new CertsClient({ auth, fetch, rateLimit: false, dangerouslyAllowBrowser: true });
  for (const { at, method, path, body } of changes) {
    advanceTo(sandbox, at);
    await client.request({ method, path, body: body || undefined });
  }
  client.close();
}
