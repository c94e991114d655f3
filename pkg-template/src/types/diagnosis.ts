import type { CallOptions } from './client.js';

/** The options of `client.diagnose`. */
export interface DiagnoseOptions extends CallOptions {
  /** Called before the first call, with what will be done, a sentence each. */
  onPlan?: ((steps: readonly string[]) => void) | undefined;
}

/** What a service is like, as far as a few reading calls show it. No value of the account is in it. */
export interface Diagnosis {
  /** The version of this form. */
  readonly format: 1;
  /** The version of this package. */
  readonly version: string;
  /** When it was made. */
  readonly at: string;
  /** What was asked, in order. */
  readonly calls: readonly DiagnosedCall[];
  /** Where the service is. */
  readonly service: {
    /** Whether it is the host that the guide names. */
    readonly isUsualHost: boolean;
    /** The path of the certificate service, such as `/certs/v1`, and the status of its first reply. */
    readonly certs: { readonly path: string; readonly status?: number };
    /** The path of the authentication service, likewise. */
    readonly auth: { readonly path: string; readonly status?: number };
  };
  /** The token; nothing where none was fetched. */
  readonly token?: DiagnosedToken;
  /** How each open fact of docs/contract.md is to be read. */
  readonly readings: readonly DiagnosedReading[];
  /** What nobody documented. Names, and the form of values, never values; `*` is a name that may be an account's own word. */
  readonly undocumented: {
    /** Fields, such as `Order.cert.dcvToken: text`. */
    readonly fields: readonly string[];
    /** Values of enumerations, such as `OrderStatus: DIGI_VETTING`. */
    readonly values: readonly string[];
  };
  /** The headers about limits, by their names in lower case: small numbers as they are, else the form of the value. `*` counts those of other names. */
  readonly limitHeaders: Readonly<Record<string, string>>;
}

/** A call of a diagnosis. */
export interface DiagnosedCall {
  /** Method and path, ids left out: `GET /order/{id}`. */
  readonly call: string;
  /** The status; nothing where there was no reply. */
  readonly status?: number;
  /** Why there was no reply, as an `ErrorCode`. */
  readonly error?: string;
}

/** The form of a token. */
export interface DiagnosedToken {
  /** `JWT`, or `opaque`. */
  readonly form: 'JWT' | 'opaque';
  /** Its life by its own claims, in seconds. */
  readonly lifeSeconds?: number;
  /** The names of its claims; `*` for those that may be an account's own words. */
  readonly claims: readonly string[];
}

/** One open fact, and the ways to read it that fit what was seen. */
export interface DiagnosedReading {
  /** The name that `createSandbox({ readings })` knows it by. */
  readonly name: string;
  /**
   * `holds`: one way fits. `open`: several do. `unlike`: none does. `unseen`: nothing that was seen tells, or a look would
   * change something; `note` says why.
   */
  readonly state: 'holds' | 'open' | 'unlike' | 'unseen';
  /** The ways that fit. */
  readonly values: readonly string[];
  readonly note?: string;
}
