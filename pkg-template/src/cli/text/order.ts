/** Orders, organizations and contacts as text. */
import { type Contact, dateOf, type Order, type Organization } from 'markmonitor-certs';
import type { Output } from '../output.js';

/** The day of a date, in whatever form the service wrote it. */
export function dayOf(value: unknown): string {
  return dateOf(value)?.toISOString().slice(0, 10) ?? '';
}

/** The moment of a date, to the second. */
export function momentOf(value: unknown): string {
  return (
    dateOf(value)
      ?.toISOString()
      .replace(/\.\d+Z$/, 'Z') ?? ''
  );
}

/** All names of an order, the common name first. */
export function namesOf({ cert }: Order): string[] {
  const names = [cert?.commonName, ...(cert?.dnsNames ?? [])].filter((name): name is string => Boolean(name));
  return [...new Map(names.map((name) => [name.toLowerCase(), name])).values()];
}

/** An order as people speak of it: by its name and its id. */
export function titleOf(order: Order): string {
  const [name] = namesOf(order);
  return name === undefined ? `order ${order.id}` : `order ${order.id} (${name})`;
}

export function orderTable(out: Output, orders: readonly Order[]): void {
  out.table(
    ['ID', 'STATUS', 'TYPE', 'COMMON NAME', 'VALID UNTIL'],
    orders.map(({ id, status, certType, cert }) => [
      id,
      status,
      certType,
      cert?.commonName,
      dayOf(cert?.dateValidUntil),
    ]),
  );
}

export function orderFields(out: Output, order: Order): void {
  const { id, status, certType, providerId, organizationId, groupId, cert, price, comments, dateCreated } = order;
  out.fields([
    ['id', id],
    ['status', status],
    ['type', certType],
    ['names', namesOf(order).join(', ')],
    ['organization', organizationId],
    ['group', groupId],
    ['provider id', providerId],
    ['serial number', cert?.serialNumber],
    ['valid from', momentOf(cert?.dateValidFrom)],
    ['valid until', momentOf(cert?.dateValidUntil)],
    ['validation by', cert?.dcvMethod],
    ['revocation', cert?.revokeStatus],
    ['price', price?.totalPrice],
    ['comments', comments],
    ['created', momentOf(dateCreated)],
  ]);
}

export function organizationTable(out: Output, organizations: readonly Organization[]): void {
  out.table(
    ['ID', 'NAME', 'COUNTRY', 'ACTIVE', 'VALIDATIONS'],
    organizations.map(({ id, name, country, active, validations }) => [
      id,
      name,
      country,
      active,
      validationsOf(validations),
    ]),
  );
}

export function organizationFields(out: Output, organization: Organization): void {
  const { id, name, address1, city, state, zipcode, country, phone, active, validations, contacts } = organization;
  out.fields([
    ['id', id],
    ['name', name],
    ['address', [address1, zipcode, city, state, country].filter(Boolean).join(', ')],
    ['phone', phone],
    ['active', active],
    ['validations', validationsOf(validations)],
    ['contacts', (contacts ?? []).map((contact) => `${contact.id} ${personOf(contact)}`).join('; ')],
  ]);
}

function validationsOf(validations: Organization['validations']): string {
  return (validations ?? [])
    .map(({ type, status, dateValidatedUntil }) => [type, status, dayOf(dateValidatedUntil)].filter(Boolean).join(' '))
    .join('; ');
}

const personOf = ({ firstName, lastName }: Contact) => [firstName, lastName].filter(Boolean).join(' ');
const rolesOf = ({ contactTypes }: Contact) => (contactTypes ?? []).map(({ type }) => type).join(', ');

export function contactTable(out: Output, contacts: readonly Contact[]): void {
  out.table(
    ['ID', 'NAME', 'EMAIL', 'ROLES', 'ORGANIZATION'],
    contacts.map((contact) => [contact.id, personOf(contact), contact.email, rolesOf(contact), contact.organizationId]),
  );
}

export function contactFields(out: Output, contact: Contact): void {
  const { id, jobTitle, email, phone, phoneExtension, organizationId } = contact;
  out.fields([
    ['id', id],
    ['name', personOf(contact)],
    ['title', jobTitle],
    ['email', email],
    ['phone', [phone, phoneExtension].filter(Boolean).join(' ext. ')],
    ['roles', rolesOf(contact)],
    ['organization', organizationId],
  ]);
}
