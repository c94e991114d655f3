/** What is changed in the functions that wasm-bindgen generates (a .js file per wasm, bundled into one expression). */

/**
 * Each of them has to be there once: a version of wasm-bindgen that writes it otherwise fails the build. Those that name
 * a `global` need not be where that is not used at all.
 */
const changes = [
  {
    // Every way into the instance leads through the guard.
    from: /\bwasm = instance\.exports;/g,
    to: 'wasm = guard(instance.exports);',
  },
  {
    // The executor of futures looks the global up at each call, where Jest, Vitest and sinon put one that does nothing
    // until a test says so.
    global: 'queueMicrotask',
    from: /(?<![.\w])queueMicrotask\((\w+)\);/g,
    to: 'enqueue($1);',
  },
  { global: 'queueMicrotask', from: /\b\w+\.queueMicrotask;/g, to: 'enqueue;' },
];

/** No fake can stop a promise, not even one that was installed before this module was loaded. */
const prelude = `
const settled = Promise.resolve();
const enqueue = (task) => { settled.then(task); };`;

/**
 * The text of a module whose default export makes the functions around one instance, guarded: see MakeGlue in
 * src/wasm/instance.ts.
 *
 * @param {string} name of the wasm, for the error
 * @param {string} glue the bundled text, which declares `glue`
 */
export function guardedGlue(name, glue) {
  return `${prelude}
export default function makeGlue(guard, { TextDecoder, TextEncoder }) {
${changed(name, glue)}
return glue; }
`;
}

function changed(name, glue) {
  return changes
    .filter(({ global }) => !global || glue.includes(global))
    .reduce((text, { from, to }) => {
      const count = [...text.matchAll(from)].length;
      if (count === 1) return text.replace(from, to);
      throw new Error(`The glue of ${name} has ${from} ${count} times, not once: see pkg-template/glue.mjs.`);
    }, glue);
}
