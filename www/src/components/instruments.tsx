import type { CertsClient, RateLimitState } from 'markmonitor-certs';
import { useEffect, useState } from 'preact/hooks';
import { dayMs, formatDateTime } from '../format.js';
import { useSeconds } from '../state/outcome.js';
import type { PageSandbox } from '../state/sandbox.js';
import { type Mode, mode, now, proxyPath, service, touch } from '../state/service.js';
import { Choice } from './form.js';
import { Bar } from './signs.js';

const steps = { '1 min': 60_000, '1 hour': 3_600_000, '1 day': dayMs, '30 days': 30 * dayMs };
const modes: Record<Mode, string> = { proxy: 'Through this server', sandbox: 'Sandbox' };

/** Another mode is another world. */
const changeMode = (chosen: string) => {
  mode.value = chosen as Mode;
  location.reload();
};

/** What the service does at this moment: shown once it is in use. */
export function Instruments() {
  if (!service.value) return null;
  const { client, sandbox } = service.value;
  return (
    <aside class="instruments" aria-label="Service">
      <RateGauge client={client} canBurst={sandbox !== undefined} />
      {sandbox && <SandboxTime sandbox={sandbox} />}
      <section class={proxyPath ? 'instrument' : 'instrument place'}>
        <h2>Service</h2>
        {proxyPath ? (
          <Choice aria-label="Service" value={mode.value} options={Object.entries(modes)} change={changeMode} />
        ) : (
          <p class="muted">Sandbox in this page: no account, no server.</p>
        )}
        {sandbox && (
          <button type="button" class="link" onClick={sandbox.startAnew}>
            Reset the sandbox
          </button>
        )}
      </section>
    </aside>
  );
}

function SandboxTime({ sandbox }: { sandbox: PageSandbox }) {
  const draw = useSeconds();
  const pass = (ms: number) => {
    sandbox.advance(ms);
    draw();
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
  if (nextSlotInMs > 0) return `next slot in ${Math.ceil(nextSlotInMs / 1000)} s`;
  return queued > 0 ? `${remaining} kept for you` : 'next slot free';
}

/** More than the service takes in a minute, so that a queue is seen. */
const callers = 120;
const noCalls = { fulfilled: 0, rejected: 0 };

/** A switch that keeps more calls waiting than the limit lets through, and what came of them. */
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
        const [{ status }] = await Promise.allSettled([client.orders.prices({ priority: 'low', signal })]);
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
