import { type Theme, theme, themes } from '../state/theme.js';
import { Icon } from './icon.js';

const names: Record<Theme, string> = { system: 'System theme', light: 'Light theme', dark: 'Dark theme' };

/** Goes through the themes. */
export function ThemeSwitch() {
  const next = themes[(themes.indexOf(theme.value) + 1) % themes.length] ?? 'system';
  return (
    <button
      type="button"
      class="icon-button theme"
      title={names[theme.value]}
      aria-label={`${names[theme.value]}: switch to ${names[next].toLowerCase()}`}
      onClick={() => {
        theme.value = next;
      }}
    >
      <Icon name="sun" />
    </button>
  );
}
