import type { CertsClient, Order, OrderAction, Reissue } from 'markmonitor-certs';
import { useState } from 'preact/hooks';
import { Dialog } from '../../components/dialog.js';
import { ErrorNote } from '../../components/states.js';
import { remember } from '../../state/orders.js';
import { connect, touch } from '../../state/service.js';
import { toast } from '../../state/toasts.js';
import { levelOf, nameOf } from '../../words.js';

/** One action: what it asks for, what it means, and how it is done. */
interface Plan {
  title: string;
  explanation: string;
  confirm: string;
  done: string;
  /** What cannot be undone asks for the common name. */
  isFinal?: boolean;
  fields?: (order: Order) => preact.ComponentChildren;
  run: (client: CertsClient, order: Order, text: (field: string) => string) => Promise<Order>;
}

const plans: Record<OrderAction, Plan> = {
  cancel: {
    title: 'Cancel',
    explanation: 'A new order is canceled for good; a pending reissue is dropped and the present certificate stays.',
    confirm: 'Cancel it',
    done: 'It is canceled.',
    run: (client, order) => client.orders.cancel(order),
  },
  revoke: {
    title: 'Revoke the certificate',
    explanation:
      'Browsers will refuse every server that uses this certificate. This is permanent; nobody can take it back.',
    confirm: 'Revoke for ever',
    done: 'The revocation is on its way.',
    isFinal: true,
    run: (client, order) => client.orders.revoke(order, { permanent: true }),
  },
  reissue: {
    title: 'Reissue the certificate',
    explanation: 'DigiCert issues another certificate for the same common name. Leave the CSR empty to keep the key.',
    confirm: 'Reissue',
    done: 'The reissue is requested.',
    fields: ReissueFields,
    run: (client, order, text) => client.orders.reissue(order, reissueOf(text('csr'), words(text('names')))),
  },
  sendDcvEmail: {
    title: 'Send the DCV mail again',
    explanation: 'DigiCert mails the links for domain control once more.',
    confirm: 'Send',
    done: 'The mail is on its way.',
    run: (client, order) => client.orders.sendDcvEmail(order),
  },
  validateDomains: {
    title: 'Submit domains for validation',
    explanation: 'For OV and EV certificates, one domain per line.',
    confirm: 'Submit',
    done: 'The domains are submitted.',
    fields: (order) => <Lines name="domains" label="Domains" value={namesOf(order)} />,
    run: (client, order, text) => client.orders.validateDomains(order, words(text('domains'))),
  },
  updateAdditionalEmails: {
    title: 'Change the e-mails',
    explanation: 'These addresses hear of renewals and reissues too, one per line. They replace the present ones.',
    confirm: 'Save',
    done: 'The e-mails are changed.',
    fields: (order) => <Lines name="emails" label="E-mails" value={order.additionalEmails ?? []} />,
    run: (client, order, text) => client.orders.updateAdditionalEmails(order, words(text('emails'))),
  },
  sendCertificateEmail: {
    title: 'Mail the certificate',
    explanation: 'The certificate is sent to the contacts of the order.',
    confirm: 'Send',
    done: 'The certificate is on its way.',
    run: (client, order) => client.orders.sendCertificateEmail(order),
  },
};

/** Whether an action makes sense for the order beyond its status. */
export const isSensible = (action: OrderAction, { certType, cert }: Order): boolean => {
  if (action === 'validateDomains') return levelOf(certType) !== 'DV';
  return action !== 'revoke' || !cert?.revokeStatus;
};

/** Asks before an action is done, and tells what came of it. */
export function ActionDialog({ action, order, close }: { action: OrderAction; order: Order; close: () => void }) {
  const { title, explanation, confirm, done, isFinal, fields, run } = plans[action];
  // As it was when the dialog opened: what is typed must not be lost when the order changes.
  const [shown] = useState(order);
  const [typed, setTyped] = useState('');
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const isConfirmed = !isFinal || typed.trim() === nameOf(shown);

  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (!(event.currentTarget instanceof HTMLFormElement)) return;
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setError(undefined);
    try {
      const { client } = await connect();
      remember([await run(client, shown, (field) => `${form.get(field) ?? ''}`.trim())]);
      toast(done);
      close();
    } catch (reason) {
      setError(reason);
      setBusy(false);
    }
    touch();
  };

  return (
    <Dialog title={title} close={close}>
      <form onSubmit={submit}>
        <p>{explanation}</p>
        {fields?.(shown)}
        {isFinal && (
          <label class="field">
            <span>
              Type <b>{nameOf(shown)}</b> to confirm
            </span>
            <input autocomplete="off" value={typed} onInput={({ currentTarget }) => setTyped(currentTarget.value)} />
          </label>
        )}
        {Boolean(error) && <ErrorNote error={error} />}
        <div class="actions end">
          <button type="button" class="button" onClick={close}>
            Back
          </button>
          <button type="submit" class={isFinal ? 'button danger' : 'button primary'} disabled={isBusy || !isConfirmed}>
            {confirm}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function ReissueFields(order: Order) {
  return (
    <>
      <label class="field">
        <span>CSR, if the key changes</span>
        <textarea class="pem" name="csr" rows={6} spellcheck={false} />
      </label>
      <Lines name="names" label="Names, one per line" value={order.cert?.dnsNames ?? []} />
    </>
  );
}

function Lines({ name, label, value }: { name: string; label: string; value: readonly string[] }) {
  return (
    <label class="field">
      <span>{label}</span>
      <textarea name={name} rows={4} spellcheck={false} defaultValue={value.join('\n')} />
    </label>
  );
}

const words = (text: string) => text.split(/[\s,]+/).filter(Boolean);

const namesOf = ({ cert }: Order) => [...new Set([cert?.commonName ?? '', ...(cert?.dnsNames ?? [])])].filter(Boolean);

function reissueOf(csr: string, dnsNames: string[]): Reissue {
  return { cert: { ...(csr && { csr }), ...(dnsNames.length > 0 && { dnsNames }) } };
}
