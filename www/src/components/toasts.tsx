import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { IconButton } from './button.js';
import { Icon } from './icon.js';

interface Toast {
  text: string;
  tone: 'good' | 'bad';
  to?: string | undefined;
}

const toasts = signal<readonly Toast[]>([]);
const shownForMs = 6_000;

const remove = (toast: Toast) => {
  toasts.value = toasts.value.filter((other) => other !== toast);
};

/** Tells the user what came of something. Good news goes by itself; bad news stays until it is read. */
export function toast(text: string, tone: Toast['tone'] = 'good', to?: string): void {
  const added = { text, tone, to };
  toasts.value = [...toasts.value, added];
  if (tone === 'good') setTimeout(() => remove(added), shownForMs);
}

export function Toasts() {
  const element = useRef<HTMLDivElement>(null);
  // Above a dialog too: what comes last into the top layer is on top.
  useEffect(() => [false, true].forEach((isShown) => void element.current?.togglePopover(isShown)), [toasts.value]);
  return (
    <div ref={element} popover="manual" class="toasts" role="status">
      {toasts.value.map((toast, index) => (
        <p key={index} class={`toast tone-${toast.tone}`}>
          <Icon name={toast.tone === 'good' ? 'done' : 'error'} />
          <span>
            {toast.text} {toast.to && <a href={toast.to}>Show it</a>}
          </span>
          {toast.tone === 'bad' && <IconButton icon="close" label="Dismiss" onClick={() => remove(toast)} />}
        </p>
      ))}
    </div>
  );
}
