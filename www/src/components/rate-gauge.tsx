import type { CertsClient, RateLimitState } from 'markmonitor-certs';
import { useEffect, useState } from 'preact/hooks';
import { useBurst } from '../state/burst.js';
import { Switch } from './switch.js';

/** How much of the rate limit is used. */
export function RateGauge({ client, canBurst }: { client: CertsClient; canBurst: boolean }) {
  const state = useRateLimit(client);
  const width = Math.min(100, (100 * state.used) / state.limit);
  const isFull = state.remaining === 0;
  return (
    <section class="instrument">
      <h2>Rate limit</h2>
      <p class="figure">
        {state.used} <span class="muted">of {state.limit} slots used</span>
      </p>
      <svg class={isFull ? 'gauge full' : 'gauge'} viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
        <rect class="track" width="100" height="6" />
        <rect class="level" width={width} height="6" />
      </svg>
      <p class="muted">
        {state.queued} queued · {nextSlot(state)}
      </p>
      {canBurst && <Burst client={client} />}
    </section>
  );
}

/** The last slots are not for calls of low priority: these can wait although some are free. */
function nextSlot({ nextSlotInMs, remaining, queued }: RateLimitState): string {
  if (nextSlotInMs > 0) return `next slot in ${Math.ceil(nextSlotInMs / 1000)} s`;
  return queued > 0 ? `${remaining} kept for you` : 'next slot free';
}

/** The state of the limit: told by the client, and looked at each second while slots come free with time. */
function useRateLimit(client: CertsClient): RateLimitState {
  const [state, setState] = useState(client.rateLimit.state);
  useEffect(() => {
    const look = () => setState(client.rateLimit.state);
    const timer = setInterval(look, 1_000);
    const unsubscribe = client.rateLimit.on('change', look);
    return () => {
      clearInterval(timer);
      unsubscribe();
    };
  }, [client]);
  return state;
}

function Burst({ client }: { client: CertsClient }) {
  const burst = useBurst(client);
  return (
    <>
      <Switch label="Burst" isOn={burst.isOn} onChange={burst.toggle} />
      {burst.answered + burst.failed > 0 && (
        <p class="muted" role="status">
          {burst.answered} answered, {burst.failed} refused
        </p>
      )}
    </>
  );
}
