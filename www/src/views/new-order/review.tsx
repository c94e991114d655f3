import { dateOf, type Finding, type NewOrder, type Order, type Price } from 'markmonitor-certs';
import { Fields } from '../../components/card.js';
import { FormDialog } from '../../components/dialog.js';
import { Findings } from '../../components/findings.js';
import { Note } from '../../components/states.js';
import { formatDate } from '../../format.js';
import { dcvMethods } from '../../order-words.js';
import { nameOf } from '../../state/ordered.js';
import { contactWords, organizationName } from '../../state/orders.js';
import { formSlot, placing } from '../../state/placing.js';
import { mode } from '../../state/service.js';
import { typeWords } from '../../words.js';
import { amountOf, priceWords } from './price.js';
import { keyChange, type Renewed } from './renewal.js';
import { SameNames } from './standing.js';

interface ReviewProps {
  order: NewOrder;
  renews: string;
  renewed: Renewed | undefined;
  price: Price | null | undefined;
  findings: readonly Finding[];
  standing: readonly Order[];
  close: () => void;
}

/** The last look before money is spent: what is ordered, for whom, and for how much. */
export function Review({ order, renews, renewed, price, findings, standing, close }: ReviewProps) {
  const { organizationId, certType, cert, contacts } = order;
  const submit = async () => {
    close();
    await placing.place(formSlot, order, { replaces: renews });
  };
  return (
    <FormDialog
      title={renews ? 'Review the renewal' : 'Review the order'}
      confirm={`Place the order${priceWords(price)}`}
      failure="The order was not placed."
      submit={submit}
      close={close}
    >
      <Note tone={mode.value === 'sandbox' ? 'active' : 'attention'}>
        {mode.value === 'sandbox' ? 'In the sandbox nothing is bought.' : 'This order costs money.'}
      </Note>
      <Fields
        rows={[
          [
            'Renews',
            renewed && `${nameOf(renewed.old)}, until ${formatDate(dateOf(renewed.old.cert?.dateValidUntil))}`,
          ],
          ['Key', renewed && keyChange(renewed)],
          ['Type', typeWords(certType)],
          ['Common name', cert.commonName],
          ['Names', cert.dnsNames?.join('\n')],
          ['Organization', organizationName(organizationId)],
          [
            'Contacts',
            contactWords(
              organizationId,
              contacts.map(({ id }) => id),
            ),
          ],
          ['Domain control', dcvMethods[cert.dcvMethod ?? ''] ?? cert.dcvMethod],
          ['Price', amountOf(price) ?? 'The service names none.'],
        ]}
      />
      <SameNames standing={standing} />
      <Findings findings={findings.filter(({ severity }) => severity === 'warning')} />
    </FormDialog>
  );
}
