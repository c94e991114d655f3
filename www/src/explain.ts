import * as certs from './pki.js';

const applied = 'The service may have done it all the same: look at the order before you repeat it.';

/** From the special to the general: the first that fits says what to do. */
const advices: [new (...args: never[]) => Error, string][] = [
  [certs.AuthenticationError, 'The service refuses the credentials: check those that the server of this page has.'],
  [certs.PermissionDeniedError, 'This account may not do that: ask who administers it.'],
  [certs.NotFoundError, 'It may be of another account, or the sandbox was reset: go back to the list.'],
  [certs.ConflictError, 'It has moved on in the meantime: look at it as it is now.'],
  [certs.RateLimitError, 'Somebody else uses the same key: wait a minute.'],
  [certs.BadRequestError, 'Change what the service names, then try again.'],
  [certs.ServerError, 'The service has a problem of its own: try again in a few minutes.'],
  [certs.ApiError, 'Try again; if it stays so, ask the service with the message above.'],
  [certs.ValidationError, 'Change what is named, then try again. Nothing was sent.'],
  [certs.ParseError, 'Check that the whole text was copied, from its BEGIN line to its END line.'],
  [certs.TimeoutError, 'The service is slow: try again.'],
  [certs.ConnectionError, 'Check the network and that the server of this page runs, then try again.'],
  [certs.QueueFullError, 'Too many calls wait already: let them finish first.'],
  [certs.CertsError, 'Try again.'],
  [Error, 'Reload the page and try again.'],
];

/** What an error means to the reader, and what to do about it. */
export function explain(error: unknown): { title: string; advice: string; details: string[] } {
  const isOpen =
    (error instanceof certs.ApiError || error instanceof certs.ConnectionError) && error.mayHaveBeenApplied;
  const isOffline = !navigator.onLine && !(error instanceof certs.ApiError || error instanceof certs.ParseError);
  const advice = advices.find(([kind]) => error instanceof kind)?.[1] ?? '';
  return {
    title: (error instanceof Error && error.message) || 'Something went wrong.',
    advice: isOpen ? applied : isOffline ? 'You are offline: connect, then try again.' : advice,
    details: detailsOf(error),
  };
}

function detailsOf(error: unknown): string[] {
  if (error instanceof certs.ValidationError) {
    return error.findings.map(({ message }) => message).filter((message) => message !== error.message);
  }
  if (error instanceof certs.ApiError) {
    return error.problems.map(({ field, message, code }) => [field, message ?? code].filter(Boolean).join(': '));
  }
  return [];
}
