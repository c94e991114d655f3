import type { ResponseInfo } from '../generated/core.js';
import type { Refusal } from './refusal.js';

/** What a call is answered with, before it is a response: it can be kept, and shown to several. */
export interface Answer {
  readonly status: number;
  readonly type?: string;
  readonly body?: string | Uint8Array;
  readonly requestId?: string;
  /** What it made or changed. */
  readonly id?: string;
  readonly etag?: string;
}

/** What the service sent. */
export interface Result {
  readonly value: unknown;
  readonly info: ResponseInfo;
}

/** For no cache, no frame, no sniffing, and no other origin. */
const always: Record<string, string> = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
};

const json = 'application/json';
/** The types of certificate files; a page that a gateway sent in its place is none. */
const files = ['application/x-pkcs7-certificates', 'application/pkcs7-mime', 'application/x-pem-file', 'text/plain'];

/** The answer that passes a result on. */
export function answerOf({ value, info }: Result): Answer {
  const { status, requestId } = info;
  const common = { status, ...(requestId && { requestId }) };
  if (value instanceof Uint8Array) {
    const sent = new Map(info.headers).get('content-type')?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
    return { ...common, body: value, type: files.includes(sent) ? sent : 'application/octet-stream' };
  }
  if (value === undefined || value === '') return common;
  const { id } = Object(value) as { id?: unknown };
  return { ...common, type: json, body: JSON.stringify(value), ...(typeof id === 'string' && { id }) };
}

/** An answer with the name of its content, by which a page knows that it has it already. */
export async function withEtag(answer: Answer): Promise<Answer> {
  if (typeof answer.body !== 'string') return answer;
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(answer.body)));
  return { ...answer, etag: `"${btoa(String.fromCharCode(...digest.subarray(0, 18)))}"` };
}

/**
 * Whether a request names what it has by this name. A server in front that compresses the answer marks the name as weak, which
 * makes no difference here (RFC 9110, 13.1.2).
 */
function hasNamed({ headers }: Request, etag: string): boolean {
  const names = headers.get('if-none-match')?.split(',') ?? [];
  return names.some((name) => name.trim().replace(/^W\//, '') === etag);
}

/** The response to a request that may have the content already. */
export function responseTo(request: Request, answer: Answer, more: Record<string, string>): Response {
  const { status, type, body, requestId, etag } = answer;
  const headers = { ...always, ...more, ...(requestId && { 'x-request-id': requestId }), ...(etag && { etag }) };
  if (etag && hasNamed(request, etag)) return new Response(null, { status: 304, headers });
  if (body === undefined || status === 204) return new Response(null, { status, headers });
  const disposition = typeof body === 'string' ? {} : { 'content-disposition': 'attachment' };
  return new Response(body as BodyInit, {
    status,
    headers: { ...headers, ...disposition, 'content-type': type ?? json },
  });
}

/** The response of a refusal. */
export function refused({ status, body, headers }: Refusal, more: Record<string, string>): Response {
  const all = { ...always, ...more, ...headers, 'content-type': json };
  return new Response(JSON.stringify(body), { status, headers: all });
}
