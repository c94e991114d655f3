/** What the process has of the world: streams, environment, terminal. */
import { createInterface } from 'node:readline/promises';
import { exit, Failure } from './failure.js';

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
    const unanswered = new Promise<{ isStopped: boolean }>((resolve) => {
      lines.once('close', () => resolve({ isStopped: false }));
      lines.once('SIGINT', () => resolve({ isStopped: true }));
    });
    try {
      const answer = await Promise.race([lines.question(question), unanswered]);
      if (typeof answer === 'string') return answer;
      // Nobody has ended the line of the question.
      this.stderr.write('\n');
      if (answer.isStopped) throw new Failure(exit.interrupted, 'Stopped by Ctrl-C.');
      return '';
    } finally {
      lines.close();
    }
  }
}
