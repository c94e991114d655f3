import { signal } from '@preact/signals';
import type { ComponentChildren, FunctionComponent, VNode } from 'preact';
import { useErrorBoundary } from 'preact/hooks';
import { explain } from '../explain.js';
import { type Outcome, useAsync } from '../state/outcome.js';
import { Button, CopyButton, LinkButton } from './button.js';
import { Icon } from './icon.js';

type LoadedProps<T> = {
  outcome: Outcome<T>;
  /** What is loaded: `the orders`. */
  label: string;
  lines?: number;
  show: (value: T) => ComponentChildren;
};

/** What takes time, once it is there. Until then a skeleton is in its place; above it, why it could not be loaded. */
export function Loaded<T>({ outcome: { value, error, retry }, label, lines = 8, show }: LoadedProps<T>) {
  const seen = value === undefined ? '' : ' again: what is shown may be old';
  return (
    <>
      <ErrorNote what={`Could not load ${label}${seen}.`} error={error} retry={retry} />
      {value !== undefined ? show(value) : !error && <Skeleton lines={lines} label={`Loading ${label}`} />}
    </>
  );
}

export const Skeleton = ({ lines, label }: { lines: number; label: string }) => (
  <div class="skeleton" role="status">
    <span class="visually-hidden">{label}</span>
    {Array.from({ length: lines }, (_, index) => (
      <i key={index} aria-hidden="true" />
    ))}
  </div>
);

type EmptyProps = { title: string; text?: string; next?: string; to?: string };

/** In place of what is not there; `next` is what to do about it. */
export const Empty = ({ title, text, next, to }: EmptyProps) => (
  <div class="empty">
    <h2>{title}</h2>
    {text && <p>{text}</p>}
    {next && to && <LinkButton word={next} href={to} />}
  </div>
);

type NoteProps = Pick<Outcome<unknown>, 'error' | 'retry'> & { what?: string; children?: ComponentChildren };

/** What could not be done, why, and what to do; nothing where nothing went wrong. */
export function ErrorNote({ error, what, retry, children }: NoteProps) {
  if (error === undefined) return null;
  const { why, advice, details, technical } = explain(error);
  // A message can have all details in it, which are listed above.
  const rest = details.reduce((text, detail) => text.replace(` (${detail})`, '').replace(detail, ''), why).trim();
  return (
    <Note tone="bad" role="alert" action={retry && <Button word="Try again" look="small" onClick={retry} />}>
      <strong>{what ?? why}</strong>
      <ul>
        {details.map((detail) => (
          <li key={detail}>{detail}</li>
        ))}
      </ul>
      <p>
        {what && rest} {advice}
      </p>
      {children}
      <details class="technical">
        <summary class="muted">Technical details</summary>
        <code>{technical}</code> <CopyButton text={technical} label="the technical details" />
      </details>
    </Note>
  );
}

type ToneNoteProps = {
  tone: 'bad' | 'attention' | 'active' | 'good';
  role?: 'alert' | 'status';
  action?: ComponentChildren;
  children: ComponentChildren;
};

/** Something to know, in its tone; `action` is beside it. */
export const Note = ({ tone, role, action, children }: ToneNoteProps) => (
  <div class={`note tone-${tone}`} role={role}>
    <Icon name={tone === 'bad' ? 'error' : tone === 'good' ? 'done' : tone === 'active' ? 'info' : 'alert'} />
    <div>{children}</div>
    {action}
  </div>
);

/** Shows an error of this page in place of the view that had it; the navigation keeps working. Give it a key per view. */
export function Boundary({ children }: { children: VNode }) {
  const [error, reset] = useErrorBoundary();
  return error === undefined ? children : <ErrorNote what="This view failed." error={error} retry={reset} />;
}

const isOnline = signal(navigator.onLine);
for (const event of ['online', 'offline']) {
  addEventListener(event, () => {
    isOnline.value = navigator.onLine;
  });
}

export function OfflineNote() {
  if (isOnline.value) return null;
  return (
    <Note tone="attention" role="status">
      <strong>You are offline.</strong> Inspecting and the sandbox still work in this page; orders of the real service
      are shown as they were seen last.
    </Note>
  );
}

/** Loads a part of the page. Why that failed is for its reader: the browser's words have an address in them. */
export const loadPart = <T,>(load: () => Promise<T>): Promise<T> =>
  load().catch(() => {
    throw new Error('This part of the page could not be loaded.');
  });

/** Browsers remember that a part could not be loaded: only a page that is reloaded, with its state, asks again. */
export const loadAnew = () => navigator.onLine && location.reload();

/** What is loaded later than the first view, by those who draw it; all of it ahead, once the service is in use. */
const all: (() => Promise<unknown>)[] = [];

/** Without a network, what was loaded ahead works. */
export const loadAhead = (): void => {
  for (const load of all) load().catch(() => {});
};

/** A component whose code is loaded with its first use; `label` is what it is. */
export function lazy<P extends object>(label: string, load: () => Promise<FunctionComponent<P>>): FunctionComponent<P> {
  all.push(load);
  return (props: P) => {
    const outcome = useAsync('', async () => ({ Component: await loadPart(load) }));
    const show = ({ Component }: { Component: FunctionComponent<P> }) => <Component {...props} />;
    return <Loaded outcome={{ ...outcome, retry: loadAnew }} label={label} lines={1} show={show} />;
  };
}
