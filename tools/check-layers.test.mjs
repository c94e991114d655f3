import assert from 'node:assert/strict';
import { test } from 'node:test';
import { violations } from './check-layers.mjs';

const caught = (file, code) => violations(file, code).length > 0;

test('a pure layer that names the outside world is caught', () => {
  for (const folder of ['src/api', 'src/client', 'src/pki']) {
    for (const code of [
      'use wasm_bindgen::prelude::*;',
      'use wasm_bindgen;',
      'use js_sys::{Array, Date};',
      'let now = web_sys::window();',
      'use gloo_net::http::Request;',
      'use std::time::Duration;',
      'use std::{fmt, time::{Duration, Instant}};',
      'let now = std::time::Instant::now();',
      'let r = rand::random::<f64>();',
      'getrandom::fill(&mut bytes)?;',
    ]) {
      assert.ok(caught(`${folder}/x/y.rs`, code), `${folder}: ${code}`);
    }
  }
});

test('an arrow the wrong way is caught, however it is written', () => {
  assert.ok(caught('src/api/orders.rs', 'use crate::client::Client;'));
  assert.ok(caught('src/api/orders.rs', 'use crate::{api::Page, pki::Csr};'));
  assert.ok(caught('src/api/orders.rs', 'use super::super::js;'));
  assert.ok(caught('src/client/mod.rs', 'fn f() { crate::js::f() }'));
  assert.ok(caught('src/api/orders.rs', 'use pki::Csr;'));
  assert.ok(caught('src/client/mod.rs', 'use crate::{api, pki::js::get};'));
  assert.ok(caught('src/pki/csr.rs', 'use crate::{\n    js,\n};'));
  assert.ok(caught('sandbox/src/lib.rs', 'use markmonitor_certs::api::Order;'));
});

test('what a layer may name is let through', () => {
  assert.deepEqual(violations('src/client/mod.rs', 'use crate::{api::Order, pki}; use core::time::Duration;'), []);
  assert.deepEqual(violations('src/js/mod.rs', 'use wasm_bindgen::prelude::*; use crate::client;'), []);
  assert.deepEqual(violations('src/pki/js/mod.rs', 'use js_sys::JSON; use crate::Csr;'), []);
  assert.deepEqual(violations('src/api/mod.rs', '#[cfg_attr(feature = "wasm", derive(tsify::Tsify))] struct A;'), []);
});

test('comments and strings are no dependencies', () => {
  assert.deepEqual(violations('src/api/mod.rs', '// std::time::Instant\n/* js_sys::Date */ let a = "web_sys::x";'), []);
  assert.deepEqual(violations('src/pki/mod.rs', 'let a = r#"crate::api::Order "quoted" "#;'), []);
});

test('a quote as a character does not hide what follows', () => {
  assert.ok(caught('src/pki/a.rs', `let quote = '"'; js_sys::Date::now(); let other = b'"';`));
});

test('a violation is told with its place', () => {
  assert.deepEqual(violations('src/api/a.rs', '\n\nuse js_sys::Date;'), ['src/api/a.rs:3 names js_sys::Date']);
});
