import { createSandbox, type Sandbox } from 'markmonitor-certs/sandbox';
import { stored } from './stored.js';

/** The sandbox as the page uses it: it goes on after a reload, as if it had run all the time. */
export interface PageSandbox {
  fetch: typeof globalThis.fetch;
  credentials: Sandbox['credentials'];
  now(): Date;
  advance(ms: number): void;
  /** Forgets what happened: the next load begins with the demo world as it was at first. */
  forget(): void;
}

/** A call that changed something. */
interface Change {
  at: number;
  method: string;
  url: string;
  body: string;
}

interface Memory {
  /** When the demo world began, in ms since 1970. */
  start: number;
  /** How far its time is ahead of ours. */
  ahead: number;
  changes: Change[];
}

const fresh = (): Memory => ({ start: Date.now(), ahead: 0, changes: [] });
/** Longer replays would delay the page; then it begins anew. */
const mostChanges = 200;
const tokenMs = 60 * 60_000;

/**
 * Makes the sandbox with its demo world, and does again what was done with it before: the same seed and the same calls
 * at the same times give the same world, down to the ids.
 */
export async function openSandbox(): Promise<PageSandbox> {
  const memory = stored<Memory>('sandbox', fresh(), () => sessionStorage);
  if (memory.peek().changes.length > mostChanges) memory.value = fresh();
  const { start, changes } = memory.peek();
  const sandbox = await createSandbox({ demo: true, seed: 1, now: new Date(start) });
  try {
    await replay(sandbox, changes);
  } catch {
    // Another version of the sandbox may refuse what this one took: the demo world alone is shown then.
    memory.value = { ...memory.peek(), changes: [] };
  }
  advanceTo(sandbox, Date.now() + memory.peek().ahead);
  return {
    fetch: async (input, init) => {
      const request = new Request(input, init);
      const body = await request.clone().text();
      const at = sandbox.now.getTime();
      const response = await sandbox.fetch(request);
      const isChange = request.method !== 'GET' && response.ok && !request.url.includes('/auth/');
      if (isChange) {
        const change = { at, method: request.method, url: request.url, body };
        memory.value = { ...memory.peek(), changes: [...memory.peek().changes, change] };
      }
      return response;
    },
    credentials: sandbox.credentials,
    now: () => sandbox.now,
    advance: (ms) => {
      sandbox.advance(ms);
      memory.value = { ...memory.peek(), ahead: memory.peek().ahead + ms };
    },
    forget: () => {
      memory.value = fresh();
    },
  };
}

function advanceTo(sandbox: Sandbox, time: number): void {
  sandbox.advance(Math.max(0, time - sandbox.now.getTime()));
}

async function replay(sandbox: Sandbox, changes: readonly Change[]): Promise<void> {
  const { apiKey, username, password } = sandbox.credentials;
  const headers = { 'x-api-key': apiKey, 'content-type': 'application/json', authorization: '' };
  let tokenUntil = 0;
  for (const { at, method, url, body } of changes) {
    advanceTo(sandbox, at);
    if (at > tokenUntil) {
      const login = { method: 'POST', headers, body: JSON.stringify({ username, password }) };
      const reply = await sandbox.fetch('https://api.markmonitor.com/auth/v1/auth/authenticate', login);
      headers.authorization = `Bearer ${(await reply.json()).token}`;
      tokenUntil = at + tokenMs;
    }
    const response = await sandbox.fetch(url, { method, headers, ...(body && { body }) });
    if (!response.ok) throw new Error(`${method} ${url}: ${response.status}`);
  }
}
