import type { Extension, Name, PublicKey, SubjectAltNames } from 'markmonitor-certs';
import { CopyButton } from '../../components/copy-button.js';
import { count } from '../../format.js';

const usual = {
  commonName: 'Common name',
  organizationName: 'Organization',
  organizationalUnit: 'Unit',
  locality: 'City',
  state: 'State',
  country: 'Country',
  email: 'E-mail',
} as const;

/** A distinguished name. Attributes beyond the usual ones stand below them. */
export function NameFields({ title, name }: { title: string; name: Name }) {
  const shown = Object.entries(usual).flatMap(([key, label]) => {
    const value = name[key as keyof typeof usual];
    return value === undefined ? [] : [{ label, value }];
  });
  const values = new Set(shown.map(({ value }) => value));
  const others = name.attributes.filter(({ value }) => !values.has(value));
  return (
    <section class="card">
      <h3>{title}</h3>
      {name.attributes.length === 0 && <p class="muted">Empty.</p>}
      <dl class="fields">
        {[...shown, ...others.map(({ name, oid, value }) => ({ label: name ?? oid, value }))].map(
          ({ label, value }) => (
            <div key={`${label} ${value}`}>
              <dt>{label}</dt>
              <dd>
                <bdi>{value}</bdi>
              </dd>
            </div>
          ),
        )}
      </dl>
    </section>
  );
}

const kinds = { dns: '', ip: 'IP address', email: 'e-mail', uri: 'URI', other: 'other' } as const;

/** The alternative names, each to be copied. */
export function Names({ names }: { names: SubjectAltNames }) {
  const all = Object.entries(kinds).flatMap(([kind, label]) =>
    names[kind as keyof typeof kinds].map((value) => ({ label, value })),
  );
  const unicode = new Map((names.international ?? []).map(({ ascii, unicode }) => [ascii, unicode]));
  return (
    <section class="card">
      <h3>
        Alternative names <span class="count">{all.length}</span>
        {all.length > 1 && <CopyButton text={all.map(({ value }) => value).join('\n')} label="all names" />}
      </h3>
      {all.length === 0 && <p class="muted">None are asked for: the certificate covers the common name.</p>}
      <ul class="names">
        {all.map(({ label, value }) => (
          <li key={`${label} ${value}`}>
            <code>
              <bdi>{value}</bdi>
            </code>
            {unicode.has(value) && <bdi class="muted">{unicode.get(value)}</bdi>}
            {label && <span class="muted">{label}</span>}
            <CopyButton text={value} label={value} />
          </li>
        ))}
      </ul>
    </section>
  );
}

interface KeyProps {
  publicKey: PublicKey;
  signatureAlgorithm: string;
  keyVerdict?: preact.ComponentChildren;
  verdict?: preact.ComponentChildren;
}

/** The key, and the signature that was made with it. */
export function KeyFields({ publicKey, signatureAlgorithm, keyVerdict, verdict }: KeyProps) {
  const { algorithm, bits, curve, exponent, spkiSha256 } = publicKey;
  return (
    <section class="card">
      <h3>Key and signature</h3>
      <dl class="fields">
        <div>
          <dt>Key</dt>
          <dd>
            {[algorithm, curve, bits && `${bits} bits`, exponent && `exponent ${exponent}`].filter(Boolean).join(' · ')}{' '}
            {keyVerdict}
          </dd>
        </div>
        <div>
          <dt>Signature</dt>
          <dd>
            {signatureAlgorithm} {verdict}
          </dd>
        </div>
        <div>
          <dt>Key hash</dt>
          <dd class="hash">
            <code>{spkiSha256}</code>
            <CopyButton text={spkiSha256} label="the SHA-256 of the public key" />
          </dd>
        </div>
      </dl>
    </section>
  );
}

/** The extensions as they stand, folded away. */
export function Extensions({ extensions }: { extensions: Extension[] }) {
  if (extensions.length === 0) return null;
  return (
    <details class="card">
      <summary>{count(extensions.length, 'extension')}</summary>
      <dl class="fields">
        {extensions.map(({ oid, name, critical, value }) => (
          <div key={oid}>
            <dt title={oid}>
              {name ?? oid}
              {critical && ' (critical)'}
            </dt>
            <dd>
              <bdi>{value}</bdi>
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
