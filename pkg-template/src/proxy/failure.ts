import {
  type ApiError,
  CertsError,
  type RateLimitError,
  type TimeoutError,
  type ValidationError,
} from '../errors/classes.js';
import type { Problem } from '../generated/core.js';
import { BodyRead } from './body.js';
import { failed, notFound, Refusal } from './refusal.js';

/** Statuses with which the service says what is wrong with a call, in words for its caller. */
const callers = [400, 409, 413, 422];

/**
 * What a page is told of a call that failed. The words of the service are for its caller; all else that an error says names
 * hosts and users, and is for the log of this server.
 *
 * @param retryAfterMs How long a call would wait now.
 * @param secret Texts that no page may see.
 */
export function refusalOf(error: unknown, retryAfterMs: number, secret: readonly string[]): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof BodyRead) return new Refusal(500, 'body_read', error.message);
  // What others throw may look like one, and says nothing of the service.
  if (!(error instanceof CertsError)) return failed();
  const { code } = error;
  switch (code) {
    case 'invalid': {
      const validations = ((error as ValidationError).findings ?? []).map(({ field, code, message }) => ({
        ...(field && { field }),
        code,
        message,
      }));
      return new Refusal(400, 'invalid', { validations });
    }
    case 'rate_limited':
      return tooMany((error as RateLimitError).retryAfterMs ?? retryAfterMs);
    case 'queue_full':
      return tooMany(retryAfterMs);
    case 'timeout': {
      const { phase, mayHaveBeenApplied } = error as TimeoutError;
      const isUnsent = (phase === 'queue' || phase === 'backoff') && !mayHaveBeenApplied;
      return isUnsent ? tooMany(retryAfterMs) : new Refusal(504, 'service_late', 'The service did not answer in time.');
    }
    case 'connection':
      return new Refusal(
        502,
        'service_unreachable',
        'The service could not be reached; the log of this server says why.',
      );
    case 'unreadable':
    case 'reply_too_large':
      return new Refusal(502, 'service_unreadable', 'The service answered with something that could not be read.');
    case 'unauthorized':
    case 'token_expired':
      // Not 401: that is for the user of the page, whose session has not ended.
      return new Refusal(502, 'service_refused_key', 'The service refuses the key or the user of this server.');
    case 'permission_denied':
      return new Refusal(403, 'service_forbids', 'The service does not allow this to the user of this server.');
    case 'not_found':
      return notFound();
    case 'server_error':
      return new Refusal(502, 'service_failed', 'The service has a problem: try again later.');
    case 'store_failed':
      return new Refusal(503, 'store_failed', 'Nothing was sent: the server cannot remember just now what it sends.');
    case 'outcome_unknown':
    case 'order_unclear':
      return outcomeUnknown();
    case 'closed':
      return new Refusal(503, 'closed', 'The server of this page is about to end.');
  }
  const { status, problems = [] } = error as Partial<ApiError>;
  if (typeof status !== 'number' || !callers.includes(status)) return failed();
  return new Refusal(status, code, inTheirWords(problems, secret));
}

/** Too much waits already. */
export function tooMany(retryAfterMs: number): Refusal {
  const seconds = Math.max(1, Math.ceil(Math.min(retryAfterMs, 86_400_000) / 1000));
  const message = `The rate limit of the service is reached: call again in ${seconds} s.`;
  return new Refusal(429, 'too_many', message, { 'retry-after': String(seconds) });
}

/** It may be done, and nobody here can tell. */
export const outcomeUnknown = (): Refusal =>
  new Refusal(409, 'outcome_unknown', 'This was sent before, and nobody can tell whether it was done: look for it.');

function inTheirWords(problems: readonly Problem[], secret: readonly string[]): object {
  const plain = (text: string) => secret.reduce((text, word) => text.replaceAll(word, '…'), text).slice(0, 1000);
  const shown = problems.slice(0, 100).map((problem) => {
    const entries = Object.entries(problem).filter(([, value]) => typeof value === 'string');
    return Object.fromEntries(entries.map(([name, value]) => [name, plain(value)]));
  });
  return problems.some(({ field }) => field !== undefined) ? { validations: shown } : { errors: shown };
}
