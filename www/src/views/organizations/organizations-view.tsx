import type { Contact, Organization } from 'markmonitor-certs';
import { useState } from 'preact/hooks';
import { Button, LinkButton } from '../../components/button.js';
import { Card, Code } from '../../components/card.js';
import { FormDialog } from '../../components/dialog.js';
import { HistoryOf } from '../../components/history.js';
import { Icon } from '../../components/icon.js';
import { ValidationBadge } from '../../components/order-signs.js';
import { Name } from '../../components/signs.js';
import { Empty, Loaded } from '../../components/states.js';
import { count } from '../../format.js';
import { changeOrganization, leaveRenewal } from '../../state/draft.js';
import { useLive } from '../../state/live.js';
import { organizationBook } from '../../state/orders.js';
import { useSubject } from '../../state/outcome.js';
import { href, navigate, route, setQuery } from '../../state/route.js';
import { connect, mode, touch } from '../../state/service.js';
import { toast } from '../../state/toasts.js';
import { ContactForm, CreateOrganization, rolesOf } from './forms.js';

export function OrganizationsView() {
  const isCreating = route.value.query.get('create') !== null;
  const show = (all: ReadonlyMap<string, Organization>) => {
    if (all.size === 0) {
      return (
        <Empty title="There are no organizations yet" text="Create the first one: every order is for one of them." />
      );
    }
    return (
      <Card title={count(all.size, 'organization')}>
        <ul class="lines organizations">
          {[...all.values()].map((organization) => (
            <OrganizationLine key={organization.id} organization={organization} />
          ))}
        </ul>
      </Card>
    );
  };
  return (
    <div class="view">
      <header class="view-head">
        <h1>Organizations</h1>
        <Button word="New organization" look="primary" onClick={() => setQuery({ create: 'yes' })} />
      </header>
      <Loaded outcome={organizationBook.value} label="the organizations" show={show} />
      {isCreating && <CreateOrganization close={() => setQuery({ create: '' })} />}
    </div>
  );
}

function OrganizationLine({ organization }: { organization: Organization }) {
  const { id, name = id, city, country, contacts, active, validations = [] } = organization;
  return (
    <li>
      <a href={href('organization', id)} dir="auto">
        {name}
      </a>
      <span class="muted" dir="auto">
        {[city, country, contacts && count(contacts.length, 'contact'), active === false && 'not active']
          .filter(Boolean)
          .join(' · ')}
      </span>
      <span class="actions">
        {validations.map((validation) => (
          <ValidationBadge key={validation.id} validation={validation} />
        ))}
      </span>
    </li>
  );
}

/** One organization: its address, what it is validated for, its contacts, and what happened to them. */
export function OrganizationView() {
  const { id } = route.value;
  const organization = useLive(
    `organization ${id}`,
    ({ client }, signal) => client.organizations.get(id, { signal }),
    () => (mode.value === 'sandbox' ? 5_000 : 60_000),
    organizationBook.peek().value?.get(id),
  );
  return (
    <div class="view">
      <nav class="crumbs" aria-label="Breadcrumb">
        <a href={href('organizations')}>
          <Icon name="back" /> Organizations
        </a>
      </nav>
      <Loaded outcome={organization} label="the organization" show={(one) => <Whole organization={one} />} />
    </div>
  );
}

function Whole({ organization }: { organization: Organization }) {
  const { id, name = id, validations = [], contacts = [], dateUpdated } = organization;
  const [open, setOpen] = useState<{ contact?: Contact }>();
  useSubject(name);
  const { address1, address2, zipcode, city, state, country } = organization;
  const address = [address1, address2, [zipcode, city].filter(Boolean).join(' '), state, country];
  const order = () => {
    leaveRenewal();
    changeOrganization(id);
    navigate(href('new'));
  };
  return (
    <>
      <header class="view-head">
        <h1 dir="auto">{name}</h1>
        <span class="actions">
          <LinkButton word="Show orders" href={href('orders', '', { organization: id })} />
          <Button word="New order" look="primary" onClick={order} />
        </span>
      </header>
      <div class="order-columns">
        <div class="stack">
          <Card title="Validations">
            {validations.length === 0 && <p class="muted">None is under way: the first OV or EV order starts one.</p>}
            <p class="actions">
              {validations.map((validation) => (
                <ValidationBadge key={validation.id} validation={validation} />
              ))}
            </p>
          </Card>
          <Card title="Contacts" beside={<Button word="Add a contact" look="small" onClick={() => setOpen({})} />}>
            <ul class="lines contacts">
              {contacts.map((contact) => (
                <ContactLine key={contact.id} contact={contact} change={() => setOpen({ contact })} />
              ))}
            </ul>
          </Card>
          <Card
            title="Details"
            rows={[
              ['Trades as', organization.assumedName],
              ['Address', address.filter(Boolean).join('\n')],
              ['Phone', organization.phone],
              ['DigiCert ID', organization.providerId],
              ['ID', <Code key="id" text={id} label="the ID" />],
            ]}
          />
        </div>
        <HistoryOf of="organizations" id={id} version={`${dateUpdated}`} />
      </div>
      {open && <ContactForm organizationId={id} {...open} close={() => setOpen(undefined)} />}
    </>
  );
}

function ContactLine({ contact, change }: { contact: Contact; change: () => void }) {
  const { id, firstName, lastName, jobTitle, email, phone } = contact;
  const [isDeleting, setDeleting] = useState(false);
  const [isHistory, setHistory] = useState(false);
  const name = `${firstName ?? ''} ${lastName ?? ''}`.trim() || id;
  const remove = async () => {
    const { client } = await connect();
    await client.contacts.delete(id);
    toast(`${name} is deleted.`);
    setDeleting(false);
    touch();
  };
  return (
    <li>
      <div>
        <strong dir="auto">{name}</strong>{' '}
        <span class="muted">
          <Name name={[jobTitle, email, phone].filter(Boolean).join(' · ')} />
        </span>
        <p class="muted">{rolesOf(contact).join(', ') || 'No role'}</p>
      </div>
      <span class="actions">
        <Button word="History" look="small" aria-expanded={isHistory} onClick={() => setHistory(!isHistory)} />
        <Button word="Change" look="small" aria-label={`Change ${name}`} onClick={change} />
        <Button word="Delete" look="small danger" aria-label={`Delete ${name}`} onClick={() => setDeleting(true)} />
      </span>
      {isHistory && <HistoryOf of="contacts" id={id} version={`${contact.dateUpdated}`} />}
      {isDeleting && (
        <FormDialog
          title="Delete a contact"
          confirm="Delete"
          look="danger"
          failure={`${name} was not deleted.`}
          submit={remove}
          close={() => setDeleting(false)}
        >
          <p>{name} is deleted for good. Deleting an EV approver sends the organization to validation again.</p>
        </FormDialog>
      )}
    </li>
  );
}
