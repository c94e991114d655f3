import { nameService } from '../host/service.js';
import type { FaultRule, SandboxCredentials, SandboxOptions } from '../types/sandbox.js';
import type { SandboxReply, SandboxService, SandboxWasm } from '../wasm/exports.js';
import { sandboxLoader } from '../wasm/sandbox.js';
import { Clock } from './clock.js';
import { type Arrived, fetchFrom } from './fetch.js';
import { checkFault, checkOptions } from './options.js';

/** A request that the sandbox got. */
export interface SandboxRequest {
  method: string;
  /** Without the query. */
  path: string;
  /** 0 when the connection was dropped. */
  status: number;
  /** The sandbox's time, in milliseconds since 1970. */
  at: number;
}

/** The service, in memory. */
export interface Sandbox {
  /** Hand it to `new CertsClient({ fetch })`. It answers for every origin. */
  readonly fetch: typeof globalThis.fetch;
  /** Hand it to `new CertsClient({ auth })`. */
  readonly credentials: SandboxCredentials;
  /** The sandbox's time. */
  readonly now: Date;
  /** Every request so far. */
  readonly requests: SandboxRequest[];
  /**
   * Time passes, in milliseconds: orders move on, tokens expire, replies have a later `Date`.
   *
   * @example
   * sandbox.advance(24 * 3_600_000);
   */
  advance(ms: number): void;
  /**
   * Makes requests go wrong from now on.
   *
   * @throws TypeError The rule has a field or a value that there is not.
   *
   * @example
   * sandbox.fault({ method: 'POST', path: '/order', drop: 'after', times: 1 }); // done, and the reply is lost
   */
  fault(rule: FaultRule): void;
  /**
   * Ends all faults.
   *
   * @example
   * sandbox.clearFaults();
   */
  clearFaults(): void;
}

// What is issued in the sandbox's first week is valid by the clock of whoever looks at it.
const week = 7 * 24 * 60 * 60 * 1000;

/**
 * Makes the service, in memory: all of its calls, its rules, its rate limit, and a certificate authority that issues
 * real certificates.
 *
 * A common name at or below one of the domains in `fates`, such as `rejected.example`, chooses what becomes of its order;
 * every other valid order is issued. Where nobody knows what the service does, `readings` chooses what the sandbox does.
 *
 * @throws TypeError An option, a reading or a value that there is not; the message names the nearest right one.
 *
 * @example
 * const sandbox = await createSandbox({ autoAdvance: true });
 * const client = new CertsClient({ auth: sandbox.credentials, fetch: sandbox.fetch });
 */
export async function createSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const given = options ?? {};
  checkOptions(given);
  const { now = new Date(Date.now() - week), autoAdvance = false, ...rest } = given;
  const instance = await sandboxLoader().get();
  const clock = new Clock(now.getTime());
  const make = ({ Sandbox: Service }: SandboxWasm) => new Service({ ...rest, now: now.getTime() });
  return sandboxOf(
    orTypeError(() => instance.enter(make)),
    clock,
    autoAdvance,
  );
}

function sandboxOf(service: SandboxService, clock: Clock, autoAdvance: boolean): Sandbox {
  const requests: SandboxRequest[] = [];
  const answer = ({ method, url, headers, body }: Arrived): SandboxReply => {
    const path = new URL(url).pathname;
    const at = clock.now();
    const reply = service.handle(method, url, headers, body, at);
    requests.push({ method, path, status: reply.drop ? 0 : reply.status, at });
    // Not after a refusal: a token that expired in one jump would expire again in the next.
    if (autoAdvance && method === 'GET' && reply.status === 200 && isWatched(path)) jump(service, clock);
    return reply;
  };
  const credentials = service.credentials();
  return {
    // No UUID: jsdom makes none, nor does a page that came over http.
    fetch: nameService(fetchFrom(answer), crypto.getRandomValues(new Uint32Array(4)).join(), credentials.apiKey),
    credentials,
    requests,
    get now() {
      return new Date(clock.now());
    },
    advance: (ms) => clock.advance(ms),
    fault(rule) {
      checkFault(rule);
      orTypeError(() => service.fault(rule));
    },
    clearFaults: () => service.clearFaults(),
  };
}

/** Whether somebody who waits for an order or an organization would look there. */
function isWatched(path: string): boolean {
  return /\/(order|organization)(\/[^/]+)?$/.test(path);
}

// Nobody waits for what takes longer: what lies further ahead is the end of a certificate or of a validation.
const longestJump = 30 * 24 * 60 * 60 * 1000;

function jump(service: SandboxService, clock: Clock): void {
  const now = clock.now();
  const span = (service.nextChange(now) ?? now) - now;
  if (span > 0 && span <= longestJump) clock.advance(span);
}

/** The wasm refuses a wrong value with a sentence. */
function orTypeError<T>(work: () => T): T {
  try {
    return work();
  } catch (reason) {
    throw typeof reason === 'string' ? new TypeError(reason.replace(/^Error: /, '')) : reason;
  }
}
