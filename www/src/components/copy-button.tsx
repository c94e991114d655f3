import { useEffect, useState } from 'preact/hooks';
import { Icon } from './icon.js';

/** Copies a text; `label` says what it is. */
export function CopyButton({
  text,
  label,
  children,
}: {
  text: string;
  label: string;
  children?: preact.ComponentChildren;
}) {
  const [outcome, setOutcome] = useState<'copied' | 'refused'>();
  useEffect(() => {
    if (!outcome) return;
    const timer = setTimeout(() => setOutcome(undefined), 1_500);
    return () => clearTimeout(timer);
  }, [outcome]);
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => setOutcome('copied'),
      () => setOutcome('refused'),
    );
  return (
    <button type="button" class={children ? 'button small' : 'icon-button'} aria-label={`Copy ${label}`} onClick={copy}>
      <Icon name={outcome === 'copied' ? 'done' : outcome === 'refused' ? 'error' : 'copy'} />
      {children}
      <span class="visually-hidden" role="status">
        {outcome === 'copied' && `Copied ${label}`}
        {outcome === 'refused' && 'The browser refused to copy'}
      </span>
    </button>
  );
}
