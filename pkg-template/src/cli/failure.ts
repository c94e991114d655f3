/** What ends a command before its time, and the code that the process then exits with. */
import {
  AuthenticationError,
  CertsError,
  ConnectionError,
  type Finding,
  InternalError,
  ParseError,
  PermissionDeniedError,
  type Problem,
  QueueFullError,
  RateLimitError,
  ServerError,
  ValidationError,
  WaitError,
} from 'markmonitor-certs';

/** What each exit code means: stable, and the table of docs/cli.md. */
export const exit = {
  ok: 0,
  findings: 1,
  usage: 2,
  declined: 3,
  refused: 4,
  access: 5,
  unavailable: 6,
  unknown: 7,
  unreached: 8,
  unwritten: 9,
  // What comes of `renew`.
  nothingDue: 10,
  waiting: 11,
  someFailed: 12,
  endNear: 13,
  locked: 14,
  internal: 70,
  // By a signal, as shells count them.
  hungUp: 129,
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitCode = (typeof exit)[keyof typeof exit];

/** Codes beside which output that could not be written is the worse news. */
export const fine: readonly number[] = [exit.ok, exit.nothingDue, exit.waiting];

/** A sentence for the user and an exit code. */
export class Failure extends Error {
  override readonly name = 'Failure';

  constructor(
    readonly exitCode: ExitCode,
    message: string,
    readonly findings: readonly Finding[] = [],
    /** What it is called in JSON, where the exit code says something else. */
    readonly code: string | undefined = Object.entries(exit).find(([, code]) => code === exitCode)?.[0],
  ) {
    super(message);
  }
}

/** The command line is wrong: nothing was sent. */
export const usage = (message: string): Failure => new Failure(exit.usage, message);

/** How a command failed, in words and for programs. */
export interface Report {
  readonly exitCode: ExitCode;
  readonly message: string;
  /** What is wrong, one entry each. */
  readonly findings: readonly Finding[];
  readonly problems: readonly Problem[];
  /** For `--json`. */
  readonly json: object;
}

export function reportOf(error: unknown): Report {
  const exitCode = exitCodeOf(error);
  const message = inLine(error instanceof Error ? error.message : String(error));
  const findings = error instanceof Failure || error instanceof ValidationError ? error.findings : [];
  const problems = (error as { problems?: readonly Problem[] } | undefined)?.problems ?? [];
  const code = error instanceof Failure ? error.code : 'internal';
  const json = error instanceof CertsError ? error.toJSON() : { name: 'Failure', code, message, findings };
  return { exitCode, message, findings, problems, json };
}

/** What options of the library are called in a command line. */
const flags: Readonly<Record<string, string>> = {
  only: '--only',
  maxWait: '--max-wait',
  assumeNotPlaced: '--assume-not-placed',
  authBaseUrl: '--base-url',
  certsBaseUrl: '--base-url',
  'policy.at': '--within',
};

/** What the library says, with the names that its options have in a command line. */
export const inLine = (message: string): string =>
  message.replace(/`([\w.]+)`/g, (word, name: string) => (Object.hasOwn(flags, name) ? (flags[name] ?? word) : word));

export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof Failure) return error.exitCode;
  if (!(error instanceof CertsError) || error instanceof InternalError) return exit.internal;
  if (error.mayHaveBeenApplied) return exit.unknown;
  // The journal of `renew`, a file.
  if (error.code === 'store_failed') return exit.usage;
  // What cannot be looked at is refused like a call of its own.
  if (error instanceof WaitError) {
    return error.reason === 'lookFailed' && error.cause instanceof CertsError
      ? exitCodeOf(error.cause)
      : exit.unreached;
  }
  if (error instanceof AuthenticationError || error instanceof PermissionDeniedError) return exit.access;
  if (error instanceof ValidationError && error.findings.some(({ code }) => code.startsWith('auth_')))
    return exit.access;
  const isAway = [ConnectionError, ServerError, RateLimitError, QueueFullError].some((type) => error instanceof type);
  if (isAway) return exit.unavailable;
  return error instanceof ParseError ? exit.findings : exit.refused;
}
