import type { RenewalItem, RenewalPlan } from 'markmonitor-certs';
import { useState } from 'preact/hooks';
import { Button } from '../../components/button.js';
import { type FieldText, FormDialog } from '../../components/dialog.js';
import { chosenKey, KeyChoice, SaveKeys } from '../../components/keys.js';
import { Loaded, Note } from '../../components/states.js';
import { count, sentenceOf } from '../../format.js';
import { createCsr } from '../../pki.js';
import { useAsync } from '../../state/outcome.js';
import { carryOut, planOf } from '../../state/renewals.js';
import { mode } from '../../state/service.js';

type Made = { requests: ReadonlyMap<string, string>; keys: string };

/** A key and a request for each; the keys as one file, whose lines above each say what it is for (RFC 7468, 2). */
async function makeKeys(items: readonly RenewalItem[], key: ReturnType<typeof chosenKey>): Promise<Made> {
  const made = [];
  for (const { orderId, commonName, dnsNames } of items) {
    const names = [...new Set([commonName, ...dnsNames])];
    const { csr, privateKeyPem } = await createCsr({ subject: { commonName }, dnsNames: names, key });
    made.push({ orderId, csr, text: `${commonName}, renews the order ${orderId}\n${privateKeyPem}` });
  }
  return {
    requests: new Map(made.map(({ orderId, csr }) => [orderId, csr])),
    keys: made.map(({ text }) => text).join('\n'),
  };
}

type Props = { ids: readonly string[]; close: () => void; done: () => void };

/** What is renewed and for how much; then the keys, which are saved before anything is placed. */
export function RenewDialog({ ids, close, done }: Props) {
  const outcome = useAsync('', () => planOf(ids));
  const [made, setMade] = useState<Made>();
  const items = outcome.value?.items.filter(({ action }) => action === 'renew') ?? [];
  if (outcome.value && made) {
    const { cost } = outcome.value;
    const place = () => {
      void carryOut(outcome.value as RenewalPlan, made.requests);
      done();
      close();
    };
    const word = `Place ${count(items.length, 'order')}${cost ? ` · ${cost.toLocaleString('en')}` : ''}`;
    return (
      <SaveKeys
        file={`${count(items.length, 'renewal')}.key`}
        text={made.keys}
        what="Nothing is placed yet. The file of the keys"
        close={close}
        next={<Button word={word} look="primary" onClick={place} />}
      />
    );
  }
  const submit = async (text: FieldText) => setMade(await makeKeys(items, chosenKey(text)));
  return (
    <FormDialog
      title={`Renew ${count(ids.length, 'certificate')}`}
      confirm={`Make ${count(items.length, 'key')}`}
      isReady={items.length > 0}
      failure="The keys were not made."
      submit={submit}
      close={close}
    >
      <Note tone={mode.value === 'sandbox' ? 'active' : 'attention'}>
        {mode.value === 'sandbox' ? 'In the sandbox nothing is bought.' : 'Each of these orders costs money.'} Each gets
        a new key, which you save before anything is placed.
      </Note>
      <Loaded
        outcome={outcome}
        label="what it takes"
        lines={3}
        show={(plan) => (
          <ul class="lines short">
            {plan.items.map(({ orderId, commonName, action, reason, price, findings }) => (
              <li key={orderId}>
                <span dir="auto">{commonName}</span>
                <span class="muted">
                  {action === 'renew'
                    ? (price?.toLocaleString('en') ?? 'no price known')
                    : `Not renewed. ${sentenceOf(reason)}`}
                  {findings.map(({ severity, message }) => severity === 'warning' && ` · ${message}`)}
                </span>
              </li>
            ))}
          </ul>
        )}
      />
      <KeyChoice />
    </FormDialog>
  );
}
