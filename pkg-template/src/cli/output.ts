/** What commands print: text for people, or JSON. */
import type { Finding, Problem } from 'markmonitor-certs';
import { exit } from './failure.js';
import type { Terminal } from './terminal.js';

const colours = { error: 31, warning: 33, info: 36, good: 32, dim: 2, bold: 1 } as const;

export type Colour = keyof typeof colours;

/**
 * Text that comes from elsewhere, on one line: what would move the cursor or change the terminal is shown, not done. That of
 * a CSR is whatever its author wrote.
 */
export function clean(value: unknown): string {
  const text = typeof value === 'string' ? value : value === undefined || value === null ? '' : JSON.stringify(value);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, (sign) => {
    return `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

export class Output {
  readonly #terminal: Terminal;

  #isWritable = true;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
    // A command that was begun goes on to its end: it may have placed an order, and its exit code is still read.
    terminal.stderr.on('error', () => {});
    terminal.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
      // `markmonitor-certs orders | head` is no failure.
      if (code === 'EPIPE' || !this.#isWritable) return;
      this.#isWritable = false;
      this.failure(`Cannot write standard output: ${message}.`, [], []);
    });
  }

  /** Waits until all is written; returns whether it could be, or nobody wanted it. */
  async flushed(): Promise<boolean> {
    await new Promise<void>((resolve) => this.#terminal.stdout.write('', () => resolve()));
    return this.#isWritable;
  }

  /** For what prints until somebody stops it: ends the process when nobody reads any more. */
  endWithReader(): void {
    this.#terminal.stdout.once('error', () => process.exit(this.#isWritable ? exit.ok : exit.unwritten));
  }

  /** Lines on stdout. */
  print(text: string): void {
    this.#terminal.stdout.write(`${text}\n`);
  }

  /** Bytes on stdout. */
  write(bytes: Uint8Array): void {
    this.#terminal.stdout.write(bytes);
  }

  json(value: unknown): void {
    this.print(JSON.stringify(value, null, 2));
  }

  /** One line of JSON, for what goes on. */
  jsonLine(value: unknown): void {
    this.print(JSON.stringify(value));
  }

  /** A line for people, on stderr: no part of the result. */
  note(text: string): void {
    this.#terminal.stderr.write(`${text}\n`);
  }

  /** Text in a colour, where stdout is a terminal. */
  paint(colour: Colour, text: string, stream: { isTTY?: boolean } = this.#terminal.stdout): string {
    return this.#terminal.hasColour(stream) ? `\u001b[${colours[colour]}m${text}\u001b[0m` : text;
  }

  /** Rows under their headings, in columns. */
  table(headings: readonly string[], rows: readonly (readonly unknown[])[]): void {
    const cells = rows.map((row) => row.map(clean));
    const widths = headings.map((heading, at) => Math.max(heading.length, ...cells.map((row) => row[at]?.length ?? 0)));
    const line = (row: readonly string[]) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd();
    this.print(this.paint('bold', line(headings)));
    for (const row of cells) this.print(line(row));
  }

  /** Names and values, one a line; what has no value is left out. */
  fields(rows: readonly (readonly [name: string, value: unknown])[]): void {
    const shown = rows.map(([name, value]) => [name, clean(value)] as const).filter(([, value]) => value !== '');
    const width = Math.max(0, ...shown.map(([name]) => name.length));
    for (const [name, value] of shown) this.print(`${`${name}:`.padEnd(width + 2)}${value}`);
  }

  /** Findings as lines, errors first. */
  findings(findings: readonly Finding[], indent = '', stream: NodeJS.WriteStream = this.#terminal.stdout): void {
    for (const finding of findings) stream.write(`${indent}${this.#finding(finding, stream)}\n`);
  }

  #finding({ severity, message, code, field, source }: Finding, stream: { isTTY?: boolean }): string {
    const where = field === undefined ? '' : ` ${clean(field)}:`;
    const behind = [code, source].filter(Boolean).map(clean).join(', ');
    return `${this.paint(severity, severity, stream)}:${where} ${clean(message)} ${this.paint('dim', `[${behind}]`, stream)}`;
  }

  /** Why the command failed, on stderr. */
  failure(message: string, findings: readonly Finding[], problems: readonly Problem[]): void {
    const { stderr } = this.#terminal;
    // A message may be made of those of the findings, which are listed with their codes.
    const text = findings.reduce((rest, finding) => rest.replace(finding.message, ''), message).trimEnd();
    if (text !== '') {
      this.note(`${this.paint('error', 'error', stderr)}: ${text.split('\n').map(clean).join('\n')}`);
    }
    this.findings(findings, text === '' ? '' : '  ', stderr);
    for (const { field, code, message = '' } of problems) {
      this.note(
        `  ${[field && `${clean(field)}:`, clean(message), code && `[${clean(code)}]`].filter(Boolean).join(' ')}`,
      );
    }
  }
}
