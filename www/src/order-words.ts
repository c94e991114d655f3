import { dateOf, type Order, type OrderStatus } from 'markmonitor-certs';
import { levelOf, type Tone } from './words.js';

/** A status in words: what it is called, what it means, and what to do now. */
const words = (label: string, tone: Tone, meaning: string, next: string) => ({ label, tone, meaning, next });
const wait = 'Nothing to do: this page shows when it moves on.';
const reorder = 'Find the reason in the history, then place a new order.';
const again = 'Renew it if the name is still in use.';
const control = 'Show control of every domain as described below.';
const approve = 'Ask the approver to answer the email from DigiCert.';
const pickUp = 'Follow the link in the email from DigiCert, or cancel the order.';

const statuses: Record<string, ReturnType<typeof words>> = {
  CREATED: words('Created', 'waiting', 'The service has accepted the order; DigiCert has not received it yet.', wait),
  DIGI_PENDING: words('Pending', 'active', 'DigiCert checks the order.', control),
  DIGI_PROCESSING: words('Processing', 'active', 'Everything is there; DigiCert is issuing the certificate.', wait),
  DIGI_ISSUED: words('Issued', 'good', 'The certificate is issued.', 'Download it and install it with its chain.'),
  DIGI_NEEDS_APPROVAL: words('Needs approval', 'attention', 'The organization has to approve the order.', approve),
  DIGI_NEEDS_CSR: words('Needs a CSR', 'attention', 'DigiCert waits for another CSR.', 'Cancel it, then order again.'),
  DIGI_WAITING_PICKUP: words('Waiting for pickup', 'attention', 'Somebody has to pick the certificate up.', pickUp),
  REISSUE_REQUEST_PENDING: words('Reissue requested', 'waiting', 'The service has accepted the reissue.', wait),
  REISSUE_PENDING: words('Reissue queued', 'waiting', 'The reissue waits for DigiCert.', wait),
  DIGI_REISSUE_PENDING: words('Reissue pending', 'active', 'The current certificate stays valid meanwhile.', control),
  DIGI_REISSUE_FAILED: words('Reissue failed', 'bad', 'The certificate that was issued before stays valid.', reorder),
  DIGI_REJECTED: words('Rejected', 'bad', 'DigiCert has rejected the order.', reorder),
  DIGI_FAILED: words('Failed', 'bad', 'The order failed, often because of its CSR.', `Inspect the CSR. ${reorder}`),
  DIGI_REVOKED: words('Revoked', 'over', 'Browsers refuse the certificate.', 'Order a new one if it is needed.'),
  DIGI_CANCELED: words('Canceled', 'over', 'It was canceled before a certificate was issued.', 'Nothing to do.'),
  DIGI_EXPIRED: words('Expired', 'over', 'The order or its certificate has ended.', again),
};

/** A status in words; one that nobody knows yet is shown as it is. */
export function statusWords(status: OrderStatus | undefined) {
  const known = status && Object.hasOwn(statuses, status) ? statuses[status] : undefined;
  return known ?? words(status ?? 'Unknown', 'waiting', 'This page does not know this status.', 'See the history.');
}

export const knownStatuses = Object.keys(statuses);

export const groups: Record<string, { label: string; tones: readonly Tone[] }> = {
  attention: { label: 'Needs attention', tones: ['attention', 'bad'] },
  progress: { label: 'In progress', tones: ['waiting', 'active'] },
  issued: { label: 'Issued', tones: ['good'] },
  ended: { label: 'Ended', tones: ['over'] },
};

/** When the certificate of an order ends; none of one that was revoked or canceled. */
export const endOf = ({ status, cert }: Order): Date | undefined =>
  status === 'DIGI_EXPIRED' || statusWords(status).tone !== 'over' ? dateOf(cert?.dateValidUntil) : undefined;

/** What DigiCert looks at besides the domains, by the level of the type. */
const besides: Record<string, string> = {
  OV: ' DigiCert validates the organization as well.',
  EV: ' DigiCert validates the organization as well, and its EV approver has to answer an email.',
};

/** The status as it is at a time: the service may go on to call issued what has ended since. */
export function stateOf(order: Order, now: Date): ReturnType<typeof words> {
  const state = statusWords(order.status);
  if (state.next === control) return { ...state, next: control + (besides[levelOf(order.certType)] ?? '') };
  const end = endOf(order);
  if ((state.tone !== 'good' && state.tone !== 'bad') || !end || end >= now) return state;
  return words('Ended', 'over', `The certificate has ended; the service calls it ${order.status}.`, again);
}

/** Every name that the certificate of an order covers. */
export const allNamesOf = ({ cert }: Order): string[] =>
  [...new Set([cert?.commonName ?? '', ...(cert?.dnsNames ?? [])])].filter(Boolean);

/** What a person wrote: the package marks its orders in their comments, to find them again. */
export const commentsOf = (comments: Order['comments'] | undefined): string | undefined =>
  comments?.replace(/\s*\[mmc [^\]]*\]/, '').trim();

/** The id of the order that this one renews, as the mark says. */
export const renewedBy = ({ comments }: Order): string | undefined =>
  comments?.match(/\[mmc [^\]]*replaces=([^\s\]]+)/)?.[1];

/** How DigiCert sees who controls the domains of an order. */
export const dcvMethodOf = ({ cert }: Order): string => cert?.dcvMethod ?? 'EMAIL';

/** The same in words. */
export const dcvMethods: Record<string, string> = {
  DNS_TXT_TOKEN: 'TXT record',
  DNS_CNAME_TOKEN: 'CNAME record',
  HTTP_TOKEN: 'File on the web server',
  EMAIL: 'Email to the domain',
};

export const platforms: Record<string, string> = {
  NGINX: 'nginx',
  APACHE: 'Apache',
  MICROSOFT_IIS_10: 'Microsoft IIS 10',
  MICROSOFT_IIS_8: 'Microsoft IIS 8',
  MICROSOFT_IIS_7: 'Microsoft IIS 7',
  MICROSOFT_IIS_5_OR_6: 'Microsoft IIS 5 or 6',
  DEFAULT: 'Another one',
};
