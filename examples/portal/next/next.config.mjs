/** The package finds its wasm beside itself, which a bundler would move. */
export default { serverExternalPackages: ['markmonitor-certs'] };
