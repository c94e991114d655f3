import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';

/** A call without an answer for so long has none: its own error told its caller. */
const forgottenAfterMs = 300_000;

/**
 * Makes spans of what a client does, and returns the function that ends it: one span for each call, in it one for the wait in
 * the queue of the rate limit and one for each attempt. No event holds a secret, so no span does.
 *
 * An event says which call it is about by its name, its method and its address. Where two calls are the same in all three and
 * under way at once, their attempts may be in each other's span.
 *
 * @param {import('markmonitor-certs').CertsClient} client
 */
export function traced(client, tracer = trace.getTracer('markmonitor-certs')) {
  /** Calls under way by what their events have in common, the oldest first. */
  const open = new Map();
  const keyOf = ({ operation, method, url }) => `${operation} ${method} ${url}`;
  const callsOf = (event) => open.get(keyOf(event)) ?? [];

  const stops = [
    client.on('request', (event) => {
      forget(open);
      const attempt = { number: event.attempt, start: Date.now() };
      const call = event.attempt > 1 && callsOf(event).find(({ attempts }) => attempts.length === event.attempt - 1);
      if (call) call.attempts.push(attempt);
      else open.set(keyOf(event), [...callsOf(event), { parent: context.active(), attempts: [attempt] }]);
    }),
    client.on('retry', (event) => {
      const call = callsOf(event).find(({ attempts }) => attempts.length === event.attempt);
      if (call) Object.assign(call.attempts.at(-1), { end: Date.now(), error: event.reason });
    }),
    client.on('response', (event) => {
      const calls = callsOf(event);
      const call = calls.find(({ attempts }) => attempts.length === event.attempts);
      open.set(
        keyOf(event),
        calls.filter((other) => other !== call),
      );
      record(tracer, event, call ?? { parent: context.active(), attempts: [] });
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

/** Drops calls that will not be answered any more. */
function forget(open) {
  const oldest = Date.now() - forgottenAfterMs;
  for (const [key, calls] of open) {
    const young = calls.filter(({ attempts }) => attempts.at(-1).start > oldest);
    if (young.length > 0) open.set(key, young);
    else open.delete(key);
  }
}

/** The spans of a call that was answered, each with the times that the client saw. */
function record(tracer, { operation, method, url, status, queuedMs, durationMs, requestId }, { parent, attempts }) {
  const end = Date.now();
  const start = end - durationMs;
  const call = tracer.startSpan(
    operation,
    {
      kind: SpanKind.CLIENT,
      startTime: start,
      attributes: {
        'markmonitor.operation': operation,
        'http.request.method': method,
        'url.full': url,
        'http.response.status_code': status,
        ...(requestId && { 'markmonitor.request_id': requestId }),
      },
    },
    parent,
  );
  const inside = trace.setSpan(parent, call);
  if (queuedMs > 0) tracer.startSpan('queue', { startTime: start }, inside).end(start + queuedMs);
  for (const attempt of attempts) {
    const attributes = { 'http.request.resend_count': attempt.number - 1 };
    const span = tracer.startSpan('attempt', { startTime: attempt.start, attributes }, inside);
    if (attempt.error) span.setStatus({ code: SpanStatusCode.ERROR, message: attempt.error });
    span.end(attempt.end ?? end);
  }
  if (status >= 400) call.setStatus({ code: SpanStatusCode.ERROR });
  call.end(end);
}
