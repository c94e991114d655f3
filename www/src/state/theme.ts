import { effect } from '@preact/signals';
import { stored } from './stored.js';

/** `system` follows the system's setting. */
export type Theme = 'system' | 'light' | 'dark';

export const themes: readonly Theme[] = ['system', 'light', 'dark'];

/** The theme that the user chose. */
export const theme = stored<Theme>('theme', 'system');

effect(() => {
  document.documentElement.style.colorScheme = theme.value === 'system' ? '' : theme.value;
});
