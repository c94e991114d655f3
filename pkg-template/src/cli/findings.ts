/** Findings, and which of them fail a command. */
import type { Finding, Severity } from 'markmonitor-certs';
import { type Cli, parsed } from './command.js';
import { type ExitCode, exit } from './failure.js';
import { oneOf } from './spans.js';

const order: readonly Severity[] = ['info', 'warning', 'error'];
const levels = ['error', 'warning', 'info', 'never'] as const;

export const failOn = parsed(
  '--fail-on <severity>',
  'exit 1 from this severity on: error (the default), warning, info or never',
  oneOf(...levels),
  levels,
);

/** 1 where something was found that is as severe as `--fail-on`. */
export function exitCodeFor(findings: readonly Pick<Finding, 'severity'>[], cli: Cli): ExitCode {
  const level = cli.get(failOn) ?? 'error';
  if (level === 'never') return exit.ok;
  const least = order.indexOf(level);
  return findings.some(({ severity }) => order.indexOf(severity) >= least) ? exit.findings : exit.ok;
}

/** How many there are of each severity: `1 error, 2 warnings`. */
export function countOf(findings: readonly Pick<Finding, 'severity'>[]): string {
  const counts = [...order].reverse().map((severity) => {
    const count = findings.filter((finding) => finding.severity === severity).length;
    const word = severity === 'info' ? 'remark' : severity;
    return count === 0 ? '' : `${count} ${word}${count === 1 ? '' : 's'}`;
  });
  return counts.filter(Boolean).join(', ') || 'no findings';
}
