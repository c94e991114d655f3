import type { CertsClient } from '../client/certs-client.js';
import { checkNames, checkSignal, refuse } from '../errors/refuse.js';
import type { RenewalJournal, RenewalPlan, RenewalPlanOptions, RenewalPolicy } from '../types/renewals.js';
import { fileJournal } from './journal-file.js';
import { Machine, ServiceClock } from './machine.js';
import { Reading } from './reading.js';

/** Makes a plan. */
export async function makePlan(client: CertsClient, options: RenewalPlanOptions = {}): Promise<RenewalPlan> {
  checkNames(options, ['policy', 'only', 'journal', 'signal']);
  const { policy = {}, only, journal, signal } = options;
  checkSignal(signal);
  const clock = new ServiceClock();
  const settings = settingsOf(client, policy, only);
  const entries = journal === undefined ? [] : await journalOf(journal).read();
  const machine = await Machine.plan(clock, settings, entries);
  const reading = new Reading(client, clock, policy.at, { signal });
  try {
    for (let { ask } = machine.next({}); ; ) {
      if (ask.ask === 'plan') {
        const { ask: _, ...plan } = ask;
        policies.set(plan, policy);
        return plan;
      }
      signal?.throwIfAborted();
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
  const message =
    'The plan was made with a function, and is a copy, which has none: make a plan where it is carried out.';
  throw refuse('invalid_argument', 'plan', message);
}

/** How an estate is looked at, as the state machine takes it. */
export function settingsOf(client: CertsClient, policy: RenewalPolicy, only: readonly string[] | undefined): object {
  checkNames(policy, ['at', 'revoked', 'parallel', 'ended'], 'policy.');
  const { at = 'third', revoked = 'list', parallel = false, ended } = policy;
  const isDays = typeof at === 'number' && at > 0 && at < 400;
  if (!isDays && at !== 'third' && typeof at !== 'function') {
    throw refuse('invalid_option', 'policy.at', "`policy.at` must be 'third', a number of days, or a function.");
  }
  if (revoked !== 'list' && revoked !== 'replace') {
    throw refuse('invalid_option', 'policy.revoked', "`policy.revoked` must be 'list' or 'replace'.");
  }
  if (ended !== undefined && !(typeof ended === 'number' && ended >= 0 && ended <= 3650)) {
    throw refuse('invalid_option', 'policy.ended', '`policy.ended` must be a number of days, 0 for none.');
  }
  const calls = Math.max(1, Math.min(client.rateLimit.state?.limit ?? 100, 100_000));
  return {
    policy: { at: typeof at === 'function' ? 'function' : at, revoked, parallel: parallel === true, ended },
    limit: { calls: Math.floor(calls), windowMs: 60_000 },
    ...(only !== undefined && { only: namesOf(only) }),
  };
}

function namesOf(only: readonly string[]): readonly string[] {
  if (!Array.isArray(only) || only.some((name) => typeof name !== 'string')) {
    throw refuse('invalid_option', 'only', '`only` must be a list of ids or names of orders.');
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
    throw refuse('invalid_option', 'journal', '`journal` must be the path of a file, or an object that keeps entries.');
  }
  return journal as RenewalJournal;
}
