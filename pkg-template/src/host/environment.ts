// What the environment says about itself.

interface Scope {
  document?: unknown;
  importScripts?: unknown;
  navigator?: { userAgent?: string };
}

const scope = () => globalThis as Scope;

/** Cloudflare's workers, which run on servers and yet look like those of a page. */
export const isWorkerd = (): boolean => scope().navigator?.userAgent === 'Cloudflare-Workers';

/** Whether this is a page or a worker of one: there, anyone who has the page has all that it contains. */
export function isPage(): boolean {
  const { document, importScripts } = scope();
  return typeof document === 'object' || (typeof importScripts === 'function' && !isWorkerd());
}

const MB = 1024 * 1024;

/** The longest reply that is read, in bytes. A worker of Cloudflare's has 128 MB for everything. */
export const defaultMaxReplyBytes = (): number => (isWorkerd() ? 16 : 64) * MB;
