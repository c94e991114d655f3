import type { NewOrder, Order } from 'markmonitor-certs';
import { Note } from '../../components/states.js';
import { formatDate } from '../../format.js';
import { endOf } from '../../order-words.js';
import { parseCsr } from '../../pki.js';
import { now } from '../../state/clock.js';
import { useLive } from '../../state/live.js';
import { nameOf } from '../../state/ordered.js';
import { useAsync } from '../../state/outcome.js';
import { href } from '../../state/route.js';

/** What is renewed, and whether its key stays. */
export interface Renewed {
  old: Order;
  /** Undefined as long as there is no request that can be read. */
  isSameKey: boolean | undefined;
}

/** The order that this one renews, once it is known; `id` is empty for one that renews none. */
export function useRenewed(id: string, { cert }: NewOrder): Renewed | undefined {
  const { value: old } = useLive(`order ${id}`, async ({ client }, signal) =>
    id ? await client.orders.get(id, { signal }) : null,
  );
  const requests = [old?.cert?.csr ?? '', cert.csr];
  const { value: isSameKey } = useAsync(requests.join(), async () => {
    const [before, after] = await Promise.all(requests.map((csr) => parseCsr(csr)));
    return before?.publicKey.spkiSha256 === after?.publicKey.spkiSha256;
  });
  return old ? { old, isSameKey } : undefined;
}

export const keyChange = ({ isSameKey }: Renewed): string | undefined =>
  isSameKey === undefined ? undefined : isSameKey ? 'The same as before' : 'A new one';

/** Says that it is a renewal, and what becomes of the certificate that is there. */
export function RenewalNote({ renewed }: { renewed: Renewed }) {
  const { old, isSameKey } = renewed;
  const end = endOf(old);
  return (
    <Note tone="active" role="status">
      <strong>
        This renews <a href={href('order', old.id)}>{nameOf(old)}</a>.
      </strong>{' '}
      {end &&
        (end < now()
          ? `Its certificate ended on ${formatDate(end)}.`
          : `Its certificate is valid until ${formatDate(end)}, and stays so.`)}
      {isSameKey !== undefined && (
        <p>
          {isSameKey ? 'The key stays the same: for a new one, replace the CSR.' : 'The new certificate has a new key.'}
        </p>
      )}
    </Note>
  );
}
