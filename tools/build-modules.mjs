/** The wasm modules alone, for check-same-bytes.mjs, which has set up what they need. */
import { buildModules } from './build.mjs';
import { main } from './lib/run.mjs';

main(buildModules);
