import { type CertType, type Contact, type NewOrder, type Order, parseCsr, renewalOf } from 'markmonitor-certs';
import { organizations } from './orders.js';
import { stored } from './stored.js';

/** A new order while it is written. It holds no secret, and survives a reload. */
export interface Draft {
  /** The order that it renews, or empty. */
  renews: string;
  csr: string;
  commonName: string;
  /** One name per line, as are the e-mails. */
  dnsNames: string;
  certType: CertType;
  organizationId: string;
  contactIds: readonly string[];
  serverPlatform: string;
  dcvMethod: string;
  emails: string;
  comments: string;
}

/** Nothing yet. */
export const emptyDraft: Draft = {
  renews: '',
  csr: '',
  commonName: '',
  dnsNames: '',
  certType: 'SSL_OV_BASIC',
  organizationId: '',
  contactIds: [],
  serverPlatform: 'NGINX',
  dcvMethod: 'DNS_TXT_TOKEN',
  emails: '',
  comments: '',
};

/** The order that is being written. */
export const draft = stored<Draft>('draft', emptyDraft, () => sessionStorage);

/** Changes some fields. */
export function changeDraft(changes: Partial<Draft>): void {
  draft.value = { ...draft.peek(), ...changes };
}

/** Puts a CSR in. Its names become those of the order, for names that stand in the CSR alone are not honoured. */
export async function changeCsr(csr: string): Promise<void> {
  changeDraft({ csr });
  const { subject, subjectAltNames } = await parseCsr(csr);
  if (draft.peek().csr !== csr) return;
  const commonName = subject.commonName ?? subjectAltNames.dns[0] ?? '';
  changeDraft({ commonName, dnsNames: subjectAltNames.dns.join('\n') });
}

/** The contacts that an order of this organization can name: the service adds the technical one itself. */
export function contactsOf(organizationId: string): Contact[] {
  const contacts = organizations.value.get(organizationId)?.contacts ?? [];
  return contacts.filter(({ contactTypes = [] }) => contactTypes.some(({ type }) => type !== 'TECHNICAL_CONTACT'));
}

/** Puts an organization in, with all of its contacts. */
export function changeOrganization(organizationId: string): void {
  changeDraft({ organizationId, contactIds: contactsOf(organizationId).map(({ id = '' }) => id) });
}

/** Begins the renewal of an order: all as it was. */
export async function renew(order: Order): Promise<void> {
  const renewal = await renewalOf(order, { csr: order.cert?.csr ?? '' });
  const { cert, organizationId, certType, additionalEmails = [], comments = '' } = renewal;
  const possible = contactsOf(organizationId).map(({ id }) => id);
  draft.value = {
    ...emptyDraft,
    renews: order.id ?? '',
    csr: cert.csr,
    commonName: cert.commonName,
    dnsNames: (cert.dnsNames ?? []).join('\n'),
    certType,
    organizationId,
    contactIds: renewal.contacts.map(({ id }) => id).filter((id) => possible.includes(id)),
    serverPlatform: cert.serverPlatform ?? '',
    dcvMethod: cert.dcvMethod ?? '',
    emails: additionalEmails.join('\n'),
    comments,
  };
}

const words = (text: string) => text.split(/[\s,]+/).filter(Boolean);

/** The order that the draft describes. */
export function orderOf(draft: Draft): NewOrder {
  const { csr, commonName, certType, organizationId, contactIds, serverPlatform, dcvMethod, comments } = draft;
  const chosen = contactsOf(organizationId).filter(({ id = '' }) => contactIds.includes(id));
  return {
    organizationId,
    contacts: chosen.map(({ id = '', contactTypes = [] }) => ({
      id,
      contactTypes: contactTypes.flatMap(({ type }) => (type && type !== 'TECHNICAL_CONTACT' ? [{ type }] : [])),
    })),
    certType,
    locale: 'en',
    provider: 'DIGICERT',
    ...(draft.emails.trim() && { additionalEmails: words(draft.emails) }),
    ...(comments.trim() && { comments }),
    cert: {
      commonName: commonName.trim(),
      csr,
      dnsNames: words(draft.dnsNames),
      ...(serverPlatform && { serverPlatform }),
      ...(dcvMethod && { dcvMethod }),
    },
  };
}
