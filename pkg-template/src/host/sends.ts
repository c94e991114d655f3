/** A request with a body, as it leaves. */
export interface Sending {
  readonly method: string;
  readonly url: string;
  readonly payload: string;
}

/** Who watches what a client sends. */
export type Sends = Set<(sending: Sending) => void>;
