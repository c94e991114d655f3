import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { responseOf } from 'markmonitor-certs';

/**
 * Returns a function that makes a call in a span of its own, which ends as the call does, with its error if it failed:
 * refused, without a reply, or before it was sent. In it are a span for each attempt, until its reply begins, and before each
 * one for what it waited for: the token, the queue of the rate limit, the pause before a repeat.
 *
 *   const call = traced(client);
 *   const prices = await call('orders.prices', (client) => client.orders.prices());
 *
 * The call is made with the client that the function is given, whose requests are those of this span and of no other, however
 * many are under way. No span holds a header, a body or a secret.
 *
 * @param {import('markmonitor-certs').CertsClient} client
 * @param {{ tracer?: import('@opentelemetry/api').Tracer, fetch?: typeof globalThis.fetch }} [options] `fetch`: that of the
 *   client, if it was given one.
 */
export function traced(client, { tracer = trace.getTracer('markmonitor-certs'), fetch = globalThis.fetch } = {}) {
  /**
   * @template T
   * @param {string} name
   * @param {(client: import('markmonitor-certs').CertsClient) => Promise<T>} make
   * @returns {Promise<T>}
   */
  return (name, make) =>
    tracer.startActiveSpan(name, { kind: SpanKind.CLIENT }, async (span) => {
      try {
        const result = await make(client.withOptions({ fetch: attempts(tracer, span, fetch) }));
        describe(span, responseOf(Object(result)));
        return result;
      } catch (error) {
        describe(span, error);
        fail(span, error);
        throw error;
      } finally {
        span.end();
      }
    });
}

/** A `fetch` that makes spans in this one: of each request, and of the wait before it. */
function attempts(tracer, parent, fetch) {
  const inside = trace.setSpan(context.active(), parent);
  let since = Date.now();
  return async (url, init) => {
    tracer.startSpan('queue', { startTime: since }, inside).end();
    const attributes = { 'http.request.method': init.method, 'url.full': `${url}` };
    const span = tracer.startSpan('attempt', { kind: SpanKind.CLIENT, attributes }, inside);
    try {
      const response = await fetch(url, init);
      span.setAttribute('http.response.status_code', response.status);
      if (!response.ok) span.setStatus({ code: SpanStatusCode.ERROR });
      return response;
    } catch (error) {
      fail(span, error);
      throw error;
    } finally {
      span.end();
      since = Date.now();
    }
  };
}

/** What is known of a reply, from the reply or from the error that it became. */
function describe(span, { status, requestId, attempts } = {}) {
  if (status !== undefined) span.setAttribute('http.response.status_code', status);
  if (requestId !== undefined) span.setAttribute('markmonitor.request_id', requestId);
  if (attempts !== undefined) span.setAttribute('http.request.resend_count', attempts - 1);
}

/** The name of an error and no more: its message may have words of the service. */
function fail(span, error) {
  span.setAttribute('error.type', typeof error?.code === 'string' ? error.code : `${error?.name}`);
  span.setStatus({ code: SpanStatusCode.ERROR });
}
