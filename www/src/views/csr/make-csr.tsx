import type { CreatedCsr } from 'markmonitor-certs';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Button } from '../../components/button.js';
import { Dialog, type FieldText, FormDialog } from '../../components/dialog.js';
import { Choice, Line } from '../../components/form.js';
import { saveFile } from '../../components/save.js';
import { Note } from '../../components/states.js';
import { wordsOf } from '../../format.js';
import { createCsr } from '../../pki.js';
import { addDocument, keySaved } from '../../state/documents.js';

const keys = {
  'EC P-256': { algorithm: 'EC', curve: 'P-256' },
  'EC P-384': { algorithm: 'EC', curve: 'P-384' },
  'RSA 2048': { algorithm: 'RSA', bits: 2048 },
  'RSA 3072': { algorithm: 'RSA', bits: 3072 },
  'RSA 4096': { algorithm: 'RSA', bits: 4096 },
} as const;

type Made = CreatedCsr & { name: string };

/** Makes a key and a request for it. The key is offered once, as a file, and kept nowhere. */
export function MakeCsr({ close }: { close: () => void }) {
  const [made, setMade] = useState<Made>();
  const make = async (text: FieldText) => {
    const name = text('commonName');
    const filled = ['organizationName', 'locality', 'state', 'country'].filter(text);
    const created = await createCsr({
      subject: { commonName: name, ...Object.fromEntries(filled.map((field) => [field, text(field)])) },
      dnsNames: [...new Set([name, ...wordsOf(text('dnsNames'))])],
      key: keys[text('key') as keyof typeof keys],
    });
    addDocument(`${name} (made here)`, created.csr, false);
    setMade({ ...created, name });
  };
  if (made) return <SaveKey made={made} close={close} />;
  return (
    <FormDialog
      title="Make a key and a request"
      confirm="Make"
      failure="The request was not made."
      submit={make}
      close={close}
    >
      <Line name="commonName" label="Common name" placeholder="www.example.com" required />
      <Line name="dnsNames" label="Further names" placeholder="example.com, shop.example.com" />
      <Line name="organizationName" label="Organization" />
      <div class="columns">
        <Line name="locality" label="City" />
        <Line name="state" label="State" />
        <Line name="country" label="Country" placeholder="US" maxLength={2} />
      </div>
      <Choice name="key" label="Key" options={Object.keys(keys).map((name) => [name])} />
    </FormDialog>
  );
}

/** It does not close, nor is the page left, without a question as long as the key is not saved. */
function SaveKey({ made, close }: { made: Made; close: () => void }) {
  const [isSaved, setSaved] = useState(false);
  const [isAsking, setAsking] = useState(false);
  const isFree = useRef(false);
  useEffect(() => {
    if (isSaved) return;
    const hold = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', hold);
    return () => removeEventListener('beforeunload', hold);
  }, [isSaved]);
  const save = () => {
    saveFile(`${made.name}.key`, made.privateKeyPem);
    keySaved(made.csr);
    isFree.current = true;
    setSaved(true);
    setAsking(false);
  };
  const mayClose = () => {
    if (!isFree.current) setAsking(true);
    return isFree.current;
  };
  return (
    <Dialog title="Save the private key now" close={close} mayClose={mayClose}>
      <p>
        The request is in the list. Its private key is in this page only, and gone as soon as you close this window:
        save it where only you can read it.
      </p>
      {isAsking && (
        <Note tone="bad" role="alert" action={<Button word="Lose the key" look="small danger" onClick={close} />}>
          <strong>The key is not saved.</strong> Without it, a certificate for this request is of no use.
        </Note>
      )}
      <div class="actions end">
        <Button word="Close" onClick={() => mayClose() && close()} />
        <Button word={isSaved ? 'Save it again' : 'Save the key'} look="primary" icon="download" onClick={save} />
      </div>
    </Dialog>
  );
}
