import type { Contact, Order } from 'markmonitor-certs';
import { formatDateTime } from '../../format.js';
import { addDocument } from '../../state/documents.js';
import { organizationName, organizations, useOrderBook } from '../../state/orders.js';
import { href, navigate } from '../../state/route.js';

/** What was ordered, and for whom. */
export function Details({ order }: { order: Order }) {
  // It knows the names of organizations and contacts.
  useOrderBook();
  const { cert, price } = order;
  const people = organizations.value.get(order.organizationId ?? '')?.contacts ?? [];
  const contacts = (order.contacts ?? []).map((id) => nameOfContact(people.find((person) => person.id === id)) ?? id);
  const lines: [string, preact.ComponentChildren][] = [
    ['Names', (cert?.dnsNames ?? []).join('\n')],
    ['Organization', organizationName(order.organizationId)],
    ['Contacts', contacts.join('\n')],
    ['Server', cert?.serverPlatform],
    ['Domain control', cert?.dcvMethod],
    ['DigiCert order', order.providerId],
    ['Price', price?.totalPrice],
    ['E-mails', (order.additionalEmails ?? []).join('\n')],
    ['Comments', order.comments],
    ['Created', formatDateTime(order.dateCreated)],
    ['Updated', formatDateTime(order.dateUpdated)],
  ];
  const inspect = () => {
    addDocument(cert?.commonName ?? 'CSR of an order', cert?.csr ?? '');
    navigate(href('csr'));
  };
  return (
    <section class="card" aria-label="Details">
      <h2>
        Details
        {cert?.csr && (
          <button type="button" class="button small" onClick={inspect}>
            Inspect its CSR
          </button>
        )}
      </h2>
      <dl class="fields">
        {lines.map(
          ([label, value]) =>
            value !== undefined &&
            value !== null &&
            value !== '' && (
              <div key={label}>
                <dt>{label}</dt>
                <dd>
                  <bdi>{value}</bdi>
                </dd>
              </div>
            ),
        )}
      </dl>
    </section>
  );
}

function nameOfContact(contact: Contact | undefined): string | undefined {
  return contact && `${contact.firstName ?? ''} ${contact.lastName ?? ''} <${contact.email ?? ''}>`;
}
