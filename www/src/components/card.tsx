import type { ComponentChildren, RenderableProps } from 'preact';
import { CopyButton } from './button.js';
import { Name } from './signs.js';

type CardProps = RenderableProps<{ title: string; beside?: ComponentChildren; class?: string; rows?: readonly Row[] }>;

/** One subject of a view, with its fields; `beside` is next to its title. */
export const Card = ({ title, beside, class: kind = '', rows, children }: CardProps) => (
  <section class={`card ${kind}`} aria-label={title}>
    <h2>
      {title} {beside}
    </h2>
    {rows && <Fields rows={rows} />}
    {children}
  </section>
);

export type Row = [label: string, value: ComponentChildren];

/** Fields in rows; empty ones are left out. Their content can be hostile: it is only ever text. */
export function Fields({ rows }: { rows: readonly Row[] }) {
  const shown = rows.filter(([, value]) => value !== undefined && value !== null && value !== '');
  return (
    <dl class="fields">
      {shown.map(([label, value], index) => (
        <div key={`${index} ${label}`}>
          <dt>
            <Name name={label} ends={/(?<=[a-z])(?=[A-Z])/} />
          </dt>
          <dd dir="auto">{typeof value === 'string' ? <Name name={value} /> : value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** A text to be copied as it is; `label` says what it is. */
export const Code = ({ text, label }: { text: string; label: string }) => (
  <span class="hash">
    <code>{text}</code>
    <CopyButton text={text} label={label} />
  </span>
);
