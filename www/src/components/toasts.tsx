import { useEffect, useRef } from 'preact/hooks';
import { dismiss, toasts } from '../state/toasts.js';
import { IconButton } from './button.js';
import { Icon } from './icon.js';

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
          {toast.tone === 'bad' && <IconButton icon="close" label="Dismiss" onClick={() => dismiss(toast)} />}
        </p>
      ))}
    </div>
  );
}
