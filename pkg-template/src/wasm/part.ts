import { CertsError } from '../errors/classes.js';
import { reasonOf } from '../errors/reason.js';

/**
 * Loads a part of the code that is loaded when it is first needed.
 *
 * @param load A function, for what a bundler makes of `import()` may throw at once.
 */
export async function loadPart<T>(what: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    const message =
      `The ${what}, a file of this package beside its code, could not be loaded: ${reasonOf(cause)}. Where no code is loaded ` +
      `later, as in a service worker, import 'markmonitor-certs/inline' (or '/pki/inline'). The next use tries again.`;
    throw new CertsError({ code: 'wasm_load_failed', message, cause });
  }
}
