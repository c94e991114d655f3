import type {
  Csr,
  Name as DistinguishedName,
  Finding,
  PublicKey,
  SignatureStatus,
  SubjectAltNames,
} from 'markmonitor-certs';
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { Button, CopyButton } from '../../components/button.js';
import { Card, Code, Fields, type Row } from '../../components/card.js';
import { Badge, Name } from '../../components/signs.js';
import { count } from '../../format.js';
import { keyWords } from '../../words.js';

const usual: Record<string, string> = {
  commonName: 'Common name',
  organizationName: 'Organization',
  organizationalUnitName: 'Unit',
  localityName: 'City',
  stateOrProvinceName: 'State',
  countryName: 'Country',
  emailAddress: 'Email',
};

/** A distinguished name. Attributes beyond the usual ones stand below them. */
export function NameCard({ title, name }: { title: string; name: DistinguishedName }) {
  const order = Object.keys(usual).reverse();
  const place = ({ name = '' }: { name?: string }) => order.indexOf(name);
  const attributes = name.attributes.toSorted((a, b) => place(b) - place(a));
  const rows = attributes.map(({ oid, name = oid, value }): Row => [usual[name] ?? name, value]);
  return <Card title={title} rows={rows.length > 0 ? rows : [['Name', 'Empty']]} />;
}

const kinds = { dns: '', ip: 'IP address', email: 'email', uri: 'URI', other: 'other' } as const;

/** More than these are folded: as many as the style sheet shows. */
const mostNames = 20;

export function Names({ names }: { names: SubjectAltNames }) {
  const [wantsAll, showAll] = useState(false);
  const all = Object.entries(kinds).flatMap(([kind, label]) =>
    names[kind as keyof typeof kinds].map((value) => ({ label, value })),
  );
  const isAll = wantsAll || all.length <= mostNames;
  const unicode = new Map((names.international ?? []).map(({ ascii, unicode }) => [ascii, unicode]));
  const beside = (
    <>
      <span class="count">{all.length}</span>
      {all.length > 1 && <CopyButton text={all.map(({ value }) => value).join('\n')} label="all names" />}
    </>
  );
  return (
    <Card title="Alternative names" beside={beside}>
      {all.length === 0 && <p class="muted">None are asked for: the certificate covers the common name.</p>}
      <ul class={isAll ? 'lines names' : 'lines names some'}>
        {all.map(({ label, value }) => (
          <li key={`${label} ${value}`}>
            <code dir="auto">
              <Name name={value} />
            </code>
            <span class="muted" dir="auto">
              {unicode.get(value) ?? label}
            </span>
            <CopyButton text={value} label={value} />
          </li>
        ))}
      </ul>
      {!isAll && <Button word={`${all.length - mostNames} more`} look="small" onClick={() => showAll(true)} />}
    </Card>
  );
}

type KeyProps = { publicKey: PublicKey; signature: string; verdicts?: ComponentChildren[] };

/** The key, and the signature that was made with it; what there is to say of each is in `verdicts`. */
export function KeyCard({ publicKey, signature, verdicts = [] }: KeyProps) {
  const { exponent, spkiSha256 } = publicKey;
  const key = [keyWords(publicKey), exponent && `exponent ${exponent}`].filter(Boolean).join(' · ');
  return (
    <Card
      title="Key and signature"
      rows={[
        ['Key', [key, ' ', verdicts[0]]],
        ['Signature', [signature, ' ', verdicts[1]]],
        ['Key hash', <Code key="hash" text={spkiSha256} label="the SHA-256 of the public key" />],
      ]}
    />
  );
}

type RestProps = Pick<Csr, 'pem' | 'version' | 'extensions'> & Partial<Pick<Csr, 'attributes'>>;

/** What few read. */
export const Rest = ({ pem, version, extensions, attributes = [] }: RestProps) => (
  <details class="card">
    <summary>PEM, {count(extensions.length, 'extension')}</summary>
    <pre>{pem}</pre>
    <Fields
      rows={[
        ['Version', version],
        ...extensions.map(
          ({ oid, name = oid, critical, value }): Row => [critical ? `${name} (critical)` : name, value],
        ),
        ...attributes.map(({ oid, name = 'Attribute' }): Row => [name, oid]),
      ]}
    />
  </details>
);

/** What findings come to; `good` is said where nothing is wrong. */
export function Verdict({ findings, good }: { findings: readonly Finding[]; good: string }) {
  const of = (wanted: Finding['severity']) => findings.filter(({ severity }) => severity === wanted).length;
  if (of('error') > 0) return <Badge tone="bad">{count(of('error'), 'error')}</Badge>;
  if (of('warning') > 0) return <Badge tone="attention">{count(of('warning'), 'warning')}</Badge>;
  return <Badge tone="good">{good}</Badge>;
}

export function SignatureVerdict({ signature }: { signature: SignatureStatus }) {
  if (signature === 'valid') return <Badge tone="good">Valid</Badge>;
  if (signature === 'invalid') return <Badge tone="bad">Invalid</Badge>;
  return <Badge tone="attention">Not checked: this browser does not know the algorithm</Badge>;
}
