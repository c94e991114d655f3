import type { NewCert, NewOrder } from 'markmonitor-certs';
import { Button } from '../../components/button.js';
import { Card } from '../../components/card.js';
import { Choice, Line, Lines, type Option } from '../../components/form.js';
import { ErrorNote } from '../../components/states.js';
import { documents } from '../../state/documents.js';
import { changeCert, changeCsr, changeOrder, changeOrganization, contactsOf } from '../../state/draft.js';
import { orderBook } from '../../state/orders.js';
import { useTask } from '../../state/outcome.js';
import { dcvMethods, platforms, typeOptions } from '../../words.js';

export function OrderFields({ order }: { order: NewOrder }) {
  const { certType, cert, additionalEmails, comments } = order;
  const ofCert = (name: keyof NewCert) => ({
    value: `${cert[name] ?? ''}`,
    change: (text: string) => changeCert({ [name]: text }),
  });
  return (
    <div class="stack">
      <Card title="Certificate" class="stack">
        <CsrField csr={cert.csr} />
        <div class="columns">
          <Line label="Common name" required {...ofCert('commonName')} />
          <Choice
            label="Type"
            options={typeOptions}
            value={certType}
            change={(certType) => changeOrder({ certType })}
          />
        </div>
        <Lines
          label="Names, one per line"
          rows={3}
          value={cert.dnsNames?.join('\n') ?? ''}
          change={(text) => changeCert({ dnsNames: text.split('\n') })}
        />
        <div class="columns">
          <Choice label="Domain control" options={Object.entries(dcvMethods)} {...ofCert('dcvMethod')} />
          <Choice label="Server" options={Object.entries(platforms)} {...ofCert('serverPlatform')} />
        </div>
      </Card>
      <Organization order={order} />
      <Card title="Notes" class="stack">
        <Lines
          label="Further recipients: emails, one per line"
          rows={2}
          value={additionalEmails?.join('\n') ?? ''}
          change={(text) => changeOrder({ additionalEmails: text.split('\n') })}
        />
        <Lines label="Comments" rows={2} value={comments ?? ''} change={(comments) => changeOrder({ comments })} />
      </Card>
    </div>
  );
}

function CsrField({ csr }: { csr: string }) {
  const changing = useTask(changeCsr);
  return (
    <>
      <Lines
        label="Certificate request (CSR)"
        class="pem"
        rows={6}
        required
        placeholder="-----BEGIN CERTIFICATE REQUEST-----"
        value={csr}
        change={changing.start}
      />
      <div class="actions">
        {documents.value.map(
          ({ id, name, reading }) =>
            reading?.kind === 'csr' && (
              <Button
                key={id}
                word={`Use ${reading.title ?? name}`}
                look="small"
                onClick={() => changing.start(reading.pem)}
              />
            ),
        )}
      </div>
      <ErrorNote error={changing.error} />
    </>
  );
}

function Organization({ order: { organizationId, contacts } }: { order: NewOrder }) {
  const organizations = [...orderBook.value.organizations].map(([id, { name = id }]): Option => [id, name]);
  const possible = contactsOf(organizationId);
  return (
    <Card title="Organization" class="stack">
      <Choice
        label="Name"
        required
        value={organizationId}
        options={[['', 'Choose one'], ...organizations]}
        change={changeOrganization}
      />
      {possible.length > 0 && (
        <fieldset class="choices">
          <legend class="muted">Contacts</legend>
          {possible.map(({ firstName, lastName, email, orderContact }) => {
            const { id, contactTypes } = orderContact;
            const others = contacts.filter((other) => other.id !== id);
            const isChosen = others.length < contacts.length;
            const toggle = () => changeOrder({ contacts: isChosen ? others : [...contacts, orderContact] });
            return (
              <label key={id}>
                <input type="checkbox" checked={isChosen} onChange={toggle} />
                {firstName} {lastName} <span class="muted">{email}</span>
                {contactTypes.some(({ type }) => type === 'EXTENDED_VALIDATION_APPROVER') && <small>EV approver</small>}
              </label>
            );
          })}
        </fieldset>
      )}
    </Card>
  );
}
