import {
  ApiError,
  AuthenticationError,
  BadRequestError,
  CertsError,
  ConflictError,
  ConnectionError,
  NotFoundError,
  ParseError,
  PermissionDeniedError,
  QueueFullError,
  RateLimitError,
  ServerError,
  TimeoutError,
  ValidationError,
} from 'markmonitor-certs';

/** An error for the reader. */
export interface Explanation {
  title: string;
  /** What to do. */
  advice: string;
  details: string[];
}

const applied = 'The service may have done it all the same: look at the order before you repeat it.';

/** From the special to the general: the first that fits says what to do. */
const advices: [new (...args: never[]) => Error, string][] = [
  [
    AuthenticationError,
    'The service refuses the credentials: check those that the server of this page was started with.',
  ],
  [PermissionDeniedError, 'This account may not do that: ask who administers it.'],
  [NotFoundError, 'It may belong to another account, or the sandbox was started anew: go back to the list.'],
  [ConflictError, 'It has moved on in the meantime: look at it as it is now.'],
  [RateLimitError, 'Somebody else uses the same key: wait a minute.'],
  [BadRequestError, 'Change what the service names, then try again.'],
  [ServerError, 'The service has a problem of its own: try again in a few minutes.'],
  [ApiError, 'Try again; if it stays so, ask the service with the message above.'],
  [ValidationError, 'Change what is named, then try again. Nothing was sent.'],
  [ParseError, 'Check that the whole text was copied, from its BEGIN line to its END line.'],
  [TimeoutError, 'The service is slow: try again.'],
  [ConnectionError, 'Check the network and that the server of this page runs, then try again.'],
  [QueueFullError, 'Too many calls wait already: let them finish first.'],
];

/** What an error means to the reader. */
export function explain(error: unknown): Explanation {
  if (!(error instanceof CertsError)) {
    const title = error instanceof Error && error.message ? error.message : 'Something went wrong.';
    return {
      title,
      advice: navigator.onLine ? 'Reload the page and try again.' : 'You are offline: connect, then try again.',
      details: [],
    };
  }
  const advice = advices.find(([kind]) => error instanceof kind)?.[1] ?? 'Try again.';
  const isOpen = (error instanceof ApiError || error instanceof ConnectionError) && error.mayHaveBeenApplied;
  return { title: error.message, advice: isOpen ? applied : advice, details: detailsOf(error) };
}

function detailsOf(error: CertsError): string[] {
  if (error instanceof ValidationError)
    return error.findings.map(({ message }) => message).filter((message) => message !== error.message);
  if (error instanceof ApiError) {
    return error.problems.map(({ field, message, code }) => [field, message ?? code].filter(Boolean).join(': '));
  }
  return [];
}
