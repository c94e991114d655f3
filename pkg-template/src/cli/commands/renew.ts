import { pause } from '../../host/signal.js';
import { checkFolders, checkPrograms, checkRunOptions } from '../../renewals/options.js';
import type { Cli, Command } from '../command.js';
import type { ExitCode } from '../failure.js';
import { interruptible } from '../interruption.js';
import { Progress } from '../progress.js';
import { checkLine, journalIn, ofTheLine, planOptions, runOptions } from '../renew/line.js';
import { line } from '../renew/options.js';
import { ended, print, tell } from '../renew/report.js';

export const renew: Command = {
  name: 'renew',
  group: 'Orders',
  summary: 'renew what is due: order once, wait, check, put it where it is used',
  details:
    'Prints the plan, and orders nothing. With --yes the plan is carried out: each step is in the journal first, so that the ' +
    'same line, given again, continues a run that ended anywhere, and orders nothing twice.\n\n' +
    'Hooks run without a shell. What they are about is in variables, MMC_EVENT and others: docs/renewals.md.\n\n' +
    'Exit codes: 0 renewed (or, without --yes, something is due), 10 nothing is due, 11 certificates are still to come, ' +
    '12 some failed, 13 the same, and the end of one is near, 14 another run has the journal.',
  options: Object.values(line),
  account: true,
  examples: [
    ['renew', 'what would be renewed, why, and what it costs'],
    ['renew --within 30d --json', 'the same as JSON, for what ends within thirty days'],
    [
      'renew --yes --max-orders 50 --out /etc/ssl/renewed --renewed-hook "systemctl reload nginx"',
      'every night, unattended',
    ],
  ],
  async run(cli) {
    const progress = new Progress(cli.terminal);
    const onStop = () => {
      progress.end();
      cli.out.note('Stopping, as soon as what is under way is written down. Ctrl-C again stops at once.');
    };
    try {
      return await interruptible((signal) => renewing(cli, progress, signal), onStop);
    } catch (error) {
      throw ofTheLine(error);
    }
  },
};

async function renewing(cli: Cli, progress: Progress, signal: AbortSignal): Promise<ExitCode> {
  const [isForReal, folder] = [cli.get(line.buy), cli.get(line.out)];
  await checkLine(cli);
  const file = cli.get(line.journal) ?? (folder === undefined ? undefined : journalIn(folder));
  const options = file === undefined || folder === undefined ? undefined : runOptions(cli, file, folder, signal);
  if (isForReal && options) {
    // Before the account is read, which may take minutes.
    checkRunOptions(options);
    await checkPrograms(options);
    await checkFolders(options);
  }
  const client = await cli.client();
  // Before the account is read, too: what many machines begin at one time is to reach the service at several.
  if (isForReal) await pause(Math.random() * (cli.get(line.window) ?? 0), signal);
  const plan = await client.renewals.plan({ ...planOptions(cli), journal: file, signal });
  if (!isForReal || !options) return print(cli, plan);
  for await (const event of client.renewals.run(plan, options)) {
    progress.end();
    tell(cli, event, progress);
    if (event.type === 'ended') return await ended(cli, event.summary);
  }
  throw new Error('The run of renewals ended without a summary.');
}
