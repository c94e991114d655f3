import type { RenewalAction, RenewalEvent, RenewalItem, RenewalPlan, RenewalSummary } from 'markmonitor-certs';
import type { Cli } from '../command.js';
import { type ExitCode, exit, Failure, fine, inLine } from '../failure.js';
import { type NewFile, replaceFiles } from '../files.js';
import { clean } from '../output.js';
import type { Progress } from '../progress.js';
import { exposition } from '../text/metrics.js';
import { line } from './options.js';

/** What comes of a run, as a process says it. */
const codes: Readonly<Record<RenewalSummary['outcome'], ExitCode>> = {
  renewed: exit.ok,
  nothingDue: exit.nothingDue,
  waiting: exit.waiting,
  someFailed: exit.someFailed,
  endNear: exit.endNear,
  locked: exit.locked,
};

const idle: readonly RenewalAction[] = ['later', 'replaced', 'revoked', 'ended'];

export function print(cli: Cli, plan: RenewalPlan): ExitCode {
  const { out } = cli;
  const due = plan.items.filter(({ action }) => !idle.includes(action));
  if (cli.isJson) out.json(plan);
  else {
    const shown = plan.items.filter(({ action }) => action !== 'later' && action !== 'replaced');
    const row = ({ commonName, notAfter, urgency, action, price, reason }: RenewalItem) => [
      ...[commonName, notAfter.slice(0, 10), urgency, action],
      ...[price === undefined ? '-' : String(price), reason],
    ];
    if (shown.length > 0) out.table(['NAME', 'ENDS', 'URGENCY', 'ACTION', 'PRICE', 'WHY'], shown.map(row));
    const { renew: orders = 0, later = 0, replaced = 0 } = plan.counts;
    const cost = plan.cost === undefined ? 'at a price that is not known' : `for ${plan.cost}`;
    out.note(`${orders} to order ${cost}, ${later} later, ${replaced} replaced already.`);
    if (due.length > 0) out.note('Nothing was ordered: --yes carries the plan out.');
  }
  return due.length > 0 ? exit.ok : exit.nothingDue;
}

export function tell(cli: Cli, event: RenewalEvent, progress: Progress): void {
  const { out } = cli;
  if (cli.isJson) out.jsonLine(event);
  else if (event.type === 'waiting') progress.show(`waiting for ${event.orders} certificates`);
  else if (event.type === 'step') out.note(`${clean(event.commonName)}: ${event.state}`);
  else if (event.type === 'problem') {
    const isLoud = event.urgency === 'urgent' || event.urgency === 'ended';
    const word = out.paint(isLoud ? 'error' : 'warning', isLoud ? event.urgency : 'problem', cli.terminal.stderr);
    const name = event.commonName === '' ? '' : ` ${clean(event.commonName)}:`;
    out.note(`${word}:${name} ${clean(inLine(event.message))}`);
    for (const line of event.output?.trimEnd().split('\n') ?? []) out.note(`  | ${clean(line)}`);
  } else if (event.type === 'ended') out.print(event.summary.text.split('\n').map(clean).join('\n'));
}

/** What is left for others to read. A run that found the journal locked knows nothing that they should read. */
export async function ended(cli: Cli, summary: RenewalSummary): Promise<ExitCode> {
  const code = codes[summary.outcome];
  if (code === exit.locked) return code;
  const named = [
    [cli.get(line.ics), summary.ics],
    [cli.get(line.metrics), exposition(summary)],
  ] as const;
  const files = named.flatMap(([file, content]): NewFile[] =>
    file === undefined ? [] : [{ file, content, mode: 0o644 }],
  );
  const failed = (await Promise.allSettled(files.map((file) => replaceFiles([file])))).flatMap((one) =>
    one.status === 'rejected' ? [(one.reason as Error).message] : [],
  );
  if (failed.length === 0) return code;
  throw new Failure(fine.includes(code) ? exit.unwritten : code, failed.join(' '), [], 'unwritten');
}
