import type { Connection } from '../connection/connection.js';
import { ValidationError } from '../errors/classes.js';

/**
 * A text without the secrets that a client of the core knows, also where JSON, a URL or base64 spells them. It is made ready as
 * if it were to be sent, for what is sent is what the core masks and looks through for private keys.
 */
export async function masked(connection: Connection, text: string): Promise<string> {
  try {
    const { body } = await connection.enter((core) => {
      // One that only reads refuses whatever has a body.
      const writer = core.withOptions({ readOnly: false }, undefined);
      try {
        // Between blanks, so that no secret takes a quote of the JSON with it.
        return writer.prepare({ operation: 'request', request: { method: 'POST', path: '/', body: ` ${text} ` } });
      } finally {
        writer.free();
      }
    });
    if (typeof body === 'string') return body.slice(1, -1);
  } catch (error) {
    const isKey = error instanceof ValidationError && error.findings.some(({ code }) => code === 'private_key');
    if (isKey) return '[private key]';
  }
  return '[withheld: it cannot be told whether it holds a secret]';
}
