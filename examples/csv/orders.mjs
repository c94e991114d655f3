/**
 * Prints all orders as CSV, for a table:
 *
 *   node orders.mjs [STATUS…] > orders.csv
 */
import { CertsClient, dateOf } from 'markmonitor-certs';

// Beyond reading, nothing can happen by mistake.
const client = new CertsClient({ readOnly: true });

/** A cell: quoted, and not a formula, which a table would carry out. */
const cell = (value) => {
  const text = String(value ?? '');
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return `"${harmless.replaceAll('"', '""')}"`;
};
const day = (value) => dateOf(value)?.toISOString().slice(0, 10);
const line = (values) => process.stdout.write(`${values.map(cell).join(',')}\r\n`);

const statuses = process.argv.slice(2);
line(['order', 'status', 'type', 'common name', 'other names', 'created', 'ends', 'serial number']);
const filter = { size: 100, ...(statuses.length > 0 && { statuses }) };
for await (const { id, status, certType, cert, dateCreated } of client.orders.list(filter, { priority: 'low' })) {
  const { commonName, dnsNames, dateValidUntil, serialNumber } = cert ?? {};
  line([id, status, certType, commonName, dnsNames?.join(' '), day(dateCreated), day(dateValidUntil), serialNumber]);
}
client.close();
