import type { Contact, NewContactType } from 'markmonitor-certs';
import { type ErrorOf, type FieldText, FormDialog } from '../../components/dialog.js';
import { Line } from '../../components/form.js';
import { href, navigate } from '../../state/route.js';
import { connect, touch } from '../../state/service.js';
import { toast } from '../../state/toasts.js';

const roles: Record<string, string> = {
  ORGANIZATION_CONTACT: 'Organization contact',
  EXTENDED_VALIDATION_APPROVER: 'EV approver',
  TECHNICAL_CONTACT: 'Technical contact',
};
/** The service adds the technical contact itself. */
const chosenRoles = ['ORGANIZATION_CONTACT', 'EXTENDED_VALIDATION_APPROVER'] as const;

export const rolesOf = ({ contactTypes = [] }: Contact): string[] =>
  contactTypes.map(({ type }) => roles[type] ?? type);

type FieldRow = readonly [name: string, label: string, options?: { required?: boolean; maxLength?: number }];

const needed = { required: true };
const address: FieldRow[] = [
  ['name', 'Legal name', needed],
  ['assumedName', 'Trades as'],
  ['address1', 'Address', needed],
  ['address2', 'Second line'],
  ['zipcode', 'Postal code', needed],
  ['city', 'City', needed],
  ['state', 'State or province', needed],
  ['country', 'Country, two letters', { required: true, maxLength: 2 }],
  ['phone', 'Phone, publicly listed', needed],
];
const person: FieldRow[] = [
  ['firstName', 'First name', needed],
  ['lastName', 'Last name', needed],
  ['jobTitle', 'Job title', needed],
  ['email', 'Email', needed],
  ['phone', 'Phone', needed],
];

type FieldsProps = { rows: readonly FieldRow[]; prefix?: string; errorOf: ErrorOf; present?: Contact | undefined };

/** Text fields; `prefix` is what the service puts before their names. */
const TextFields = ({ rows, prefix = '', errorOf, present }: FieldsProps) => (
  <div class="columns">
    {rows.map(([name, label, options]) => (
      <Line
        key={name}
        label={label}
        name={prefix + name}
        error={errorOf(prefix + name)}
        defaultValue={`${present?.[name] ?? ''}`}
        {...options}
      />
    ))}
  </div>
);

function RoleFields({ present }: { present?: Contact | undefined }) {
  const has = (role: string) =>
    present ? (present.contactTypes ?? []).some(({ type }) => type === role) : role === chosenRoles[0];
  return (
    <fieldset class="choices">
      <legend class="muted">Roles</legend>
      {chosenRoles.map((role) => (
        <label key={role}>
          <input type="checkbox" name={role} defaultChecked={has(role)} /> {roles[role]}
        </label>
      ))}
    </fieldset>
  );
}

const provider = 'DIGICERT';
const textsOf = (rows: readonly FieldRow[], text: FieldText, prefix = '') =>
  Object.fromEntries(rows.flatMap(([name]) => (text(prefix + name) ? [[name, text(prefix + name)]] : [])));
const chosenOf = (text: FieldText): NewContactType[] =>
  chosenRoles.filter((role) => text(role)).map((type) => ({ type }));

const contactPrefix = 'contacts[0].';

export function CreateOrganization({ close }: { close: () => void }) {
  const submit = async (text: FieldText) => {
    const { client } = await connect();
    const contact = { ...textsOf(person, text, contactPrefix), contactTypes: chosenOf(text) };
    // The service says what is missing, field by field.
    const organization = { ...textsOf(address, text), provider, contacts: [{ provider, ...contact }] };
    const { id, name } = await client.organizations.create(
      organization as Parameters<typeof client.organizations.create>[0],
    );
    toast(`${name ?? 'The organization'} is created, and submitted for validation.`, 'good', href('organization', id));
    close();
    touch();
    navigate(href('organization', id));
  };
  return (
    <FormDialog
      title="New organization"
      confirm="Create"
      class="wide"
      failure="The organization was not created."
      submit={submit}
      close={close}
    >
      {(errorOf: ErrorOf) => (
        <>
          <TextFields rows={address} errorOf={errorOf} />
          <h3>Its first contact</h3>
          <TextFields rows={person} prefix={contactPrefix} errorOf={errorOf} />
          <RoleFields />
        </>
      )}
    </FormDialog>
  );
}

type ContactProps = { organizationId: string; contact?: Contact; close: () => void };

export function ContactForm({ organizationId, contact, close }: ContactProps) {
  const submit = async (text: FieldText) => {
    const { client } = await connect();
    const texts = { ...textsOf(person, text), contactTypes: chosenOf(text) };
    if (contact) await client.contacts.update(contact.id, texts);
    else {
      const added = { ...texts, organizationId, provider };
      await client.contacts.create(added as Parameters<typeof client.contacts.create>[0]);
    }
    toast(`${text('firstName')} ${text('lastName')} is ${contact ? 'changed' : 'added'}.`);
    close();
    touch();
  };
  return (
    <FormDialog
      title={contact ? 'Change a contact' : 'Add a contact'}
      confirm="Save"
      failure="The contact was not saved."
      submit={submit}
      close={close}
    >
      {(errorOf: ErrorOf) => (
        <>
          <TextFields rows={person} errorOf={errorOf} present={contact} />
          <RoleFields present={contact} />
        </>
      )}
    </FormDialog>
  );
}
