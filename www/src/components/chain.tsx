import type { Bundle, Certificate } from 'markmonitor-certs';
import { formatDate } from '../format.js';
import { holderOf, keyWords } from '../words.js';
import { Icon } from './icon.js';

/** The certificates of a bundle, from the leaf to the root, each with its part. */
export const linksOf = ({ leaf, intermediates, root, strangers }: Bundle): [part: string, Certificate][] => [
  ['Leaf', leaf],
  ...intermediates.map((certificate) => ['Intermediate', certificate] as [string, Certificate]),
  ...(root ? [['Root', root] as [string, Certificate]] : []),
  ...strangers.map((certificate) => ['Not in the chain', certificate] as [string, Certificate]),
];

interface ChainProps {
  bundle: Bundle;
  selected?: number;
  select?: (index: number) => void;
}

/** A bundle as a picture: the leaf, and above whom it stands, up to the root. */
export function Chain({ bundle, selected, select }: ChainProps) {
  return (
    <ol class="chain" aria-label="Chain, from the leaf to the root">
      {linksOf(bundle).map(([part, certificate], index) => {
        const content = (
          <>
            <Icon name={certificate.isCa ? 'shield' : 'key'} />
            <span class="chain-name">
              <span dir="auto">{holderOf(certificate)}</span>
              <small class="muted">
                {part} · {keyWords(certificate.publicKey)} · until {formatDate(certificate.notAfter)}
              </small>
            </span>
          </>
        );
        return (
          <li key={certificate.sha256}>
            {select ? (
              <button type="button" aria-pressed={index === selected} onClick={() => select(index)}>
                {content}
              </button>
            ) : (
              <div>{content}</div>
            )}
          </li>
        );
      })}
    </ol>
  );
}
