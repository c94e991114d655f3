import { signal } from '@preact/signals';
import { Icon } from './icon.js';

const toasts = signal<readonly { text: string; tone: 'good' | 'bad' }[]>([]);
const shownForMs = 5_000;

/** Tells the user what came of something. The message goes by itself. */
export function toast(text: string, tone: 'good' | 'bad' = 'good'): void {
  const added = { text, tone };
  toasts.value = [...toasts.value, added];
  setTimeout(() => {
    toasts.value = toasts.value.filter((toast) => toast !== added);
  }, shownForMs);
}

export const Toasts = () => (
  <div class="toasts" role="status">
    {toasts.value.map(({ text, tone }, index) => (
      <p key={index} class={`toast tone-${tone}`}>
        <Icon name={tone === 'good' ? 'done' : 'error'} />
        {text}
      </p>
    ))}
  </div>
);
