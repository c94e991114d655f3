/** How a sandbox begins. */
export interface SandboxOptions {
  /** The same seed gives the same ids, in the same order. */
  seed?: number | undefined;
  /** The sandbox's time at its start; default now. */
  now?: Date | undefined;
  /** Default: 100 requests in 60,000 ms, in a fixed window. `false`: no limit. */
  rateLimit?:
    | { limit: number; windowMs: number; window: 'fixed' | 'sliding' | 'counter' | 'bucket' }
    | false
    | undefined;
  /**
   * Time jumps to the next change whenever somebody asks for an order or an organization, so that whoever waits for one
   * sees every status in turn without waiting for hours. Default false.
   */
  autoAdvance?: boolean | undefined;
  /** How long each reply takes, in real milliseconds; default 0. */
  latencyMs?: number | undefined;
  /** Who may log in; default one user, see `credentials`. */
  users?: { username: string; password: string; apiKey: string }[] | undefined;
  /** Begin with some organizations and orders, for demonstrations. Default false. */
  demo?: boolean | undefined;
}

/** What to answer in place of the truth, and to whom. Every part that is left out matches, or stays as it is. */
export interface FaultRule {
  /** Requests of this method. */
  method?: string | undefined;
  /** Requests whose path ends with this. */
  path?: string | undefined;
  /** This many of them; default 1. */
  times?: number | undefined;
  status?: number | undefined;
  headers?: Record<string, string> | undefined;
  body?: string | undefined;
  /** Answer so much later. */
  delayMs?: number | undefined;
  /** Answer nothing: `before` the request took effect, or `after`. */
  drop?: 'before' | 'after' | undefined;
}

/** What the sandbox accepts. */
export interface SandboxCredentials {
  apiKey: string;
  username: string;
  password: string;
}

const known: Record<keyof SandboxOptions, true> = {
  autoAdvance: true,
  demo: true,
  latencyMs: true,
  now: true,
  rateLimit: true,
  seed: true,
  users: true,
};

/** Refuses options that nobody would read: a misspelt one would be a silent surprise. */
export function checkOptions(options: SandboxOptions): void {
  const unknown = Object.keys(options).filter((name) => !Object.hasOwn(known, name));
  if (unknown.length === 0) return;
  throw new TypeError(
    `createSandbox knows no option ${unknown.join(', ')}; it knows ${Object.keys(known).join(', ')}.`,
  );
}
