/** Prints what reading a request with three names costs: `node --expose-gc parses.mjs ROUNDS`. */
import 'reflect-metadata';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import * as x509 from '@peculiar/x509';
import { peculiarReader } from '../peculiar.mjs';
import { costOf, interleaved } from './measure.mjs';
import { entry, own } from './names.mjs';

const { parseCsr } = await import(entry('pki', 'chunk.js'));
const rounds = Number(process.argv[2]);
const peculiar = peculiarReader(x509);

const result = {};
for (const [kind, file] of Object.entries({ RSA: 'rsa-three-names', EC: 'three-names' })) {
  const text = readFileSync(new URL(`../../tests/pki/fixtures/${file}.csr.pem`, import.meta.url), 'utf8');
  const csr = await parseCsr(text);
  const { cn, names, key } = peculiar(text);
  const wanted = [csr.subject.commonName, csr.subjectAltNames.dns, csr.publicKey.spkiSha256];
  assert.deepEqual([cn, names, key], wanted);
  const jobs = {
    [own]: () => costOf(() => parseCsr(text), 3000),
    '@peculiar/x509': () => costOf(() => peculiar(text), 200),
  };
  result[kind] = await interleaved(jobs, rounds);
}
console.log(JSON.stringify(result));
process.exit();
