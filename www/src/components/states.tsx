import { signal } from '@preact/signals';
import type { ComponentChildren, VNode } from 'preact';
import { useErrorBoundary } from 'preact/hooks';
import { explain } from '../explain.js';
import type { Outcome } from '../state/outcome.js';
import { Button, LinkButton } from './button.js';
import { Icon } from './icon.js';

type LoadedProps<T> = { outcome: Outcome<T>; label: string; lines?: number; show: (value: T) => ComponentChildren };

/** What takes time, once it is there. Until then a skeleton is in its place; above it, why it could not be loaded. */
export function Loaded<T>({ outcome: { value, error, retry }, label, lines = 8, show }: LoadedProps<T>) {
  return (
    <>
      <ErrorNote error={error} retry={retry} />
      {value !== undefined ? show(value) : !error && <Skeleton lines={lines} label={label} />}
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

/** What went wrong, and what to do; nothing where nothing did. */
export function ErrorNote({ error, retry }: Pick<Outcome<unknown>, 'error' | 'retry'>) {
  if (error === undefined) return null;
  const { title, advice, details } = explain(error);
  return (
    <div class="note tone-bad" role="alert">
      <Icon name="error" />
      <div>
        <strong>{title}</strong>
        <ul>
          {details.map((detail) => (
            <li key={detail}>{detail}</li>
          ))}
        </ul>
        <p>{advice}</p>
      </div>
      {retry && <Button word="Try again" look="small" onClick={retry} />}
    </div>
  );
}

/** Shows an error of this page in place of the view that had it; the navigation keeps working. Give it a key per view. */
export function Boundary({ children }: { children: VNode }) {
  const [error, reset] = useErrorBoundary();
  return error === undefined ? children : <ErrorNote error={error} retry={reset} />;
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
    <div class="note tone-attention" role="status">
      <Icon name="alert" />
      <p>
        <strong>You are offline.</strong> Inspecting and the sandbox still work in this page; orders of the real service
        are shown as they were seen last.
      </p>
    </div>
  );
}
