import { signal } from '@preact/signals';
import type { CertsClient, RateLimitState } from 'markmonitor-certs';
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { dayMs, formatDate, formatDateTime } from '../format.js';
import { now } from '../state/clock.js';
import { useSeconds } from '../state/outcome.js';
import { href } from '../state/route.js';
import type { PageSandbox } from '../state/sandbox.js';
import { type Mode, mode, service, touch } from '../state/service.js';
import { Bar } from './signs.js';

const steps = { '1 min': 60_000, '1 hour': 3_600_000, '1 day': dayMs, '30 days': 30 * dayMs };
const modes: Record<Mode, string> = { proxy: 'Through this server', sandbox: 'Sandbox in this page' };

export function Instruments() {
  if (!service.value) return null;
  const { client, sandbox } = service.value;
  return (
    <aside class="instruments" aria-label="Service">
      <Folded line={<ServiceLine client={client} />}>
        <RateGauge client={client} canBurst={sandbox !== undefined} />
        {sandbox && <SandboxTime sandbox={sandbox} />}
        <section class="instrument">
          <h2>Service</h2>
          <a href={href('connect')}>{modes[mode.value]}</a>
          {sandbox && (
            <button type="button" class="link" onClick={sandbox.startAnew}>
              Reset the sandbox
            </button>
          )}
        </section>
      </Folded>
    </aside>
  );
}

/** Where there is little room, a line that unfolds. */
function Folded({ line, children }: { line: ComponentChildren; children: ComponentChildren }) {
  if (!isNarrow.value) return children;
  return (
    <details>
      <summary>{line}</summary>
      <div class="unfolded">{children}</div>
    </details>
  );
}

const narrow = matchMedia('(max-width: 47.5em), (max-height: 35em)');
const isNarrow = signal(narrow.matches);
narrow.addEventListener('change', () => {
  isNarrow.value = narrow.matches;
});

function ServiceLine({ client }: { client: CertsClient }) {
  useSeconds();
  const { state } = client.rateLimit;
  return (
    <>
      {mode.value === 'sandbox' ? 'Sandbox' : modes[mode.value]}
      {state && ` · ${state.used} of ${state.limit} slots used`}
      {mode.value === 'sandbox' && (
        <>
          {' · '}
          <span class="whole">{formatDate(now())}</span>
        </>
      )}
    </>
  );
}

function SandboxTime({ sandbox }: { sandbox: PageSandbox }) {
  const pass = (ms: number) => {
    sandbox.advance(ms);
    touch();
  };
  return (
    <section class="instrument">
      <h2>Sandbox time</h2>
      <p class="figure">{formatDateTime(now())}</p>
      <fieldset class="segments" aria-label="Let time pass">
        {Object.entries(steps).map(([label, ms]) => (
          <button key={label} type="button" onClick={() => pass(ms)} aria-label={`Let ${label} pass`}>
            +{label}
          </button>
        ))}
      </fieldset>
    </section>
  );
}

/** How much of the rate limit is used: the client reports changes, and each second slots can come free with time. */
function RateGauge({ client, canBurst }: { client: CertsClient; canBurst: boolean }) {
  const look = useSeconds();
  useEffect(() => client.rateLimit.on('change', look), [client]);
  const { state } = client.rateLimit;
  return (
    <section class="instrument">
      <h2>Rate limit</h2>
      {state && <RateLevel state={state} />}
      {canBurst && <Burst client={client} />}
    </section>
  );
}

function RateLevel({ state }: { state: RateLimitState }) {
  const { used, limit, remaining, queued } = state;
  return (
    <>
      <p class="figure">
        {used} <span class="muted">of {limit} slots used</span>
      </p>
      <Bar percent={(100 * used) / limit} tone={remaining === 0 ? 'attention' : 'active'} />
      <p class="muted">
        {queued} queued · {nextSlot(state)}
      </p>
    </>
  );
}

/** The last slots are not for calls of low priority: these can wait although some are free. */
function nextSlot({ nextSlotInMs, remaining, queued }: RateLimitState): string {
  if (nextSlotInMs > 0) return `next slot in ${Math.ceil(nextSlotInMs / 1000)}\u00a0s`;
  return queued > 0 ? `${remaining} kept for you` : 'next slot free';
}

const callers = 120;
const noCalls = { fulfilled: 0, rejected: 0 };

/**
 * A switch that keeps more calls waiting than the limit lets through, and what came of them. In a lane of its own: the list
 * of orders takes turns with it.
 */
function Burst({ client }: { client: CertsClient }) {
  const [isOn, setOn] = useState(false);
  const [counts, setCounts] = useState(noCalls);
  useEffect(() => {
    if (!isOn) return;
    setCounts(noCalls);
    const ended = new AbortController();
    const { signal } = ended;
    const call = async () => {
      while (!signal.aborted) {
        const [{ status }] = await Promise.allSettled([
          client.orders.prices({ priority: 'low', lane: 'burst', signal }),
        ]);
        if (!signal.aborted) setCounts((counts) => ({ ...counts, [status]: counts[status] + 1 }));
      }
    };
    for (let caller = 0; caller < callers; caller += 1) void call();
    return () => ended.abort();
  }, [client, isOn]);
  return (
    <>
      <button type="button" class="switch" role="switch" aria-checked={isOn} onClick={() => setOn(!isOn)}>
        Burst
      </button>
      {counts !== noCalls && (
        <p class="muted" role="status">
          {counts.fulfilled} answered, {counts.rejected} refused
        </p>
      )}
    </>
  );
}
