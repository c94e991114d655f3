import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  type RenewalCommand,
  type RenewalPlanOptions,
  type RenewalPolicy,
  type RenewalRunOptions,
  ValidationError,
} from 'markmonitor-certs';
import type { Cli } from '../command.js';
import { usage } from '../failure.js';
import { placeOf, replaceable } from '../files.js';
import { line } from './options.js';

/** Refuses what options cannot be together, and what cannot be written: later it would have cost money. */
export async function checkLine(cli: Cli): Promise<void> {
  const [isForReal, folder, files] = [cli.get(line.buy), cli.get(line.out), [cli.get(line.ics), cli.get(line.metrics)]];
  if (cli.get(line.within) !== undefined && cli.get(line.at)) throw usage('Choose one of --within and --at.');
  if (cli.get(line.dryRun) && isForReal) throw usage('Choose one of --dry-run and --yes.');
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
export function ofTheLine(error: unknown): unknown {
  const [finding] = error instanceof ValidationError ? error.findings : [];
  const word = finding?.code === 'invalid_option' ? (words as Record<string, string>)[finding.field ?? ''] : undefined;
  // That begins with the option's name, where it has no other subject.
  return word === undefined ? error : usage(`${word}: ${finding?.message.replace(/^`[\w.]+`:? /, '')}`);
}

export function planOptions(cli: Cli): RenewalPlanOptions {
  const policy = {
    at: cli.get(line.within) ?? cli.get(line.at),
    revoked: cli.get(line.replaceRevoked) ? ('replace' as const) : ('list' as const),
    parallel: cli.get(line.parallel),
    ended: cli.get(line.endedWithin),
  };
  return { policy, only: cli.get(line.only) };
}

export function runOptions(cli: Cli, file: string, directory: string, signal: AbortSignal): RenewalRunOptions {
  const timeout = cli.get(line.hookTimeout);
  const hook = (given: typeof line.dcvHook): RenewalCommand | undefined => {
    const command = cli.get(given);
    return command && { command, timeout };
  };
  return {
    journal: file,
    key: cli.get(line.keys),
    dcv: hook(line.dcvHook),
    deliver: { directory, ...hook(line.deployHook) },
    renewed: hook(line.renewedHook),
    failed: hook(line.failedHook),
    revokeOld: cli.get(line.revokeOld),
    maxCost: cli.get(line.maxCost),
    maxOrders: cli.get(line.maxOrders),
    assumeNotPlaced: cli.get(line.assumeNotPlaced),
    maxWait: cli.get(line.maxWait),
    minDelay: cli.get(line.every),
    maxDelay: cli.get(line.every),
    signal,
  };
}

async function checkFile(file: string): Promise<void> {
  const to = await replaceable(file);
  await access(dirname(to), constants.W_OK).catch((error: Error) => {
    throw usage(`Cannot write ${file}: ${error.message}.`);
  });
}

/** Where the journal is that nobody has named. */
export const journalIn = (folder: string) => join(folder, '.renewals', 'journal');

/** Refuses one file for two things: what is written later would be in the place of the journal, and of what it knows of orders. */
async function checkApart(cli: Cli, folder: string): Promise<void> {
  const file = cli.get(line.journal) ?? journalIn(folder);
  const taken = new Map<string, string>();
  for (const [{ flags }, path] of [
    [line.journal, file],
    [line.journal, `${file}.lock`],
    [line.keys, cli.get(line.keys)],
    [line.ics, cli.get(line.ics)],
    [line.metrics, cli.get(line.metrics)],
  ] as const) {
    if (path === undefined) continue;
    const place = await placeOf(path);
    const other = taken.get(place);
    if (other !== undefined) throw usage(`${flags}: ${path} is that of ${other}: name another.`);
    taken.set(place, flags);
  }
}
