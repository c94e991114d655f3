import type { Client } from '../client/client.js';
import { renewals } from '../client/parts.js';
import { Iteration } from '../connection/iteration.js';
import type { RenewalEvent, RenewalPlan, RenewalPlanOptions, RenewalRunOptions } from '../types/renewals.js';

/**
 * Renews certificates unattended (guide 8.5): `plan` says what is due, and `run` orders it once, from its key to its delivery.
 * Loaded when it is first used.
 */
export class Renewals {
  readonly #client: Client;

  /** @internal */
  constructor(client: Client) {
    this.#client = client;
  }

  /**
   * What would be renewed, and why: each order with a certificate, whether it is due, replaced, revoked or blocked, the order
   * that would be placed, and its price. Nothing is sent but what reads; the same estate gives the same plan.
   *
   * @throws CertsError The account could not be read.
   *
   * @example
   * const plan = await client.renewals.plan({ policy: { at: 'third' } });
   * for (const item of plan.items) console.log(item.commonName, item.action, item.reason, item.price);
   */
  async plan(options?: RenewalPlanOptions): Promise<RenewalPlan> {
    const { makePlan } = await renewals();
    return await makePlan(this.#client, options);
  }

  /**
   * Carries a plan out: a key and a request for each certificate that is due, an order placed once, control of its domains
   * shown, its certificate waited for, checked and delivered. Each step is in the journal before it is taken: a run that
   * ends anywhere is continued by the next one with the same journal. One certificate that fails stops no other.
   *
   * The estate is looked at again first: what has been renewed since the plan was made is not renewed once more. A run beside
   * another one of the same journal ends at once, with the outcome `locked`.
   *
   * @throws CertsError The account could not be read, or the journal could not be used. What fails of one certificate is an
   *   event.
   *
   * @example
   * for await (const event of client.renewals.run(plan, { journal: 'renewals.journal', deliver: { directory: 'certs' } })) {
   *   if (event.type === 'problem') console.error(event.commonName, event.message);
   *   if (event.type === 'ended') console.log(event.summary.text);
   * }
   */
  run(plan: RenewalPlan, options: RenewalRunOptions): AsyncGenerator<RenewalEvent, undefined, undefined> {
    const load = async () => {
      const { RunSource } = await renewals();
      return new RunSource(this.#client, plan, options);
    };
    let source: ReturnType<typeof load> | undefined;
    return new Iteration<RenewalEvent>(options?.signal, {
      pull: async (signal) => {
        source ??= load();
        return await (await source).pull(signal);
      },
      close: async () => await (await source)?.close(),
    });
  }
}
