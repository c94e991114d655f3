/** What a command is: one row of the table, from which its parser, its help and its completions are made. */
import type { CertsClient } from 'markmonitor-certs';
import type { ExitCode } from './failure.js';
import type { Output } from './output.js';
import type { Terminal } from './terminal.js';

/** An option of a command, and how its text becomes a value. */
export interface Option<T = unknown> {
  /** `--out <dir>`, in the form of commander. */
  readonly flags: string;
  readonly description: string;
  /** May be given several times; the value is a list. */
  readonly many?: boolean;
  /** What it can be, for completions. */
  readonly choices?: readonly string[];
  /** Throws a `Failure` for what it does not take. */
  readonly parse?: (text: string) => unknown;
  /** Only for the type. */
  readonly value?: T;
}

/** What stands where in the command line. */
export interface Argument {
  readonly name: string;
  readonly description: string;
  readonly optional?: boolean;
  /** Takes all that follow. */
  readonly many?: boolean;
  readonly choices?: readonly string[];
}

/** Where a command stands in the help. */
export type Group = 'On this machine' | 'Orders' | 'The account' | 'Tools';

export interface Command {
  /** One word, or two: `contacts create`. */
  readonly name: string;
  readonly group: Group;
  /** One line. */
  readonly summary: string;
  /** What else there is to know. */
  readonly details?: string;
  readonly arguments?: readonly Argument[];
  readonly options?: readonly Option[];
  /** Calls the service: it takes the options of an account. */
  readonly account?: boolean;
  /** Changes something at the service: it asks, and takes `--yes`. */
  readonly asks?: boolean;
  /** Command lines without the program's name, each with what it does. */
  readonly examples: readonly (readonly [line: string, what: string])[];
  /** Does it. What is returned is the exit code, 0 if nothing is. */
  run(cli: Cli): Promise<ExitCode | undefined>;
}

/** What a command is run with. */
export interface Cli {
  /** The value of an option; nothing if it was not given. */
  get<T>(option: Option<T>): T | undefined;
  /** An argument, empty if it was left out. */
  argument(name: string): string;
  /** All of an argument that takes several. */
  rest(name: string): string[];
  readonly isJson: boolean;
  readonly out: Output;
  readonly terminal: Terminal;
  /** The client, made of options and environment. */
  client(): Promise<CertsClient>;
  /** Asks, unless `--yes` was given. Throws unless the answer is yes. */
  confirm(question: string): Promise<void>;
}

/** An option with a value. */
export const option = (flags: string, description: string, choices?: readonly string[]): Option<string> => ({
  ...{ flags, description },
  ...(choices && { choices }),
});

/** One whose text is read. */
export const parsed = <T>(
  flags: string,
  description: string,
  parse: (text: string) => T,
  choices?: readonly string[],
): Option<T> => ({ ...option(flags, description, choices), parse }) as Option<T>;

/** One that may be given several times. */
export const repeated = (flags: string, description: string, parse?: (text: string) => string): Option<string[]> => ({
  ...(option(flags, description) as Option<never>),
  many: true,
  ...(parse && { parse }),
});

/** One without a value. */
export const flag = (flags: string, description: string): Option<boolean> => ({ flags, description });

/** What most commands take. */
export const json = flag('--json', 'print JSON, a stable format');
export const yes = flag('-y, --yes', 'do not ask');
