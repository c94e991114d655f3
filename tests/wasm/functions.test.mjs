import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cargoMetadata, path } from '../../tools/lib/project.mjs';
import { functionsOf } from './support/name-section.mjs';

/** As wasm-bindgen leaves them; what ships has no names. */
const [core, pki, renewals] = ['core', 'pki', 'renewals'].map((name) =>
  functionsOf(path('build', 'names', `${name}.wasm`)),
);

/** What both need, and why. */
const inBoth = {
  'finding::Finding': 'both refuse with findings',
  'finding::nearest': 'both name the nearest right name',
  'js::convert': 'JavaScript values, as both take and return them',
  'js::names': 'the names in an object, as both check them',
  'js::json': 'results as JSON, which both hand out',
  'js::wiping': 'the allocator, which has secrets to wipe in both',
};

const crates = cargoMetadata().packages.map(({ name }) => name.replaceAll('-', '_'));
/** A function of ours, or one of a library's made for a type of ours: `core::ptr::drop_in_place<pki::Csr>`. */
const ours = (functions) => [...functions].filter((name) => mentions(crates).test(name));
const mentions = (paths) => new RegExp(`(^|[^\\w:])(${paths.join('|')})(?!\\w)`);

describe('core.wasm and pki.wasm', () => {
  it('hold what they are for', () => {
    for (const crate of ['api', 'client'])
      assert.ok(
        [...core].some((name) => name.startsWith(`${crate}::`)),
        crate,
      );
    for (const crate of ['der', 'pki'])
      assert.ok(
        [...pki].some((name) => name.startsWith(`${crate}::`)),
        crate,
      );
  });

  it('have no function of ours in both, but for the listed', () => {
    const listed = mentions(Object.keys(inBoth));
    const twice = ours(core).filter((name) => pki.has(name) && !listed.test(name));
    assert.deepEqual(twice, []);
  });

  it('have in both what is listed, and nothing is listed for nothing', () => {
    const unused = Object.keys(inBoth).filter(
      (listed) => !ours(core).some((name) => pki.has(name) && mentions([listed]).test(name)),
    );
    assert.deepEqual(unused, []);
  });
});

/** What the renewals have in common with the client, and why: they read the same orders. */
const inRenewals = {
  'api::base64': 'what a CSR is in',
  'api::csr_key': 'the key of a CSR, by which an order is known',
  'api::dates': 'dates of the service',
  'api::decimal': 'numbers in dates and ids',
  'api::facts': 'what is read of an order and an organization',
  'api::json': 'JSON, which both read',
  'api::marker': 'which order an order replaces',
  'api::renewal': 'the order that renews another',
  'api::text': 'the search for the frame of a CSR and for a marker',
  'js::wiping': 'the allocator, which is that of all',
};

describe('renewals.wasm', () => {
  it('holds what it is for', () => {
    assert.ok([...renewals].some((name) => name.startsWith('renewals::')));
  });

  it('has nothing of the client and the reader, but for the listed', () => {
    const listed = mentions(Object.keys(inRenewals));
    const twice = ours(renewals).filter((name) => (core.has(name) || pki.has(name)) && !listed.test(name));
    assert.deepEqual(twice, []);
  });
});
