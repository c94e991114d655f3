import type { CertsClient } from 'markmonitor-certs';
import { useEffect, useState } from 'preact/hooks';

/** More than the service takes in a minute, so that a queue is seen. */
const waiting = 120;

/** A switch that keeps more calls waiting than the limit lets through, and what came of them. */
export function useBurst(client: CertsClient) {
  const [isOn, setOn] = useState(false);
  const [counts, setCounts] = useState({ answered: 0, failed: 0 });
  useEffect(() => {
    if (!isOn) return;
    setCounts({ answered: 0, failed: 0 });
    const ended = new AbortController();
    const call = async () => {
      while (!ended.signal.aborted) {
        const outcome = await client.orders.prices({ priority: 'low', signal: ended.signal }).then(
          () => 'answered' as const,
          () => 'failed' as const,
        );
        if (!ended.signal.aborted) setCounts((counts) => ({ ...counts, [outcome]: counts[outcome] + 1 }));
      }
    };
    for (let caller = 0; caller < waiting; caller += 1) void call();
    return () => ended.abort();
  }, [client, isOn]);
  return { isOn, toggle: () => setOn(!isOn), ...counts };
}
