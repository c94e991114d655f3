import type { Bundle, Certificate } from 'markmonitor-certs';
import { formatDate } from '../format.js';
import { Icon } from './icon.js';

/** A bundle as a picture: the leaf, and above whom it stands, up to the root. */
export function Chain({
  bundle,
  selected,
  select,
}: {
  bundle: Bundle;
  selected?: number;
  select?: (index: number) => void;
}) {
  const links: { role: string; certificate: Certificate }[] = [
    { role: 'Leaf', certificate: bundle.leaf },
    ...bundle.intermediates.map((certificate) => ({ role: 'Intermediate', certificate })),
    ...(bundle.root ? [{ role: 'Root', certificate: bundle.root }] : []),
    ...bundle.strangers.map((certificate) => ({ role: 'Not in the chain', certificate })),
  ];
  return (
    <ol class="chain" aria-label="Chain, from the leaf to the root">
      {links.map(({ role, certificate }, index) => {
        const { subject, notAfter, publicKey } = certificate;
        const content = (
          <>
            <Icon name={certificate.isCa ? 'shield' : 'key'} />
            <span class="chain-name">
              <bdi>{subject.commonName ?? subject.organizationName ?? 'No name'}</bdi>
              <small class="muted">
                {role} · {publicKey.algorithm} {publicKey.curve ?? publicKey.bits} · until {formatDate(notAfter)}
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
