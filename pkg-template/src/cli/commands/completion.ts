import type { Command as Row } from '../command.js';
import { completions, shells } from '../completions.js';
import { oneOf } from '../spans.js';

/** The scripts that complete these commands, and itself. */
export const completionOf = (commands: () => readonly Row[]): Row => ({
  name: 'completion',
  group: 'Tools',
  summary: 'print the script that completes commands in a shell',
  arguments: [{ name: 'shell', description: 'the shell', choices: shells }],
  examples: [
    ['completion bash >> ~/.bashrc', 'for bash'],
    ['completion zsh > ~/.zfunc/_markmonitor-certs', 'for zsh, with ~/.zfunc in fpath'],
    ['completion fish > ~/.config/fish/completions/markmonitor-certs.fish', 'for fish'],
  ],
  async run(cli) {
    cli.out.print(completions(oneOf(...shells)(cli.argument('shell') as (typeof shells)[number]), commands()));
    return undefined;
  },
});
