import { allowedActions, type CertsClient, type Order, type OrderAction } from 'markmonitor-certs';
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { Button } from '../../components/button.js';
import { type FieldText, FormDialog } from '../../components/dialog.js';
import { Line, Lines } from '../../components/form.js';
import { wordsOf } from '../../format.js';
import { allNamesOf, dcvMethodOf } from '../../order-words.js';
import { nameOf } from '../../state/ordered.js';
import { remember } from '../../state/orders.js';
import { useAsync } from '../../state/outcome.js';
import { href } from '../../state/route.js';
import { connect, touch } from '../../state/service.js';
import { toast } from '../../state/toasts.js';

interface Plan {
  title: string;
  explanation: string;
  confirm: string;
  look?: 'danger';
  /** What cannot be undone asks for the common name. */
  isFinal?: boolean;
  fields?: (order: Order) => ComponentChildren;
  run: (client: CertsClient, order: Order, text: FieldText) => Promise<Order>;
}

const plans: Record<OrderAction, Plan> = {
  sendDcvEmail: {
    title: 'Send DCV email again',
    explanation: 'DigiCert sends the links for domain control again.',
    confirm: 'Send',
    run: (client, order) => client.orders.sendDcvEmail(order),
  },
  validateDomains: {
    title: 'Submit domains',
    explanation: 'DigiCert checks again whether you control them.',
    confirm: 'Submit',
    fields: (order) => names('Domains, one per line', allNamesOf(order)),
    run: (client, order, text) => client.orders.validateDomains(order, wordsOf(text('names'))),
  },
  reissue: {
    title: 'Reissue',
    explanation: 'DigiCert issues another certificate for the same common name. Leave the CSR empty to keep the key.',
    confirm: 'Reissue',
    fields: ({ cert }) => (
      <>
        <Lines label="CSR, if the key changes" class="pem" name="csr" rows={6} />
        {names('Names, one per line', cert?.dnsNames)}
      </>
    ),
    run: (client, order, text) => {
      const [csr, dnsNames] = [text('csr'), wordsOf(text('names'))];
      return client.orders.reissue(order, { cert: { ...(csr && { csr }), ...(dnsNames.length > 0 && { dnsNames }) } });
    },
  },
  sendCertificateEmail: {
    title: 'Email the certificate',
    explanation: 'The certificate is sent to the contacts of the order.',
    confirm: 'Send',
    run: (client, order) => client.orders.sendCertificateEmail(order),
  },
  updateAdditionalEmails: {
    title: 'Change emails',
    explanation: 'These addresses are notified of renewals and reissues too. They replace the current ones.',
    confirm: 'Save',
    fields: ({ additionalEmails }) => names('Emails, one per line', additionalEmails),
    run: (client, order, text) => client.orders.updateAdditionalEmails(order, wordsOf(text('names'))),
  },
  cancel: {
    title: 'Cancel',
    explanation: 'A new order is canceled for good; a pending reissue is dropped and the current certificate stays.',
    confirm: 'Cancel it',
    look: 'danger',
    run: (client, order) => client.orders.cancel(order),
  },
  revoke: {
    title: 'Revoke',
    explanation: 'Browsers will refuse every server that uses this certificate. Nobody can take this back.',
    confirm: 'Revoke permanently',
    look: 'danger',
    isFinal: true,
    run: (client, order) => client.orders.revoke(order, { permanent: true }),
  },
};

function names(label: string, present: readonly string[] = []) {
  return <Lines label={label} name="names" rows={4} defaultValue={present.join('\n')} />;
}

/** Buttons for the actions that the order's status allows. */
export function Actions({ order }: { order: Order }) {
  // Without a network: it cannot fail but for a broken page, and then there is nothing to offer.
  const { value: allowed = [] } = useAsync(order, () => allowedActions(order));
  const [open, setOpen] = useState<{ plan: Plan; order: Order }>();
  // Nobody waits for an email where control is shown in another way.
  const isByEmail = dcvMethodOf(order) === 'EMAIL';
  const shown = Object.entries(plans).filter(
    ([action]) => allowed.some((other) => other === action) && (isByEmail || action !== 'sendDcvEmail'),
  );
  return (
    <div class="actions">
      {shown.map(([action, plan]) => (
        <Button key={action} word={plan.title} look={plan.look ?? ''} onClick={() => setOpen({ plan, order })} />
      ))}
      {/* With the order as it is now: what is typed must not be lost when the order changes. */}
      {open && <ActionDialog {...open} close={() => setOpen(undefined)} />}
    </div>
  );
}

function ActionDialog({ plan, order, close }: { plan: Plan; order: Order; close: () => void }) {
  const { title, explanation, confirm, look = 'primary', isFinal, fields, run } = plan;
  const [typed, setTyped] = useState('');
  const submit = async (text: FieldText) => {
    try {
      const { client } = await connect();
      remember([await run(client, order, text)]);
      toast(`${title}, ${nameOf(order)}: the service has taken it.`, 'good', href('order', order.id));
      close();
    } finally {
      // Refused or not, it may have changed.
      touch();
    }
  };
  const isReady = !isFinal || typed.trim() === nameOf(order);
  return (
    <FormDialog
      {...{ title, confirm, look, isReady, submit, close }}
      failure={`${title}, ${nameOf(order)}: it could not be done.`}
    >
      <p>{explanation}</p>
      {fields?.(order)}
      {isFinal && <Line label={`Type ${nameOf(order)} to confirm`} value={typed} change={setTyped} />}
    </FormDialog>
  );
}
