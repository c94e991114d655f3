import type { NewCert, NewOrder } from 'markmonitor-certs';
import { wordsOf } from '../format.js';
import { parseCsr } from '../pki.js';
import { organizationOf } from './orders.js';
import { mode } from './service.js';
import { stored } from './stored.js';

interface Draft {
  /** The order that is renewed, or empty. */
  renews: string;
  order: NewOrder;
  /** Of a renewal: the new order that was being written when it was begun. */
  before?: NewOrder;
}

const emptyDraft: Draft = {
  renews: '',
  order: {
    organizationId: '',
    contacts: [],
    certType: 'SSL_OV_BASIC',
    locale: 'en',
    provider: 'DIGICERT',
    cert: { commonName: '', csr: '', serverPlatform: 'NGINX', dcvMethod: 'DNS_TXT_TOKEN' },
  },
};

/**
 * The order that is being written, and the one that it renews. It holds no secret, and survives a reload. What was tried in
 * the sandbox is never what is bought.
 */
export const draft = stored(`new-order:${mode.peek()}`, emptyDraft, () => sessionStorage);

/** Whether the form is not as it was at first. */
export const isWritten = (): boolean => JSON.stringify(draft.value) !== JSON.stringify(emptyDraft);

/** What another view puts into the form is a new order, never the renewal that was written there last. */
export function leaveRenewal(): void {
  if (draft.peek().renews) clearDraft();
}

/** Forgets what is written; after a renewal, the new order from before it is there again. */
export function clearDraft(): void {
  draft.value = { renews: '', order: draft.peek().before ?? emptyDraft.order };
}

/** Puts a renewal in. */
export function beginRenewal(renews: string, order: NewOrder): void {
  const last = draft.peek();
  const before = last.renews ? last.before : last.order;
  draft.value = { renews, order, ...(before && { before }) };
}

export function changeOrder(changes: Partial<NewOrder>): void {
  const last = draft.peek();
  draft.value = { ...last, order: { ...last.order, ...changes } };
}

export function changeCert(changes: Partial<NewCert>): void {
  changeOrder({ cert: { ...draft.peek().order.cert, ...changes } });
}

/** Puts a CSR in. Its names become those of the order, for the service ignores names that are in the CSR alone. */
export async function changeCsr(csr: string): Promise<void> {
  changeCert({ csr });
  // An empty field is not an error yet.
  if (!csr.trim()) return;
  const { subject, subjectAltNames } = await parseCsr(csr);
  if (draft.peek().order.cert.csr !== csr) return;
  const commonName = subject.commonName ?? subjectAltNames.dns[0] ?? '';
  changeCert({ commonName, dnsNames: subjectAltNames.dns });
}

/** The contacts that an order of this organization can name: the service adds the technical one itself. */
export function contactsOf(organizationId: string) {
  const contacts = organizationOf(organizationId)?.contacts ?? [];
  return contacts.flatMap(({ id, contactTypes = [], ...person }) => {
    const types = contactTypes.flatMap(({ type }) => (type && type !== 'TECHNICAL_CONTACT' ? [{ type }] : []));
    return types.length > 0 ? [{ ...person, orderContact: { id, contactTypes: types } }] : [];
  });
}

/** Puts an organization in, with all of its contacts. */
export function changeOrganization(organizationId: string): void {
  changeOrder({ organizationId, contacts: contactsOf(organizationId).map(({ orderContact }) => orderContact) });
}

/** The order as it is sent: without what was left empty. */
export function sentOrder({ cert, comments, additionalEmails, groupId, ...order }: NewOrder): NewOrder {
  const emails = wordsOf((additionalEmails ?? []).join(' '));
  return {
    ...order,
    ...(emails.length > 0 && { additionalEmails: emails }),
    ...(groupId && { groupId }),
    ...(comments?.trim() && { comments }),
    cert: { ...cert, commonName: cert.commonName.trim(), dnsNames: wordsOf((cert.dnsNames ?? []).join(' ')) },
  };
}
