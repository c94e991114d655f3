import type { NewCert, NewOrder } from 'markmonitor-certs';
import { Card } from '../../components/card.js';
import type { ErrorOf } from '../../components/dialog.js';
import { Choice, Line, Lines, type Option } from '../../components/form.js';
import { Name } from '../../components/signs.js';
import { ErrorNote } from '../../components/states.js';
import { dcvMethods, platforms } from '../../order-words.js';
import { changeCert, changeCsr, changeOrder, changeOrganization, contactsOf } from '../../state/draft.js';
import { useLive } from '../../state/live.js';
import { organizationOptions } from '../../state/orders.js';
import { useTask } from '../../state/outcome.js';
import { typeOptions } from '../../words.js';

type FieldsProps = { order: NewOrder; errorOf: ErrorOf };

export function OrderFields({ order, errorOf }: FieldsProps) {
  const { certType, cert, additionalEmails, comments } = order;
  const ofCert = (name: keyof NewCert) => ({
    value: `${cert[name] ?? ''}`,
    error: errorOf(`cert.${name}`),
    change: (text: string) => changeCert({ [name]: text }),
  });
  return (
    <div class="stack">
      <Card title="Certificate" class="stack">
        <CsrField csr={cert.csr} error={errorOf('cert.csr')} />
        <div class="columns">
          <Line label="Common name" required {...ofCert('commonName')} />
          <Choice
            label="Type"
            options={typeOptions}
            value={certType}
            error={errorOf('certType')}
            change={(certType) => changeOrder({ certType })}
          />
        </div>
        <Lines
          label="Names, one per line"
          rows={3}
          value={cert.dnsNames?.join('\n') ?? ''}
          error={errorOf('cert.dnsNames')}
          change={(text) => changeCert({ dnsNames: text.split('\n') })}
        />
        <div class="columns">
          <Choice label="Domain control" options={Object.entries(dcvMethods)} {...ofCert('dcvMethod')} />
          <Choice label="Server" options={Object.entries(platforms)} {...ofCert('serverPlatform')} />
        </div>
      </Card>
      <Organization order={order} errorOf={errorOf} />
      <Card title="Notes" class="stack">
        <Lines
          label="Further recipients: emails, one per line"
          rows={2}
          value={additionalEmails?.join('\n') ?? ''}
          error={errorOf('additionalEmails')}
          change={(text) => changeOrder({ additionalEmails: text.split('\n') })}
        />
        <Lines label="Comments" rows={2} value={comments ?? ''} change={(comments) => changeOrder({ comments })} />
      </Card>
    </div>
  );
}

function CsrField({ csr, error }: { csr: string; error: string | undefined }) {
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
        error={error}
        change={changing.start}
      />
      <ErrorNote what="This is not a certificate request." error={changing.error} />
    </>
  );
}

function Organization({ order: { organizationId, contacts, groupId }, errorOf }: FieldsProps) {
  const groups = useLive('groups', ({ client }, signal) => client.groups.list({}, { signal }).toArray({ limit: 500 }));
  const possible = contactsOf(organizationId);
  return (
    <Card title="Organization" class="stack">
      <Choice
        label="Name"
        required
        value={organizationId}
        error={errorOf('organizationId')}
        options={[['', 'Choose one'], ...organizationOptions()]}
        change={changeOrganization}
      />
      {groups.value && groups.value.length > 0 && (
        <Choice
          label="Group"
          value={groupId ?? ''}
          options={[['', 'None'], ...groups.value.map(({ id, name = id }): Option => [id, name])]}
          change={(groupId) => changeOrder({ groupId })}
        />
      )}
      {errorOf('contacts') && <small class="field-error tone-bad">{errorOf('contacts')}</small>}
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
                <span>
                  {firstName} {lastName}{' '}
                  <span class="muted">
                    <Name name={email ?? ''} />
                  </span>{' '}
                  {contactTypes.some(({ type }) => type === 'EXTENDED_VALIDATION_APPROVER') && (
                    <small>EV approver</small>
                  )}
                </span>
              </label>
            );
          })}
        </fieldset>
      )}
    </Card>
  );
}
