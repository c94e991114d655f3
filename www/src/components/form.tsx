import type { ComponentProps, VNode } from 'preact';
import { useId } from 'preact/hooks';

interface Control {
  /** The label above the control; without one, set an `aria-label`. */
  label?: string;
  change?: (text: string) => void;
  /** What is wrong with it, below it. */
  error?: string | undefined;
}

/** Names and hosts are not words of a language, and nothing that was typed elsewhere belongs here. */
const plain = { autocomplete: 'off', spellcheck: false } as const;

const tieTo = (id: string, error: string | undefined) =>
  error ? ({ 'aria-invalid': true, 'aria-describedby': id } as const) : {};

export function Line({ label, change, error, ...rest }: Control & ComponentProps<'input'>) {
  const id = useId();
  const tied = { ...plain, ...rest, ...tieTo(id, error) };
  return labelled({ label, error, id }, <input {...tied} onInput={(event) => change?.(event.currentTarget.value)} />);
}

export function Lines({ label, change, error, ...rest }: Control & ComponentProps<'textarea'>) {
  const id = useId();
  const tied = { ...plain, ...rest, ...tieTo(id, error) };
  return labelled(
    { label, error, id },
    <textarea {...tied} onInput={(event) => change?.(event.currentTarget.value)} />,
  );
}

/** What a choice offers: a value, and its words where they are others. */
export type Option = readonly [value: string, words?: string];

type ChoiceProps = Control & ComponentProps<'select'> & { options: readonly Option[] };

export function Choice({ label, change, options, error, ...rest }: ChoiceProps) {
  const id = useId();
  return labelled(
    { label, error, id },
    <select {...rest} {...tieTo(id, error)} onChange={(event) => change?.(event.currentTarget.value)}>
      {options.map(([value, words = value]) => (
        <option key={value} value={value}>
          {words}
        </option>
      ))}
    </select>,
  );
}

type Around = { label: string | undefined; error: string | undefined; id: string };

function labelled({ label, error, id }: Around, control: VNode): VNode {
  if (!label) return control;
  return (
    <div class="field">
      {/* biome-ignore lint/a11y/noLabelWithoutControl: the control is inside. */}
      <label class="field">
        <span>{label}</span>
        {control}
      </label>
      {error && (
        <small id={id} class="field-error tone-bad">
          {error}
        </small>
      )}
    </div>
  );
}
