import type { RenderableProps } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useTask } from '../state/outcome.js';
import { Button } from './button.js';
import { ErrorNote } from './states.js';

type DialogProps = RenderableProps<{ title: string; close: () => void }>;

/** A modal dialog: the browser keeps the focus inside and closes it with Escape. */
export function Dialog({ title, close, children }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  useEffect(() => element.current?.showModal(), []);
  return (
    <dialog ref={element} aria-labelledby="dialog-title" onClose={close}>
      <h2 id="dialog-title">{title}</h2>
      {children}
    </dialog>
  );
}

export type FieldText = (name: string) => string;

type FormProps = DialogProps & {
  confirm: string;
  look?: 'primary' | 'danger';
  isReady?: boolean;
  submit: (text: FieldText) => Promise<void>;
};

/** A dialog that asks for something and does it; it stays open, with the reason, when that fails. */
export function FormDialog({ confirm, look = 'primary', isReady = true, submit, children, ...dialog }: FormProps) {
  const task = useTask((form: FormData) => submit((name) => `${form.get(name) ?? ''}`.trim()));
  const start = (event: SubmitEvent & { currentTarget: HTMLFormElement }) => {
    event.preventDefault();
    task.start(new FormData(event.currentTarget));
  };
  return (
    <Dialog {...dialog}>
      <form onSubmit={start}>
        {children}
        <ErrorNote error={task.error} />
        <div class="actions end">
          <Button word="Back" onClick={dialog.close} />
          <Button word={confirm} type="submit" look={look} disabled={task.isBusy || !isReady} />
        </div>
      </form>
    </Dialog>
  );
}
