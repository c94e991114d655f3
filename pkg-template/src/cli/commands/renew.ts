import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  type RenewalAction,
  type RenewalCommand,
  type RenewalEvent,
  type RenewalItem,
  type RenewalPlan,
  type RenewalPlanOptions,
  type RenewalPolicy,
  type RenewalRunOptions,
  type RenewalSummary,
  ValidationError,
} from 'markmonitor-certs';
import { pause } from '../../host/signal.js';
import { checkFolders, checkPrograms, checkRunOptions } from '../../renewals/options.js';
import { type Cli, type Command, flag, json, parsed, repeated } from '../command.js';
import { type ExitCode, exit, Failure, fine, inLine, usage } from '../failure.js';
import { type NewFile, placeOf, replaceable, replaceFiles } from '../files.js';
import { interruptible } from '../interruption.js';
import { clean } from '../output.js';
import { Progress } from '../progress.js';
import { amount, filled, oneOf, span, spanWithin, whole } from '../spans.js';
import { exposition } from '../text/metrics.js';

const day = 86_400_000;
const within = parsed('--within <span>', 'renew what ends within this span, such as 30d', daysOf);
const at = parsed('--at <rule>', 'third, the default: renew when a third of the life is left', oneOf('third'), [
  'third',
]);
const only = repeated('--only <name>', 'only the certificates of this name, or of the order with this id', filled);
const replaceRevoked = flag('--replace-revoked', 'renew revoked certificates too');
const parallel = flag('--parallel', 'several servers have certificates of the same names: renew each');
const endedWithin = parsed(
  '--ended-within <span>',
  'list what ended within this span without a successor; default 90d',
  endedDays,
);
const dryRun = flag('--dry-run', 'print the plan and order nothing: the default');
const buy = flag('-y, --yes', 'place the orders of the plan, and carry on with what earlier runs began');
const maxCost = parsed('--max-cost <amount>', 'what all orders of the run may cost', amount);
const maxOrders = parsed('--max-orders <number>', 'how many orders the run may place', whole(0, 1_000_000));
const out = parsed('--out <dir>', 'where certificates are put: NAME/live in it; required with --yes', filled);
const layouts = ['nginx', 'apache', 'pem'] as const;
const layout = parsed(
  '--layout <server>',
  `${layouts.join(', ')}: all read the same files, fullchain.pem, cert.pem, chain.pem and privkey.pem`,
  layoutOf,
  layouts,
);
const journal = parsed('--journal <file>', 'where each step is written; default .renewals/journal in --out', filled);
const keys = parsed('--keys <dir>', 'where new keys are kept; default keys, beside the journal', filled);
const dcvHook = parsed('--dcv-hook <command>', 'publishes what shows control of domains', commandOf);
const deployHook = parsed('--deploy-hook <command>', 'runs for each certificate that was put into --out', commandOf);
const renewedHook = parsed(
  '--renewed-hook <command>',
  'runs once for all that were: systemctl reload nginx',
  commandOf,
);
const failedHook = parsed('--failed-hook <command>', 'runs once for all that failed', commandOf);
const hookTimeout = parsed(
  '--hook-timeout <span>',
  'ends a hook after this span; default 2m',
  spanWithin('1ms', '24d'),
);
const assumeNotPlaced = repeated(
  '--assume-not-placed <id>',
  'an order that is `unknown`, and that somebody has checked is not at the service',
  filled,
);
const revokeOld = flag('--revoke-old', 'revoke the old certificate when the new one is delivered');
const window = parsed('--window <span>', 'begin at a random moment within this span, such as 1h', span);
const maxWait = parsed('--max-wait <span>', 'how long to wait for certificates; default 4h', span);
const every = parsed('--every <span>', 'the pause between two looks; default 15s, growing to 5m', span);
const ics = parsed('--ics <file>', 'with --yes: write what is to come as a calendar', filled);
const metrics = parsed(
  '--metrics <file>',
  'with --yes: write how many there are of each state, for Prometheus',
  filled,
);

/** What comes of a run, as a process says it. */
const codes: Readonly<Record<RenewalSummary['outcome'], ExitCode>> = {
  renewed: exit.ok,
  nothingDue: exit.nothingDue,
  waiting: exit.waiting,
  someFailed: exit.someFailed,
  endNear: exit.endNear,
  locked: exit.locked,
};

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
  options: [
    ...[
      within,
      at,
      only,
      replaceRevoked,
      parallel,
      endedWithin,
      dryRun,
      buy,
      maxCost,
      maxOrders,
      out,
      layout,
      journal,
      keys,
    ],
    ...[dcvHook, deployHook, renewedHook, failedHook, hookTimeout, assumeNotPlaced, revokeOld, window, maxWait, every],
    ...[ics, metrics, json],
  ],
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
  const [isForReal, folder] = [cli.get(buy), cli.get(out)];
  await checkLine(cli);
  const file = cli.get(journal) ?? (folder === undefined ? undefined : journalIn(folder));
  const options = file === undefined || folder === undefined ? undefined : runOptions(cli, file, folder, signal);
  if (isForReal && options) {
    // Before the account is read, which may take minutes.
    checkRunOptions(options);
    await checkPrograms(options);
    await checkFolders(options);
  }
  const client = await cli.client();
  // Before the account is read, too: what many machines begin at one time is to reach the service at several.
  if (isForReal) await pause(Math.random() * (cli.get(window) ?? 0), signal);
  const plan = await client.renewals.plan({ ...planOptions(cli), journal: file, signal });
  if (!isForReal || !options) return print(cli, plan);
  for await (const event of client.renewals.run(plan, options)) {
    progress.end();
    tell(cli, event, progress);
    if (event.type === 'ended') return await ended(cli, event.summary);
  }
  throw new Error('The run of renewals ended without a summary.');
}

/** Refuses what options cannot be together, and what cannot be written: later it would have cost money. */
async function checkLine(cli: Cli): Promise<void> {
  const [isForReal, folder, files] = [cli.get(buy), cli.get(out), [cli.get(ics), cli.get(metrics)]];
  if (cli.get(within) !== undefined && cli.get(at)) throw usage('Choose one of --within and --at.');
  if (cli.get(dryRun) && isForReal) throw usage('Choose one of --dry-run and --yes.');
  // Without a folder a certificate would count as delivered, and be nowhere.
  if (isForReal && folder === undefined) throw usage('Where do the certificates go? --out DIR');
  if (!isForReal && files.some((file) => file !== undefined)) {
    throw usage('--ics and --metrics are about a run: they need --yes.');
  }
  for (const file of files) if (file !== undefined) await checkFile(file);
  if (!isForReal || folder === undefined) return;
  await checkApart(cli, folder);
}

/** The words of the line, by the options that they become. */
const words: Readonly<Record<Exclude<keyof RenewalRunOptions, 'signal' | 'window'> | Part, string>> = {
  journal: '--journal',
  key: '--keys',
  dcv: '--dcv-hook',
  deliver: '--deploy-hook',
  renewed: '--renewed-hook',
  failed: '--failed-hook',
  'dcv.command': '--dcv-hook',
  'deliver.command': '--deploy-hook',
  'renewed.command': '--renewed-hook',
  'failed.command': '--failed-hook',
  'dcv.timeout': '--hook-timeout',
  'deliver.timeout': '--hook-timeout',
  'renewed.timeout': '--hook-timeout',
  'failed.timeout': '--hook-timeout',
  'deliver.directory': '--out',
  revokeOld: '--revoke-old',
  maxCost: '--max-cost',
  maxOrders: '--max-orders',
  assumeNotPlaced: '--assume-not-placed',
  maxWait: '--max-wait',
  minDelay: '--every',
  maxDelay: '--every',
  only: '--only',
  'policy.at': '--within',
  'policy.revoked': '--replace-revoked',
  'policy.parallel': '--parallel',
  'policy.ended': '--ended-within',
};

/** Options that are a part of another, or of the plan's. */
type Part =
  | 'deliver.directory'
  | 'only'
  | `${'dcv' | 'deliver' | 'renewed' | 'failed'}.${'command' | 'timeout'}`
  | `policy.${keyof RenewalPolicy}`;

/** What the library refuses of the options is wrong in the line. */
function ofTheLine(error: unknown): unknown {
  const [finding] = error instanceof ValidationError ? error.findings : [];
  const word = finding?.code === 'invalid_option' ? (words as Record<string, string>)[finding.field ?? ''] : undefined;
  // That begins with the option's name, where it has no other subject.
  return word === undefined ? error : usage(`${word}: ${finding?.message.replace(/^`[\w.]+`:? /, '')}`);
}

function planOptions(cli: Cli): RenewalPlanOptions {
  const policy = {
    at: cli.get(within) ?? cli.get(at),
    revoked: cli.get(replaceRevoked) ? ('replace' as const) : ('list' as const),
    parallel: cli.get(parallel),
    ended: cli.get(endedWithin),
  };
  return { policy, only: cli.get(only) };
}

function runOptions(cli: Cli, file: string, directory: string, signal: AbortSignal): RenewalRunOptions {
  const timeout = cli.get(hookTimeout);
  const hook = (given: typeof dcvHook): RenewalCommand | undefined => {
    const command = cli.get(given);
    return command && { command, timeout };
  };
  return {
    journal: file,
    key: cli.get(keys),
    dcv: hook(dcvHook),
    deliver: { directory, ...hook(deployHook) },
    renewed: hook(renewedHook),
    failed: hook(failedHook),
    revokeOld: cli.get(revokeOld),
    maxCost: cli.get(maxCost),
    maxOrders: cli.get(maxOrders),
    assumeNotPlaced: cli.get(assumeNotPlaced),
    maxWait: cli.get(maxWait),
    minDelay: cli.get(every),
    maxDelay: cli.get(every),
    signal,
  };
}

/** A span as days, as a policy takes it. */
function daysOf(text: string): number {
  const days = span(text) / day;
  if (!(days > 0 && days < 400)) throw usage('it must be more than 0d and less than 400d.');
  return days;
}

function endedDays(text: string): number {
  const days = span(text) / day;
  if (days > 3650) throw usage('it must be 3650d at most.');
  return days;
}

function layoutOf(text: string): (typeof layouts)[number] {
  if (text === 'iis' || text === 'java') {
    throw usage(`\`${text}\` reads PKCS #12, whose passphrase belongs to a hook: let --deploy-hook make it.`);
  }
  return oneOf(...layouts)(text);
}

/** The words of a program and its arguments. What only a shell would understand is refused, not handed on. */
function commandOf(text: string): string[] {
  const words = text.split(/\s+/).filter(Boolean);
  if (words.length === 0) throw usage('name a program, and its arguments.');
  if (/["'`|;&<>$*]/.test(text)) {
    throw usage(
      'it runs without a shell, its words divided by spaces: put what needs quotes or a shell into a script.',
    );
  }
  return words;
}

async function checkFile(file: string): Promise<void> {
  const to = await replaceable(file);
  await access(dirname(to), constants.W_OK).catch((error: Error) => {
    throw usage(`Cannot write ${file}: ${error.message}.`);
  });
}

/** Where the journal is that nobody has named. */
const journalIn = (folder: string) => join(folder, '.renewals', 'journal');

/** Refuses one file for two things: what is written later would be in the place of the journal, and of what it knows of orders. */
async function checkApart(cli: Cli, folder: string): Promise<void> {
  const file = cli.get(journal) ?? journalIn(folder);
  const taken = new Map<string, string>();
  for (const [{ flags }, path] of [
    [journal, file],
    [journal, `${file}.lock`],
    [keys, cli.get(keys)],
    [ics, cli.get(ics)],
    [metrics, cli.get(metrics)],
  ] as const) {
    if (path === undefined) continue;
    const place = await placeOf(path);
    const other = taken.get(place);
    if (other !== undefined) throw usage(`${flags}: ${path} is that of ${other}: name another.`);
    taken.set(place, flags);
  }
}

const idle: readonly RenewalAction[] = ['later', 'replaced', 'revoked', 'ended'];

function print(cli: Cli, plan: RenewalPlan): ExitCode {
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

function tell(cli: Cli, event: RenewalEvent, progress: Progress): void {
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
async function ended(cli: Cli, summary: RenewalSummary): Promise<ExitCode> {
  const code = codes[summary.outcome];
  if (code === exit.locked) return code;
  const named = [
    [cli.get(ics), summary.ics],
    [cli.get(metrics), exposition(summary)],
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
