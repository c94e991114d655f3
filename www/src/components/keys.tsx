import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Button } from './button.js';
import { Dialog, type FieldText } from './dialog.js';
import { Choice } from './form.js';
import { saveFile } from './save.js';
import { Note } from './states.js';

const keys = {
  'EC P-256': { algorithm: 'EC', curve: 'P-256' },
  'EC P-384': { algorithm: 'EC', curve: 'P-384' },
  'RSA 2048': { algorithm: 'RSA', bits: 2048 },
  'RSA 3072': { algorithm: 'RSA', bits: 3072 },
  'RSA 4096': { algorithm: 'RSA', bits: 4096 },
} as const;

/** Of which kind a new key is; in a form. */
export const KeyChoice = () => <Choice name="key" label="Key" options={Object.keys(keys).map((name) => [name])} />;

/** What was chosen in it. */
export const chosenKey = (text: FieldText) => keys[text('key') as keyof typeof keys];

type SaveProps = {
  /** The name of the file, and what is in it. */
  file: string;
  text: string;
  /** What begins the sentence about where the key is. */
  what: string;
  onSaved?: () => void;
  close: () => void;
  /** What can be done once it is saved. */
  next?: ComponentChildren;
};

/** It does not close, nor is the page left, without a question as long as the key is not saved. */
export function SaveKeys({ file, text, what, onSaved, close, next }: SaveProps) {
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
    saveFile(file, text);
    onSaved?.();
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
      <p>{what} is in this page only, and gone as soon as you close this window: save it where only you can read it.</p>
      {isAsking && (
        <Note tone="bad" role="alert" action={<Button word="Lose the key" look="small danger" onClick={close} />}>
          <strong>The key is not saved.</strong> Without it, a certificate for this request is of no use.
        </Note>
      )}
      <div class="actions end">
        <Button word="Close" onClick={() => mayClose() && close()} />
        <Button
          word={isSaved ? 'Save it again' : 'Save the key'}
          look={isSaved && next ? '' : 'primary'}
          icon="download"
          onClick={save}
        />
        {isSaved && next}
      </div>
    </Dialog>
  );
}
