/** What the process has of the world: streams, environment, terminal. */
import { createInterface } from 'node:readline/promises';

/** The environment of the process. */
export type Environment = Readonly<Record<string, string | undefined>>;

export class Terminal {
  readonly environment: Environment = process.env;
  readonly stdin = process.stdin;
  readonly stdout = process.stdout;
  readonly stderr = process.stderr;

  /** Whether a question can be answered: asked on stderr, for stdout may be a file. */
  get canAsk(): boolean {
    return Boolean(this.stdin.isTTY && this.stderr.isTTY);
  }

  /** https://no-color.org: any text but the empty one. */
  hasColour(stream: { isTTY?: boolean }): boolean {
    const { NO_COLOR, TERM } = this.environment;
    return Boolean(stream.isTTY) && !NO_COLOR && TERM !== 'dumb';
  }

  async ask(question: string): Promise<string> {
    const lines = createInterface({ input: this.stdin, output: this.stderr });
    const closed = new Promise<string>((resolve) => lines.once('close', () => resolve('')));
    try {
      return await Promise.race([lines.question(question), closed]);
    } finally {
      lines.close();
    }
  }
}
