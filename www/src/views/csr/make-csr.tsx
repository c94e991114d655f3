import { type CreatedCsr, createCsr } from 'markmonitor-certs';
import { useState } from 'preact/hooks';
import { Dialog } from '../../components/dialog.js';
import { Icon } from '../../components/icon.js';
import { fileNameOf, saveFile } from '../../components/save.js';
import { ErrorNote } from '../../components/states.js';
import { addDocument } from '../../state/documents.js';

const keys = {
  'EC P-256': { algorithm: 'EC', curve: 'P-256' },
  'EC P-384': { algorithm: 'EC', curve: 'P-384' },
  'RSA 2048': { algorithm: 'RSA', bits: 2048 },
  'RSA 3072': { algorithm: 'RSA', bits: 3072 },
  'RSA 4096': { algorithm: 'RSA', bits: 4096 },
} as const;

type KeyName = keyof typeof keys;

/** Makes a key and a request for it. The key is offered once, as a file, and kept nowhere. */
export function MakeCsr({ close }: { close: () => void }) {
  const [made, setMade] = useState<CreatedCsr & { name: string }>();
  const [error, setError] = useState<unknown>();
  const [isMaking, setMaking] = useState(false);

  const make = async (event: SubmitEvent) => {
    event.preventDefault();
    if (!(event.currentTarget instanceof HTMLFormElement)) return;
    const form = new FormData(event.currentTarget);
    const text = (key: string) => `${form.get(key) ?? ''}`.trim();
    const optional = (key: string) => (text(key) ? { [key]: text(key) } : {});
    const commonName = text('commonName');
    const names = text('dnsNames')
      .split(/[\s,]+/)
      .filter(Boolean);
    setMaking(true);
    setError(undefined);
    try {
      const fields = ['organizationName', 'locality', 'state', 'country'].map(optional);
      const created = await createCsr({
        subject: Object.assign({ commonName }, ...fields),
        dnsNames: [...new Set([commonName, ...names])],
        key: keys[text('key') as KeyName],
      });
      addDocument(`${commonName} (made here)`, created.csr);
      setMade({ ...created, name: commonName });
    } catch (reason) {
      setError(reason);
    }
    setMaking(false);
  };

  if (made) {
    return (
      <Dialog title="Save the private key now" close={close}>
        <p>
          The request is in the list. Its private key is in this page only, and gone as soon as you close this window:
          save it where only you can read it.
        </p>
        <div class="actions end">
          <button type="button" class="button" onClick={close}>
            Close
          </button>
          <button
            type="button"
            class="button primary"
            onClick={() => saveFile(fileNameOf(made.name, 'key'), made.privateKeyPem, 'application/x-pem-file')}
          >
            <Icon name="download" />
            Save the key
          </button>
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog title="Make a key and a request" close={close}>
      <form onSubmit={make}>
        <Field name="commonName" label="Common name" placeholder="www.example.com" required />
        <Field name="dnsNames" label="Further names" placeholder="example.com, shop.example.com" />
        <Field name="organizationName" label="Organization" />
        <div class="columns">
          <Field name="locality" label="City" />
          <Field name="state" label="State" />
          <Field name="country" label="Country" placeholder="US" maxLength={2} />
        </div>
        <label class="field">
          <span>Key</span>
          <select name="key">
            {Object.keys(keys).map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
        {Boolean(error) && <ErrorNote error={error} />}
        <div class="actions end">
          <button type="button" class="button" onClick={close}>
            Cancel
          </button>
          <button type="submit" class="button primary" disabled={isMaking}>
            {isMaking ? 'Making…' : 'Make'}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function Field({ name, label, ...rest }: { name: string; label: string } & preact.JSX.IntrinsicElements['input']) {
  return (
    <label class="field">
      <span>{label}</span>
      <input name={name} autocomplete="off" {...rest} />
    </label>
  );
}
