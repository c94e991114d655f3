import certificate from './examples/certificate.pem?raw';
import ecThreeNames from './examples/ec-three-names.pem?raw';
import hostile from './examples/hostile.pem?raw';
import international from './examples/international.pem?raw';
import rsa from './examples/rsa-2048.pem?raw';
import weak from './examples/weak.pem?raw';

/** Made with OpenSSL; their keys were thrown away. */
export const examples: readonly { name: string; pem: string }[] = [
  { name: 'RSA 2048, one name', pem: rsa },
  { name: 'EC P-256, three names', pem: ecThreeNames },
  { name: 'International wildcard', pem: international },
  { name: 'Weak key, internal name', pem: weak },
  { name: 'Markup in every field', pem: hostile },
  { name: 'Certificate with its CA', pem: certificate },
];
