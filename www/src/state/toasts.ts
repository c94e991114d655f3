import { signal } from '@preact/signals';

interface Toast {
  text: string;
  tone: 'good' | 'bad';
  to?: string | undefined;
}

/** What is being told. */
export const toasts = signal<readonly Toast[]>([]);
const shownForMs = 6_000;

export const dismiss = (toast: Toast): void => {
  toasts.value = toasts.value.filter((other) => other !== toast);
};

/** Tells the user what came of something. Good news goes by itself; bad news stays until it is read. */
export function toast(text: string, tone: Toast['tone'] = 'good', to?: string): void {
  const added = { text, tone, to };
  toasts.value = [...toasts.value, added];
  if (tone === 'good') setTimeout(() => dismiss(added), shownForMs);
}
