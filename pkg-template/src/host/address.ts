/** The usual address of the service. */
export const serviceUrl = 'https://api.markmonitor.com';

/** Where both services are below an address (guide 5, 7). */
export const basesBelow = (address: string) => ({
  certsBaseUrl: `${address}/certs/v1`,
  authBaseUrl: `${address}/auth/v1`,
});

/** Whether what is sent to an address stays secret: it is encrypted, or does not leave this machine. */
export function isSafeBase(base: string, page?: string): boolean {
  // To what is not an address nothing is sent.
  const url = URL.canParse(base, page) ? new URL(base, page) : undefined;
  return url?.protocol !== 'http:' || isLoopback(url.hostname);
}

// RFC 6761 6.3, RFC 1122 3.2.1.3, RFC 4291 2.5.3. A parsed URL has IPv4 addresses in their plain form.
function isLoopback(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || /^127(\.\d+){3}$/.test(host) || host === '[::1]';
}
