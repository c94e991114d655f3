import { useEffect, useState } from 'preact/hooks';
import { formatDateTime } from '../format.js';
import type { PageSandbox } from '../state/sandbox.js';
import { mode, now, proxyPath, service, touch } from '../state/service.js';
import { RateGauge } from './rate-gauge.js';

const steps: [string, number][] = [
  ['1 min', 60_000],
  ['1 hour', 3_600_000],
  ['1 day', 86_400_000],
  ['30 days', 30 * 86_400_000],
];

/** What the service does at this moment: shown once it is in use. */
export function Instruments() {
  const current = service.value;
  if (!current) return null;
  return (
    <aside class="instruments" aria-label="Service">
      <RateGauge client={current.client} canBurst={current.sandbox !== undefined} />
      {current.sandbox && <TimeButtons sandbox={current.sandbox} />}
      <section class={proxyPath ? 'instrument' : 'instrument place'}>
        <h2>Service</h2>
        {proxyPath ? (
          <select
            aria-label="Service"
            value={mode.value}
            onChange={({ currentTarget }) => {
              mode.value = currentTarget.value === 'proxy' ? 'proxy' : 'sandbox';
            }}
          >
            <option value="proxy">Through this server</option>
            <option value="sandbox">Sandbox</option>
          </select>
        ) : (
          <p class="muted">Sandbox in this page: no account, no server.</p>
        )}
        {current.sandbox && <StartAnew sandbox={current.sandbox} />}
      </section>
    </aside>
  );
}

function StartAnew({ sandbox }: { sandbox: PageSandbox }) {
  const start = () => {
    sandbox.forget();
    location.reload();
  };
  return (
    <button type="button" class="link" onClick={start}>
      Start the sandbox anew
    </button>
  );
}

function TimeButtons({ sandbox }: { sandbox: PageSandbox }) {
  const [time, setTime] = useState(now());
  useEffect(() => {
    const timer = setInterval(() => setTime(now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  const pass = (ms: number) => {
    sandbox.advance(ms);
    setTime(now());
    touch();
  };
  return (
    <section class="instrument">
      <h2>Sandbox time</h2>
      <p class="figure">{formatDateTime(time)}</p>
      <fieldset class="segments" aria-label="Let time pass">
        {steps.map(([label, ms]) => (
          <button key={label} type="button" onClick={() => pass(ms)} aria-label={`Let ${label} pass`}>
            +{label}
          </button>
        ))}
      </fieldset>
    </section>
  );
}
