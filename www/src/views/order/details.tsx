import { dateOf, type Order } from 'markmonitor-certs';
import { Button } from '../../components/button.js';
import { Card, Code } from '../../components/card.js';
import { formatDateTime } from '../../format.js';
import { commentsOf, dcvMethods, platforms, renewedBy } from '../../order-words.js';
import { addDocument } from '../../state/documents.js';
import { nameOf } from '../../state/ordered.js';
import { contactWords, organizationName } from '../../state/orders.js';
import { href, navigate } from '../../state/route.js';

export function Details({ order }: { order: Order }) {
  const { cert, organizationId } = order;
  const renewed = renewedBy(order);
  const inspect = () => {
    addDocument(nameOf(order), cert?.csr ?? '');
    navigate(href('csr'));
  };
  const button = cert?.csr && <Button word="Inspect its CSR" look="small" onClick={inspect} />;
  return (
    <Card
      title="Details"
      beside={button}
      rows={[
        ['Names', cert?.dnsNames?.join('\n')],
        ['Organization', organizationName(organizationId)],
        ['Contacts', contactWords(organizationId, order.contacts ?? [])],
        ['Renews', renewed && <a href={href('order', renewed)}>{renewed}</a>],
        ['Server', platforms[cert?.serverPlatform ?? ''] ?? cert?.serverPlatform],
        ['Domain control', dcvMethods[cert?.dcvMethod ?? ''] ?? cert?.dcvMethod],
        ['ID', <Code key="id" text={order.id} label="the ID" />],
        ['DigiCert order', order.providerId],
        ['Price', order.price?.totalPrice],
        ['Emails', order.additionalEmails?.join('\n')],
        ['Comments', commentsOf(order.comments)],
        ['Created', formatDateTime(dateOf(order.dateCreated))],
        ['Updated', formatDateTime(dateOf(order.dateUpdated))],
      ]}
    />
  );
}
