import type { Order, OrderStatus } from 'markmonitor-certs';
import { statusWords } from '../../words.js';

const first: OrderStatus[] = ['CREATED', 'DIGI_PENDING', 'DIGI_PROCESSING', 'DIGI_ISSUED'];
const reissue: OrderStatus[] = ['REISSUE_REQUEST_PENDING', 'DIGI_REISSUE_PENDING', 'DIGI_ISSUED'];

/** The way that an order takes, through its present status. */
function pathOf({ status = 'CREATED', cert }: Order): OrderStatus[] {
  if (first.includes(status)) return first;
  if (reissue.includes(status)) return reissue;
  const { tone } = statusWords(status);
  if (status === 'REISSUE_PENDING') return [status, 'DIGI_REISSUE_PENDING', 'DIGI_ISSUED'];
  if (tone === 'attention') return ['CREATED', status, 'DIGI_PROCESSING', 'DIGI_ISSUED'];
  return cert?.serialNumber ? [...first, status] : ['CREATED', 'DIGI_PENDING', status];
}

/** The statuses of an order as a line, with the present one marked. */
export function Stages({ order }: { order: Order }) {
  const path = pathOf(order);
  const present = path.indexOf(order.status ?? 'CREATED');
  return (
    <ol class="stages" aria-label="Statuses">
      {path.map((status, index) => {
        const { label, tone } = statusWords(status);
        const isPresent = index === present;
        return (
          <li
            key={status}
            class={isPresent ? `present tone-${tone}` : index < present ? 'past' : 'future'}
            aria-current={isPresent ? 'step' : undefined}
          >
            {label}
          </li>
        );
      })}
    </ol>
  );
}
