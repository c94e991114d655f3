import type { CreatedCsr } from 'markmonitor-certs';
import { useState } from 'preact/hooks';
import { type FieldText, FormDialog } from '../../components/dialog.js';
import { Line } from '../../components/form.js';
import { chosenKey, KeyChoice, SaveKeys } from '../../components/keys.js';
import { wordsOf } from '../../format.js';
import { createCsr } from '../../pki.js';
import { addDocument, keySaved } from '../../state/documents.js';

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
      key: chosenKey(text),
    });
    addDocument(`${name} (made here)`, created.csr, false);
    setMade({ ...created, name });
  };
  if (made) {
    return (
      <SaveKeys
        file={`${made.name}.key`}
        text={made.privateKeyPem}
        onSaved={() => keySaved(made.csr)}
        close={close}
        what="The request is in the list. Its private key"
      />
    );
  }
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
      <KeyChoice />
    </FormDialog>
  );
}
