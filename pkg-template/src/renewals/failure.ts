import type { Client } from '../client/client.js';
import { CertsError, ValidationError } from '../errors/classes.js';
import type { Answer } from './machine.js';
import { nodeProcess } from './node.js';

/** What a hook failed with; `output` is the end of what it wrote. */
export class HookError extends Error {
  readonly output: string;

  constructor(message: string, output: string) {
    super(message);
    this.output = output;
  }
}

/** So much of what a program writes is kept, its end: there the errors are. */
export const maxOutput = 8 * 1024;

/** So much is kept of what a function throws. */
const maxMessage = 2 * 1024;

/** What is kept of what went wrong, for the state machine: never a secret, for it is told, and written into the journal. */
export async function failureOf(client: Client, error: unknown): Promise<Answer> {
  const type = textOf(() => (error as Thrown)?.name) ?? 'Error';
  const message =
    textOf(() => (error as Thrown)?.message) ?? textOf(() => String(error)) ?? 'it failed without a reason';
  const output = error instanceof HookError ? error.output : '';
  return {
    type: await masked(client, type),
    message: shortened(await masked(client, message)),
    ...(error instanceof CertsError && { code: error.code }),
    ...(output !== '' && { output: endOf(await masked(client, output), maxOutput) }),
  };
}

/** It is told, written into the journal, and told again: its beginning says what, its end often why. */
function shortened(message: string): string {
  if (message.length <= maxMessage) return message;
  return `${beginningOf(message, maxMessage / 2)} … ${endOf(message, maxMessage / 2)}`;
}

/** So much of a text, which never ends with half a character. */
const beginningOf = (text: string, length: number) => text.slice(0, length).replace(/[\uD800-\uDBFF]$/, '');

/** So much of the end of a text, which never begins with half a character. */
export const endOf = (text: string, length: number): string => text.slice(-length).replace(/^[\uDC00-\uDFFF]/, '');

/** A text without private keys, tokens, and what the client or the environment of this process holds of secrets. */
async function masked(client: Client, text: string): Promise<string> {
  let clean = text
    .replace(/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g, privateKey)
    // One whose beginning was cut off.
    .replace(/^[\s\S]*-----END [A-Z ]*PRIVATE KEY-----/, privateKey)
    .replace(/\beyJ[\w-]+\.[\w-]+\.[\w-]+/g, '[token]');
  for (const [name, value] of Object.entries(nodeProcess()?.env ?? {})) {
    if (name.startsWith('MARKMONITOR_') && value !== undefined && value.length > 3)
      clean = clean.replaceAll(value, '***');
  }
  return await withoutSecrets(client, clean);
}

/**
 * A text without the secrets that the client knows, also where JSON, a URL or base64 spells them. It is made ready as if it were
 * to be sent, for what is sent is what the core masks, and looks through for private keys.
 */
async function withoutSecrets(client: Client, text: string): Promise<string> {
  try {
    // One that only reads refuses whatever has a body.
    const writer = client.withOptions({ readOnly: false });
    // Between blanks, so that no secret takes a quote of the JSON with it.
    const request = { method: 'POST', path: '/', body: ` ${text} ` };
    const { body } = await writer.preview((one) => one.request(request));
    if (typeof body === 'string') return body.slice(1, -1);
  } catch (error) {
    const isKey = error instanceof ValidationError && error.findings.some(({ code }) => code === 'private_key');
    if (isKey) return privateKey;
  }
  return '[withheld: it may hold a secret]';
}

const privateKey = '[private key]';

/** What was thrown may be anything. */
type Thrown = Partial<Error> | null | undefined;

/** A text of what was thrown, if it is one. What it is of may be anything, a getter that throws among them. */
function textOf(read: () => unknown): string | undefined {
  try {
    const text = read();
    return typeof text === 'string' ? text : undefined;
  } catch {
    return undefined;
  }
}
