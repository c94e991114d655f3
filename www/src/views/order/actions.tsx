import { allowedActions, type Order, type OrderAction } from 'markmonitor-certs';
import { useEffect, useState } from 'preact/hooks';
import { actionWords } from '../../words.js';
import { ActionDialog, isSensible } from './action-dialog.js';

const dangerous: readonly OrderAction[] = ['cancel', 'revoke'];

/** What the order's status allows, in the order in which it is needed. */
const shown: readonly OrderAction[] = [
  'sendDcvEmail',
  'validateDomains',
  'reissue',
  'sendCertificateEmail',
  'updateAdditionalEmails',
  'cancel',
  'revoke',
];

/** Buttons for the actions that the order's status allows. */
export function Actions({ order }: { order: Order }) {
  const [allowed, setAllowed] = useState<readonly OrderAction[]>([]);
  const [open, setOpen] = useState<OrderAction>();
  useEffect(() => {
    let isCurrent = true;
    // Without a network: it cannot fail but for a broken page, and then there is nothing to offer.
    allowedActions(order).then(
      (actions) => isCurrent && setAllowed(actions),
      () => isCurrent && setAllowed([]),
    );
    return () => {
      isCurrent = false;
    };
  }, [order]);
  const actions = shown.filter((action) => allowed.includes(action) && isSensible(action, order));
  return (
    <div class="actions order-actions">
      {actions.map((action) => (
        <button
          key={action}
          type="button"
          class={dangerous.includes(action) ? 'button danger' : 'button'}
          onClick={() => setOpen(action)}
        >
          {actionWords[action]}
        </button>
      ))}
      {open && <ActionDialog action={open} order={order} close={() => setOpen(undefined)} />}
    </div>
  );
}
