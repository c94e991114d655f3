import { dateOf, type Order } from 'markmonitor-certs';
import { Button } from '../../components/button.js';
import { Card, Code } from '../../components/card.js';
import { Chain } from '../../components/chain.js';
import { DaysLeft } from '../../components/order-signs.js';
import { saveFile } from '../../components/save.js';
import { ErrorNote, Loaded } from '../../components/states.js';
import { formatDate } from '../../format.js';
import { endOf } from '../../order-words.js';
import { useLive } from '../../state/live.js';
import { nameOf } from '../../state/ordered.js';
import { useTask } from '../../state/outcome.js';
import { connect } from '../../state/service.js';

export function CertificateCard({ order }: { order: Order }) {
  const { id, cert } = order;
  if (!cert?.endEntityCert) return null;
  const serialNumber = cert.serialNumber ?? '';
  return (
    <Card
      title="Certificate"
      class="stack"
      rows={[
        ['Valid from', formatDate(dateOf(cert.dateValidFrom))],
        ['Valid until', endOf(order) && <DaysLeft key="until" order={order} />],
        ['Serial number', serialNumber && <Code key="serial" text={serialNumber} label="the serial number" />],
      ]}
    >
      <ChainOf id={id} serialNumber={serialNumber} />
      <Files id={id} name={nameOf(order)} />
    </Card>
  );
}

function ChainOf({ id, serialNumber }: { id: string; serialNumber: string }) {
  const bundle = useLive(`chain ${id} ${serialNumber}`, ({ client }, signal) =>
    client.orders.certificate(id, { signal }),
  );
  return <Loaded outcome={bundle} label="the chain" lines={3} show={(bundle) => <Chain bundle={bundle} />} />;
}

function Files({ id, name }: { id: string; name: string }) {
  const saving = useTask(async (format: 'pem_all' | 'p7b', ending: string) => {
    const { client } = await connect();
    saveFile(`${name}.${ending}`, new Uint8Array(await client.orders.download(id, format)));
  });
  const look = { icon: 'download', disabled: saving.isBusy } as const;
  return (
    <>
      <div class="actions">
        <Button word="PEM with chain" {...look} onClick={() => saving.start('pem_all', 'pem')} />
        <Button word="PKCS #7" {...look} onClick={() => saving.start('p7b', 'p7b')} />
      </div>
      <ErrorNote what="The file was not saved." error={saving.error} />
    </>
  );
}
