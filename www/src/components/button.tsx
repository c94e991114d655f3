import type { ComponentProps } from 'preact';
import { toast } from '../state/toasts.js';
import { Icon, type IconName } from './icon.js';

type ButtonProps = Omit<ComponentProps<'button'>, 'icon'> & {
  word: string;
  /** `primary`, `danger`, `small`, or several of them. */
  look?: string;
  icon?: IconName;
};

/** A button; it submits its form only with `type="submit"`. */
export const Button = ({ word, look = '', icon, ...rest }: ButtonProps) => (
  <button type="button" class={`button ${look}`} dir="auto" {...rest}>
    {icon && <Icon name={icon} />}
    {word}
  </button>
);

export const LinkButton = ({ word, look = '', ...rest }: ComponentProps<'a'> & { word: string; look?: string }) => (
  <a class={`button ${look}`} {...rest}>
    {word}
  </a>
);

export const IconButton = ({ icon, label, ...rest }: ComponentProps<'button'> & { icon: IconName; label: string }) => (
  <button type="button" class="icon-button" aria-label={label} {...rest}>
    <Icon name={icon} />
  </button>
);

/** Copies a text. `label` says what it is; `word` is the button's text, where there is room for one. */
export function CopyButton({ text, label, word }: { text: string; label: string; word?: string }) {
  const copy = async () => {
    try {
      // A page that came over http has none.
      await navigator.clipboard.writeText(text);
      toast(`Copied ${label}.`);
    } catch {
      toast('The browser refused to copy: select the text and copy it by hand.', 'bad');
    }
  };
  if (!word) return <IconButton icon="copy" label={`Copy ${label}`} onClick={copy} />;
  return <Button word={word} look="small" icon="copy" aria-label={`Copy ${label}`} onClick={copy} />;
}
