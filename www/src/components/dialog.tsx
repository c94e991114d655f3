import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { explain, problemsOf } from '../explain.js';
import { useTask } from '../state/outcome.js';
import { toast } from '../state/toasts.js';
import { Button } from './button.js';
import { ErrorNote } from './states.js';

type DialogProps = {
  title: string;
  close: () => void;
  /** Whether it may close now; it stays otherwise, whatever key was pressed. */
  mayClose?: () => boolean;
  class?: string;
  children?: ComponentChildren;
};

/** A modal dialog: the browser keeps the focus inside and closes it with Escape. */
export function Dialog({ title, close, mayClose = () => true, class: kind = '', children }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  useEffect(() => element.current?.showModal(), []);
  const onClose = () => (mayClose() ? close() : element.current?.showModal());
  return (
    <dialog
      ref={element}
      class={kind}
      aria-labelledby="dialog-title"
      onCancel={(event) => mayClose() || event.preventDefault()}
      onClose={onClose}
    >
      <h2 id="dialog-title">{title}</h2>
      {children}
    </dialog>
  );
}

/** What an error says of single fields. */
export function errorsOf(error: unknown): ErrorOf {
  const problems = problemsOf(error);
  return (field) => problems.find((problem) => problem.field === field)?.text;
}

export type FieldText = (name: string) => string;

export type ErrorOf = (field: string) => string | undefined;

type FormProps = Omit<DialogProps, 'children'> & {
  children?: ComponentChildren | ((errorOf: ErrorOf) => ComponentChildren);
  confirm: string;
  look?: 'primary' | 'danger';
  isReady?: boolean;
  /** What is told when it could not be done: `The order was not canceled.` */
  failure: string;
  submit: (text: FieldText) => Promise<void>;
};

/**
 * A dialog that asks for something and does it; it stays open, with the reason, when that fails. Who closed it in the
 * meantime is told all the same.
 */
export function FormDialog(props: FormProps) {
  const { confirm, look = 'primary', isReady = true, failure, submit, children, ...dialog } = props;
  const isOpen = useRef(true);
  useEffect(
    () => () => {
      isOpen.current = false;
    },
    [],
  );
  const task = useTask((form: FormData) =>
    submit((name) => `${form.get(name) ?? ''}`.trim()).catch((error) => {
      if (!isOpen.current) toast(`${failure} ${explain(error).why}`, 'bad');
      throw error;
    }),
  );
  const start = (event: SubmitEvent & { currentTarget: HTMLFormElement }) => {
    event.preventDefault();
    if (!task.isBusy) task.start(new FormData(event.currentTarget));
  };
  return (
    <Dialog {...dialog}>
      <form onSubmit={start}>
        {typeof children === 'function' ? children(errorsOf(task.error)) : children}
        <ErrorNote what={failure} error={task.error} />
        <div class="actions end">
          <Button word={task.isBusy ? 'Close' : 'Back'} onClick={dialog.close} />
          <Button word={confirm} type="submit" look={look} disabled={task.isBusy || !isReady} />
        </div>
      </form>
    </Dialog>
  );
}
