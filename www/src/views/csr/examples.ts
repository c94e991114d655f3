const texts = import.meta.glob<string>('./examples/*.pem', { query: '?raw', import: 'default' });

/** Made with OpenSSL; their keys were thrown away. Each is loaded when it is chosen. */
export const examples = Object.entries({
  'RSA 2048, one name': 'rsa-2048',
  'EC P-256, three names': 'ec-three-names',
  'International wildcard': 'international',
  'Weak key, internal name': 'weak',
  'Markup in every field': 'hostile',
  'Certificate with its CA': 'certificate',
}).map(([name, file]) => ({ name, load: async () => (await texts[`./examples/${file}.pem`]?.()) ?? '' }));
