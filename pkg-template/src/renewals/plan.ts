import type { Client } from '../client/client.js';
import { checkNames, checkSignal, refuse, shown } from '../errors/refuse.js';
import { throwIfAborted } from '../host/signal.js';
import type { RenewalJournal, RenewalPlan, RenewalPlanOptions, RenewalPolicy } from '../types/renewals.js';
import type { Order } from '../types/service.js';
import { fileJournal } from './journal-file.js';
import { damaged, isJson, ofStore } from './journal-lines.js';
import { Machine, ServiceClock } from './machine.js';
import { wrong } from './options.js';
import { Reading } from './reading.js';

/** Makes a plan. */
export async function makePlan(client: Client, options: RenewalPlanOptions = {}): Promise<RenewalPlan> {
  checkNames(options, ['policy', 'only', 'journal', 'signal']);
  const { policy = {}, only, journal, signal } = options;
  checkSignal(signal);
  const clock = new ServiceClock();
  const settings = settingsOf(client, policy, only);
  const entries = journal === undefined ? [] : await entriesOf(journalOf(journal));
  const machine = await Machine.plan(clock, settings, entries);
  const seen = new Set<string>();
  const reading = new Reading(client, clock, policy.at, { signal }, (order) => {
    if (only !== undefined) for (const name of namesOfOrder(order)) seen.add(name);
  });
  try {
    for (let { ask } = machine.next({}); ; ) {
      if (ask.ask === 'plan') {
        const { ask: _, ...plan } = ask;
        for (const { orderId, commonName } of plan.items) seen.add(orderId.toLowerCase()).add(commonName.toLowerCase());
        checkOnly(only, seen);
        policies.set(plan, policy);
        return plan;
      }
      throwIfAborted(signal);
      ({ ask } = machine.next((await reading.answer(ask, machine)) ?? {}));
    }
  } finally {
    machine.free();
  }
}

/** The policies of plans: plain data cannot hold a function. */
const policies = new WeakMap<RenewalPlan, RenewalPolicy>();

/** The policy by which a plan was made. */
export function policyOf(plan: RenewalPlan): RenewalPolicy {
  const { at, ...rest } = plan.policy ?? {};
  const policy = policies.get(plan) ?? (at === 'function' ? undefined : { at, ...rest });
  if (policy) return policy;
  const message = 'The plan is a copy without its function: make one where it is carried out.';
  throw refuse('invalid_argument', 'plan', message);
}

/** How an estate is looked at, as the state machine takes it. */
export function settingsOf(client: Client, policy: RenewalPolicy, only: readonly string[] | undefined): object {
  checkNames(policy, ['at', 'revoked', 'parallel', 'ended'], 'policy.');
  const { at = 'third', revoked = 'list', parallel = false, ended } = policy;
  const isDays = typeof at === 'number' && at > 0 && at < 400;
  if (!isDays && at !== 'third' && typeof at !== 'function') {
    throw wrong('policy.at', "'third', a number of days, or a function");
  }
  if (revoked !== 'list' && revoked !== 'replace') {
    throw wrong('policy.revoked', "'list' or 'replace'");
  }
  if (typeof parallel !== 'boolean') {
    throw wrong('policy.parallel', 'true or false');
  }
  if (ended !== undefined && !(typeof ended === 'number' && ended >= 0 && ended <= 3650)) {
    throw wrong('policy.ended', 'a number of days, 0 for none');
  }
  const calls = Math.max(1, Math.min(client.rateLimit.state?.limit ?? 100, 100_000));
  return {
    policy: { at: typeof at === 'function' ? 'function' : at, revoked, parallel, ended },
    limit: { calls: Math.floor(calls), windowMs: 60_000 },
    ...(only !== undefined && { only: namesOf(only) }),
  };
}

/** What an order is called in `only`. */
function namesOfOrder({ id, cert }: Order): string[] {
  const names = [id, cert?.commonName, ...(cert?.dnsNames ?? [])];
  return names.filter((name) => typeof name === 'string').map((name) => name.toLowerCase());
}

/** Whether a text looks like a host's name or an order's id, perhaps misspelt, and not like a key or a token. */
const isLikely = (name: string): boolean =>
  /^(?:(?:\*\.)?(?:[\w-]{1,63}\.)+[a-z\d-]{2,63}|(?=.*-)[\da-f-]{1,40})$/i.test(name) && name.length <= 253;

/** Refuses names that no order has: whoever mistyped one would be told that nothing is due, until it has ended. */
function checkOnly(only: readonly string[] | undefined, seen: ReadonlySet<string>): void {
  const unknown = only?.filter((name) => !seen.has(name.toLowerCase())) ?? [];
  if (unknown.length === 0) return;
  const names = unknown.map((name) => `\`${isLikely(name) ? name : shown(name)}\``).join(', ');
  const message = `\`only\`: no order that is in use, under way or has just ended has the name or id ${names}.`;
  throw refuse('invalid_option', 'only', message);
}

function namesOf(only: readonly string[]): readonly string[] {
  if (!Array.isArray(only) || only.some((name) => typeof name !== 'string')) {
    throw wrong('only', 'a list of ids or names of orders');
  }
  return only;
}

/** The journal that a caller gave. */
export function journalOf(journal: string | RenewalJournal): RenewalJournal {
  if (typeof journal === 'string' && journal !== '') return fileJournal(journal);
  const isOne = (['read', 'append', 'lock'] as const).every(
    (name) => typeof (journal as Partial<RenewalJournal> | undefined)?.[name] === 'function',
  );
  if (!isOne) {
    throw wrong('journal', 'the path of a file, or an object that keeps entries');
  }
  return journal as RenewalJournal;
}

/** The entries of a journal, if they are such. */
export async function entriesOf(journal: RenewalJournal): Promise<readonly string[]> {
  const entries: unknown = await journal.read();
  if (!Array.isArray(entries) || entries.some((entry) => typeof entry !== 'string')) {
    throw ofStore('The `read` of the journal did not return a list of texts.');
  }
  for (const [at, entry] of entries.entries())
    if (!isJson(entry)) throw damaged(`Entry ${at} of the journal cannot be read`);
  return entries;
}
