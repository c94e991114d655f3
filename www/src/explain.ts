import * as certs from './pki.js';

/** An error in the reader's words: why it happened, what to do, what exactly is wrong, and the line for a technician. */
export interface Explained {
  why: string;
  advice: string;
  details: string[];
  technical: string;
}

type Words = readonly [why: string, advice: string];

const credentials = 'The service refuses the user, the password or the key that the server of this page has.';
const fixCredentials = 'Correct them on the server before you try again: each try with a wrong password counts.';

/** From the special to the general: the first that fits. An empty reason is that of the error itself. */
const kinds: [new (...args: never[]) => Error, ...Words][] = [
  [
    certs.SessionEndedError,
    'Your session has ended.',
    'Log in in another tab, then try again: what you typed stays here.',
  ],
  [certs.AuthenticationError, credentials, fixCredentials],
  [certs.PermissionDeniedError, 'This account may not do that.', 'Ask the person who administers it.'],
  [
    certs.NotFoundError,
    'It is not there.',
    'It may be of another account, or the sandbox was reset: go back to the list.',
  ],
  [
    certs.ConflictError,
    'The service refuses it as things are.',
    'It may have moved on in the meantime: look at it as it is now.',
  ],
  [certs.RateLimitError, 'Too many calls are made with this key.', 'Wait a minute, then try again.'],
  [certs.BadRequestError, 'The service refuses what was sent.', 'Change what it names, then try again.'],
  [certs.ServerError, 'The service has a problem of its own.', 'Try again in a few minutes.'],
  [
    certs.ApiError,
    'The service refuses this.',
    'Try again; if it stays so, ask the service with the technical line below.',
  ],
  [certs.ValidationError, '', 'Change what is named, then try again.'],
  [certs.ParseError, '', 'Check that the whole text was copied, from its BEGIN line to its END line.'],
  [certs.TimeoutError, 'The service did not answer in time.', 'Try again.'],
  [
    certs.ConnectionError,
    'The service cannot be reached.',
    'Check the network and the server of this page, then try again.',
  ],
  [certs.QueueFullError, 'Too many calls wait already.', 'Let them finish first.'],
  [certs.CertsError, '', 'Try again.'],
  [Error, '', 'Reload the page and try again.'],
];

const offline: Words = ['There is no network.', 'You are offline: connect, then try again.'];
const lost: Words = ['The answer was lost: it may have been done all the same.', 'Look at it before you repeat it.'];

const unloaded: Words = ['A part of this page could not be loaded.', 'Check the network, then try again.'];

const withoutWasm: Words = [
  'This browser has WebAssembly turned off, and the page needs it.',
  'Allow it for this site: Lockdown Mode and enhanced security turn it off.',
];

/** What the browser refuses, by the names of its errors. */
const unopened: Words = [
  'It could not be opened.',
  'If it is a folder, drop the files in it; if it is a file, see whether it is still there.',
];
const unkept: Words = [
  'This browser keeps nothing for this page: after a reload, an order could be placed twice.',
  'Allow the page to store data, or make room, then try again.',
];
const refusals: Record<string, Words> = {
  NotFoundError: unopened,
  NotReadableError: unopened,
  QuotaExceededError: unkept,
  SecurityError: unkept,
};

/** What an error means to the reader, and what to do about it. */
export function explain(error: unknown): Explained {
  const message = (error instanceof Error && error.message) || 'Something went wrong.';
  const [why, advice] = wordsOf(error);
  return { why: why || message, advice, details: detailsOf(error, why || message), technical: technicalOf(error) };
}

function wordsOf(error: unknown): Words {
  const isAnswer = error instanceof certs.ApiError || error instanceof certs.ParseError;
  if (!navigator.onLine && !isAnswer) return offline;
  if (error instanceof certs.CertsError && error.mayHaveBeenApplied) return lost;
  // Its message is for who builds the page.
  if (error instanceof certs.CertsError && error.code === 'wasm_load_failed')
    return 'WebAssembly' in globalThis ? unloaded : withoutWasm;
  const refusal = error instanceof DOMException && refusals[error.name];
  if (refusal) return refusal;
  // The server of this page says so of its own credentials.
  const isRefusedKey =
    error instanceof certs.ApiError && error.problems.some(({ code }) => code === 'service_refused_key');
  if (isRefusedKey) return [credentials, fixCredentials];
  const [, ...words] = kinds.find(([kind]) => error instanceof kind) ?? [Error, '', ''];
  return words;
}

/** Each thing that is wrong, by the field that it is about; empty where it is about none. */
export function problemsOf(error: unknown): { field: string; text: string }[] {
  if (error instanceof certs.ValidationError) {
    return error.findings
      .filter(({ severity }) => severity === 'error')
      .map(({ field = '', message }) => ({ field, text: message }));
  }
  if (!(error instanceof certs.ApiError)) return [];
  return error.problems.map(({ field = '', message, code = '' }) => ({ field, text: message ?? code }));
}

const detailsOf = (error: unknown, why: string): string[] =>
  problemsOf(error)
    .filter(({ text }) => text !== why)
    .map(({ field, text }) => (error instanceof certs.ApiError && field ? `${field}: ${text}` : text));

function technicalOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { name, message } = error;
  const { code, status, method, url, requestId } = error as Partial<certs.ApiError>;
  const call = method && `${method} ${url}`;
  return [`${name}: ${message}`, code, status, call, requestId && `request ${requestId}`].filter(Boolean).join(' · ');
}
