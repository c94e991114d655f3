import { allowedActions, dateOf, type NewOrder, type Order } from 'markmonitor-certs';
import { Note } from '../../components/states.js';
import { formatDate } from '../../format.js';
import { allNamesOf, statusWords } from '../../order-words.js';
import { useLive } from '../../state/live.js';
import { nameOf } from '../../state/ordered.js';
import { href } from '../../state/route.js';

const setOf = (names: readonly string[]) => [...new Set(names.map((name) => name.toLowerCase()))].sort().join(' ');

/**
 * The orders of the same names that stand: something can still be done with them. A renewal is none of those that were there
 * before what it renews.
 */
export function useStanding({ cert }: NewOrder, renewed: Order | undefined): Order[] {
  const { commonName, dnsNames } = cert;
  const wanted = setOf([commonName, ...(dnsNames ?? [])].filter(Boolean));
  const { value = [] } = useLive(`standing ${commonName}`, async ({ client }, signal) => {
    if (!commonName) return [];
    const orders = await client.orders.list({ commonNames: [commonName] }, { signal }).toArray({ limit: 100 });
    const allowed = await Promise.all(orders.map((order) => allowedActions(order)));
    return orders.filter((_, index) => (allowed[index]?.length ?? 0) > 0);
  });
  const since = dateOf(renewed?.dateCreated) ?? new Date(0);
  const isOfTime = ({ id, dateCreated }: Order) => id !== renewed?.id && (dateOf(dateCreated) ?? since) >= since;
  // A fresh order does not show its names yet: it was found by its common name.
  return value.filter((order) => isOfTime(order) && (!order.cert || setOf(allNamesOf(order)) === wanted));
}

export function SameNames({ standing }: { standing: readonly Order[] }) {
  if (standing.length === 0) return null;
  return (
    <Note tone="attention" role="status">
      <strong>There is an order of the same names.</strong>
      <ul>
        {standing.slice(0, 3).map((order) => (
          <li key={order.id}>
            <a href={href('order', order.id)}>{nameOf(order)}</a>: {statusWords(order.status).label},{' '}
            {formatDate(dateOf(order.dateCreated))}
          </li>
        ))}
      </ul>
      <p>With the same request, type and organization it is shown again, and nothing is bought.</p>
    </Note>
  );
}
