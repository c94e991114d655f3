import type { Bundle, Certificate } from 'markmonitor-certs';
import { formatDate } from '../format.js';
import { holderOf, keyWords } from '../words.js';
import { Icon } from './icon.js';

export function linksOf({ leaf, intermediates, root, unrelated }: Bundle): [part: string, Certificate][] {
  const as = (part: string, certificates: Certificate[]) =>
    certificates.map((one): [string, Certificate] => [part, one]);
  return [
    ...as('Leaf', [leaf]),
    ...as('Intermediate', intermediates),
    ...as('Root', root ? [root] : []),
    ...as('Not in the chain', unrelated),
  ];
}

type ChainProps = { bundle: Bundle; selected?: number; select?: (index: number) => void };

/** A bundle as a picture: the leaf and its issuers, up to the root. With `select`, each can be chosen. */
export function Chain({ bundle, selected, select }: ChainProps) {
  const Link = select ? 'button' : 'div';
  return (
    <ol class="chain" aria-label="Chain, from the leaf to the root">
      {linksOf(bundle).map(([part, certificate], index) => (
        <li key={certificate.sha256}>
          <Link
            {...(select && {
              type: 'button' as const,
              'aria-pressed': index === selected,
              onClick: () => select(index),
            })}
          >
            <Icon name={certificate.isCa ? 'shield' : 'key'} />
            <span>
              <span dir="auto">{holderOf(certificate)}</span>
              <small class="muted">
                {part} · {keyWords(certificate.publicKey)} · until {formatDate(certificate.notAfter)}
              </small>
            </span>
          </Link>
        </li>
      ))}
    </ol>
  );
}
