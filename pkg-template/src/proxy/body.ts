import { inTime } from './in-time.js';
import { Refusal } from './refusal.js';

/** How deep what a page sends is nested at most: an order has four levels. */
const deepest = 32;

/** Reads the JSON of a request: at most so many bytes, for at most so long. Nothing where there is no body. */
export async function jsonOf(request: Request, maxBytes: number, timeout: number): Promise<unknown> {
  // To whom comes second, some runtimes give nothing: a change that says nothing is another one.
  if (request.bodyUsed) throw new BodyRead();
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) throw tooLarge(maxBytes);
  const text = request.body ? await textOf(request.body, isJson(request), maxBytes, timeout) : '';
  if (text === '') return undefined;
  try {
    const value = JSON.parse(text);
    checkDepth(value);
    return value;
  } catch (reason) {
    throw reason instanceof Refusal ? reason : new Refusal(400, 'not_json', 'The body is not JSON.');
  }
}

/** What a form can send is not, so that none arrives with a user's cookie. */
function isJson({ headers }: Request): boolean {
  const type = headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase();
  const encoding = headers.get('content-encoding') ?? 'identity';
  return type === 'application/json' && encoding.toLowerCase() === 'identity';
}

async function textOf(
  body: ReadableStream<Uint8Array>,
  isJson: boolean,
  maxBytes: number,
  timeout: number,
): Promise<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let text = '';
  let length = 0;
  const read = async () => {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return text + decoder.decode();
      length += value.byteLength;
      // Not before: some servers show an empty body where there is none.
      if (length > 0 && !isJson) throw new Refusal(415, 'not_json', 'The body must be JSON, and not compressed.');
      if (length > maxBytes) throw tooLarge(maxBytes);
      text += decoder.decode(value, { stream: true });
    }
  };
  try {
    return await inTime(read(), timeout, () => new Refusal(408, 'body_late', 'The body did not arrive in time.'));
  } catch (reason) {
    // Nobody waits for what cancelling comes to.
    reader.cancel().catch(() => {});
    if (reason instanceof Refusal || reason instanceof BodyRead) throw reason;
    throw new Refusal(400, 'body_broken', 'The body broke off, or is not UTF-8.');
  }
}

function checkDepth(value: unknown): void {
  let level = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > deepest) throw new Refusal(400, 'too_deep', 'The body is nested too deeply.');
    level = level.flatMap((item) => (typeof item === 'object' && item !== null ? Object.values(item) : []));
  }
}

/** Somebody was faster, and what the page sent is gone: a fault of this server, which its log is told of. */
export class BodyRead extends Error {
  constructor() {
    super(
      'Nothing was sent: the server of this page reads bodies before the proxy does. Call the proxy first, or leave what ' +
        'was read in `request.body`.',
    );
  }
}

const tooLarge = (most: number) => new Refusal(413, 'body_too_large', `The body is larger than ${most} bytes.`);
