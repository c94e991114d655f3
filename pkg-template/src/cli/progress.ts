import { clean } from './output.js';
import type { Terminal } from './terminal.js';

/** One line that is written over, on a terminal; nothing elsewhere. */
export class Progress {
  readonly #terminal: Terminal;
  #isShown = false;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  show(text: string): void {
    const { stderr } = this.#terminal;
    if (!stderr.isTTY || this.#terminal.environment.TERM === 'dumb') return;
    const width = stderr.columns || 80;
    stderr.write(`\r\u001b[2K${clean(text).slice(0, width - 1)}`);
    this.#isShown = true;
  }

  /** Takes it away, before anything else is printed. */
  end(): void {
    if (this.#isShown) this.#terminal.stderr.write('\r\u001b[2K');
    this.#isShown = false;
  }
}
