import type { Certificate, CertType, PublicKey } from 'markmonitor-certs';

/** What a status is to the reader; each has a colour and a word, never a colour alone. */
export type Tone = 'waiting' | 'active' | 'attention' | 'good' | 'bad' | 'over';

const dvProducts = { GEOTRUST: 'GeoTrust', THAWTE: 'Thawte' };
const ovProducts = {
  BASIC: 'Basic',
  SECURESITE: 'Secure Site',
  SECURESITE_PRO: 'Secure Site Pro',
  GEOTRUST_TRUEBIZID: 'GeoTrust True BusinessID',
  THAWTE_WEBSERVER: 'Thawte Web Server',
};
const products: Record<string, string> = { ...dvProducts, ...ovProducts };

export const certTypes: readonly CertType[] = [
  ...Object.keys(dvProducts).map((product) => `SSL_DV_${product}`),
  ...['OV', 'EV'].flatMap((level) => Object.keys(ovProducts).map((product) => `SSL_${level}_${product}`)),
];

export function levelOf(type: CertType | undefined): string {
  return type?.match(/^SSL_(DV|OV|EV)_/)?.[1] ?? '';
}

/** A certificate type in words: `Secure Site Pro EV`. */
export function typeWords(type: CertType | undefined): string {
  const product = type?.replace(/^SSL_(DV|OV|EV)_/, '') ?? '';
  return Object.hasOwn(products, product) ? `${products[product]} ${levelOf(type)}` : (type ?? 'Unknown type');
}

/** A key in words: `EC · P-256`, `RSA · 2048 bits`. */
export const keyWords = ({ algorithm, curve, bits }: PublicKey): string =>
  [algorithm, curve ?? (bits && `${bits} bits`)].filter(Boolean).join(' · ');

export const holderOf = ({ subject }: Certificate): string =>
  subject.commonName ?? subject.organizationName ?? 'Certificate without a name';

export const typeOptions = certTypes.map((type): [string, string] => [type, typeWords(type)]);
