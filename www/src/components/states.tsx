import { signal } from '@preact/signals';
import { Component, type ComponentChildren, type RenderableProps } from 'preact';
import { explain } from '../explain.js';
import type { Outcome } from '../state/outcome.js';
import { Button } from './button.js';
import { Icon } from './icon.js';

interface LoadedProps<T> {
  outcome: Outcome<T>;
  label: string;
  lines?: number;
  show: (value: T) => ComponentChildren;
}

/** What takes time, once it is there. Until then a skeleton stands in its place; above it, why it is not to be had. */
export function Loaded<T>({ outcome: { value, error, retry }, label, lines = 8, show }: LoadedProps<T>) {
  return (
    <>
      <ErrorNote error={error} retry={retry} />
      {value !== undefined ? show(value) : !error && <Skeleton lines={lines} label={label} />}
    </>
  );
}

/** In place of what is still being loaded. */
export function Skeleton({ lines, label }: { lines: number; label: string }) {
  return (
    <div class="skeleton" role="status">
      <span class="visually-hidden">{label}</span>
      {Array.from({ length: lines }, (_, index) => (
        <i key={index} aria-hidden="true" />
      ))}
    </div>
  );
}

/** In place of what is not there. */
export function Empty({ title, children }: RenderableProps<{ title: string }>) {
  return (
    <div class="empty">
      <h2>{title}</h2>
      {children}
    </div>
  );
}

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

/** Shows an error of this page in place of the view that had it; the navigation goes on. Give it a key per view. */
export class Boundary extends Component<{ children: ComponentChildren }, { error?: unknown }> {
  static override getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    return <ErrorNote error={error} retry={() => this.setState({ error: undefined })} />;
  }
}

const isOnline = signal(navigator.onLine);
for (const event of ['online', 'offline']) {
  addEventListener(event, () => {
    isOnline.value = navigator.onLine;
  });
}

/** Says when the network is gone, and what still works. */
export function OfflineNote() {
  if (isOnline.value) return null;
  return (
    <div class="note tone-attention" role="status">
      <Icon name="alert" />
      <p>
        <strong>You are offline.</strong> Inspecting and the sandbox go on in this page; orders of the real service are
        shown as they were seen last.
      </p>
    </div>
  );
}
