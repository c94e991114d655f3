import { effect } from '@preact/signals';
import { stored } from '../state/stored.js';
import { IconButton } from './button.js';

const themes = ['system', 'light', 'dark'] as const;

const theme = stored<(typeof themes)[number]>('theme', 'system');

effect(() => {
  document.documentElement.style.colorScheme = theme.value === 'system' ? '' : theme.value;
});

export function ThemeSwitch() {
  const next = themes[(themes.indexOf(theme.value) + 1) % themes.length] ?? 'system';
  return (
    <IconButton
      icon="sun"
      title={`Theme: ${theme.value}`}
      label={`Theme: ${theme.value}. Switch to ${next}`}
      onClick={() => {
        theme.value = next;
      }}
    />
  );
}
