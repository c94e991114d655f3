/** A call that is answered by the proxy itself: thrown anywhere, answered in one place. */
export class Refusal {
  readonly status: number;
  readonly code: string;
  readonly body: object;
  readonly headers: Record<string, string>;

  /** `said`: a sentence, or the body that says what is wrong. */
  constructor(status: number, code: string, said: string | object, headers: Record<string, string> = {}) {
    this.status = status;
    this.code = code;
    // In the form of the service's own errors.
    this.body = typeof said === 'string' ? { errors: [{ code, message: said }] } : said;
    this.headers = headers;
  }
}

/** The same for what is not there and for what is another's. */
export const notFound = (): Refusal =>
  new Refusal(404, 'not_found', 'There is no such thing, or it is not yours to see.');

/** The reply may be anybody's. */
export const unnamed = (): Refusal =>
  new Refusal(502, 'organization_unnamed', 'The reply does not say which organization it belongs to.');

/** What a user sees when something here failed: the log says what. */
export const failed = (): Refusal =>
  new Refusal(500, 'proxy_failed', 'The server of this page could not do that; its log says why.');

/** Nothing was sent, or nobody waits for what it comes to. */
export const pageLeft = (): Refusal => new Refusal(499, 'page_left', 'The page did not wait for the answer.');
