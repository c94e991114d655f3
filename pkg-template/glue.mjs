/** What is changed in the functions that wasm-bindgen generates (a .js file per wasm, bundled into one expression). */

/** Each with how often it has to be there: a version of wasm-bindgen that writes it otherwise fails the build. */
const changes = [
  {
    // Every way into the instance leads through the guard.
    from: /\bwasm = instance\.exports;/g,
    to: 'wasm = guard(instance.exports);',
  },
  {
    // The executor of futures looks the global up at each call, where Jest, Vitest and sinon put one that does nothing
    // until a test says so. Timers are looked up at each call on purpose: a test may drive waits and timeouts.
    from: /(?<![.\w])queueMicrotask\((\w+)\)/g,
    to: 'enqueue($1)',
    isOptional: true,
  },
  {
    from: /\b\w+\.queueMicrotask\b/g,
    to: 'enqueue',
    isOptional: true,
  },
];

/** The taken function is bound to nothing that a fake could replace, even one that was installed before this module. */
const prelude = `
const settled = Promise.resolve();
const enqueue = (task) => { settled.then(task); };`;

/**
 * The text of a module whose default export makes the functions around one instance, guarded.
 *
 * @param {string} name of the wasm, for the error
 * @param {string} glue the bundled text, which declares `glue`
 */
export function guardedGlue(name, glue) {
  return `${prelude}\nexport default function makeGlue(guard) { ${changed(name, glue)}\nreturn glue; }\n`;
}

function changed(name, glue) {
  const isAsync = /queueMicrotask/.test(glue);
  return changes.reduce((text, { from, to, isOptional }) => {
    const count = [...text.matchAll(from)].length;
    if (count !== 1 && !(isOptional && !isAsync)) {
      throw new Error(`The glue of ${name} has ${from} ${count} times, not once: see pkg-template/glue.mjs.`);
    }
    return text.replace(from, to);
  }, glue);
}
