/** Organizations and contacts. */
import type { ContactChanges, NewContact, NewOrganization } from 'markmonitor-certs';
import { type Argument, type Command, json, option } from '../command.js';
import { readObject } from '../input.js';
import { contactFields, contactTable, organizationFields, organizationTable } from '../text/order.js';
import { first, limit, result, sort } from './lists.js';

const file: Argument = { name: 'file', description: 'JSON (samples are in docs/cli.md), or - for standard input' };
const contactId: Argument = { name: 'id', description: 'the id of the contact, a UUID' };
const name = option('--name <name>', 'a part of the name');
const email = option('--email <address>', 'of this email address (the name of the filter is inferred)');

export const organizations: Command = {
  name: 'organizations',
  group: 'The account',
  summary: 'list organizations',
  options: [name, sort, limit, json],
  account: true,
  examples: [['organizations --name Example', 'those with this in their name']],
  async run(cli) {
    const client = await cli.client();
    const filter = { ...(cli.get(name) && { name: cli.get(name) }), ...(cli.get(sort) && { sort: cli.get(sort) }) };
    const list = await first(cli, (paging) => client.organizations.list({ ...filter, ...paging }));
    return result(cli, list, (list) => organizationTable(cli.out, list));
  },
};

export const createOrganization: Command = {
  name: 'organizations create',
  group: 'The account',
  summary: 'create an organization with its contacts',
  details: 'It is submitted for validation at once (guide 7.1.1).',
  arguments: [file],
  options: [json],
  account: true,
  asks: true,
  examples: [['organizations create organization.json', 'with the fields of guide 7.1.1']],
  async run(cli) {
    const organization = await readObject<NewOrganization>(cli.argument('file'), cli.terminal);
    const client = await cli.client();
    await cli.confirm(`Create the organization ${JSON.stringify(organization.name)}, and submit it for validation?`);
    const created = await client.organizations.create(organization);
    return result(cli, created, (created) => organizationFields(cli.out, created));
  },
};

export const contacts: Command = {
  name: 'contacts',
  group: 'The account',
  summary: 'list contacts',
  options: [email, sort, limit, json],
  account: true,
  examples: [['contacts --email ada@example.com', 'those of an address']],
  async run(cli) {
    const client = await cli.client();
    const filter = { ...(cli.get(email) && { email: cli.get(email) }), ...(cli.get(sort) && { sort: cli.get(sort) }) };
    const list = await first(cli, (paging) => client.contacts.list({ ...filter, ...paging }));
    return result(cli, list, (list) => contactTable(cli.out, list));
  },
};

export const createContact: Command = {
  name: 'contacts create',
  group: 'The account',
  summary: 'create a contact of an organization',
  arguments: [file],
  options: [json],
  account: true,
  asks: true,
  examples: [['contacts create contact.json', 'with the fields of guide 7.2.1']],
  async run(cli) {
    const contact = await readObject<NewContact>(cli.argument('file'), cli.terminal);
    const client = await cli.client();
    await cli.confirm(`Create the contact ${JSON.stringify(contact.email)} of organization ${contact.organizationId}?`);
    return result(cli, await client.contacts.create(contact), (created) => contactFields(cli.out, created));
  },
};

export const updateContact: Command = {
  name: 'contacts update',
  group: 'The account',
  summary: 'change a contact',
  details: 'A change of an EV approver sends the organization to validation again (guide 7.2.4).',
  arguments: [contactId, file],
  options: [json],
  account: true,
  asks: true,
  examples: [['contacts update 1c7d2a0e-6a5f-4f7e-9a51-0d9b7a6f2a10 changes.json', 'what is left out stays']],
  async run(cli) {
    const changes = await readObject<ContactChanges>(cli.argument('file'), cli.terminal);
    const client = await cli.client();
    await cli.confirm(`Change ${Object.keys(changes).join(', ')} of contact ${cli.argument('id')}?`);
    const changed = await client.contacts.update(cli.argument('id'), changes);
    return result(cli, changed, (changed) => contactFields(cli.out, changed));
  },
};

export const deleteContact: Command = {
  name: 'contacts delete',
  group: 'The account',
  summary: 'delete a contact',
  details: 'Deleting an EV approver sends the organization to validation again (guide 7.2.5).',
  arguments: [contactId],
  options: [json],
  account: true,
  asks: true,
  examples: [['contacts delete 1c7d2a0e-6a5f-4f7e-9a51-0d9b7a6f2a10', 'asks first']],
  async run(cli) {
    const client = await cli.client();
    const id = cli.argument('id');
    await cli.confirm(`Delete contact ${id}?`);
    await client.contacts.delete(id);
    return result(cli, { id, deleted: true }, () => cli.out.print(`${id} is deleted`));
  },
};
