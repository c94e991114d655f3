import type { ComponentProps, VNode } from 'preact';

interface Control {
  /** The label above the control; without one, set an `aria-label`. */
  label?: string;
  /** Hears of each new text. */
  change?: (text: string) => void;
}

/** Names and hosts are not words of a language, and nothing that was typed elsewhere belongs here. */
const plain = { autocomplete: 'off', spellcheck: false } as const;

export function Line({ label, change, ...rest }: Control & ComponentProps<'input'>) {
  return labelled(label, <input {...plain} {...rest} onInput={(event) => change?.(event.currentTarget.value)} />);
}

export function Lines({ label, change, ...rest }: Control & ComponentProps<'textarea'>) {
  return labelled(label, <textarea {...plain} {...rest} onInput={(event) => change?.(event.currentTarget.value)} />);
}

/** What a choice offers: a value, and its words where they are others. */
export type Option = readonly [value: string, words?: string];

export function Choice({
  label,
  change,
  options,
  ...rest
}: Control & ComponentProps<'select'> & { options: Option[] }) {
  return labelled(
    label,
    <select {...rest} onChange={(event) => change?.(event.currentTarget.value)}>
      {options.map(([value, words = value]) => (
        <option key={value} value={value}>
          {words}
        </option>
      ))}
    </select>,
  );
}

function labelled(label: string | undefined, control: VNode): VNode {
  if (!label) return control;
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is inside.
    <label class="field">
      <span>{label}</span>
      {control}
    </label>
  );
}
