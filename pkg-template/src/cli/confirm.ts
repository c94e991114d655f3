import { exit, Failure } from './failure.js';
import type { Terminal } from './terminal.js';

/** Asks. Throws unless the answer is yes, and where nobody can answer. */
export async function confirm(terminal: Terminal, question: string): Promise<void> {
  if (!terminal.canAsk) {
    throw new Failure(exit.declined, `${question} There is no terminal to ask at: confirm with --yes.`);
  }
  const answer = await terminal.ask(`${question} [y/N] `);
  if (!/^y(es)?$/i.test(answer.trim())) throw new Failure(exit.declined, 'Nothing was done.');
}
