/** The core as the build leaves it, without the facade. */
import { readFileSync } from 'node:fs';

const built = new URL('../../../build/core/', import.meta.url);
export const core = await import(new URL('core.js', built));
core.initSync({ module: readFileSync(new URL('core_bg.wasm', built)) });
