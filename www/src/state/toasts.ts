import { signal } from '@preact/signals';

/** Short messages that go by themselves. */
export const toasts = signal<readonly { id: number; text: string }[]>([]);

const shownForMs = 5_000;
let lastId = 0;

/** Tells the user that something is done. */
export function toast(text: string): void {
  lastId += 1;
  const id = lastId;
  toasts.value = [...toasts.value, { id, text }];
  setTimeout(() => {
    toasts.value = toasts.value.filter((toast) => toast.id !== id);
  }, shownForMs);
}
