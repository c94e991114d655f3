// What is missing in the environment is said when Next starts, and not to the first who logs in.
import './account.mjs';

/** The package finds its wasm beside itself, which a bundler would move. */
export default { serverExternalPackages: ['markmonitor-certs'] };
