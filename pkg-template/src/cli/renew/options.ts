import { flag, json, parsed, repeated } from '../command.js';
import { usage } from '../failure.js';
import { amount, filled, oneOf, span, spanWithin, whole } from '../spans.js';

const day = 86_400_000;
const layouts = ['nginx', 'apache', 'pem'] as const;

/** What a line of `renew` may say, in the order of its help. */
export const line = {
  within: parsed('--within <span>', 'renew what ends within this span, such as 30d', daysOf),
  at: parsed('--at <rule>', 'third, the default: renew when a third of the life is left', oneOf('third'), ['third']),
  only: repeated('--only <name>', 'only the certificates of this name, or of the order with this id', filled),
  replaceRevoked: flag('--replace-revoked', 'renew revoked certificates too'),
  parallel: flag('--parallel', 'several servers have certificates of the same names: renew each'),
  endedWithin: parsed(
    '--ended-within <span>',
    'list what ended within this span without a successor; default 90d',
    endedDays,
  ),
  dryRun: flag('--dry-run', 'print the plan and order nothing: the default'),
  buy: flag('-y, --yes', 'place the orders of the plan, and carry on with what earlier runs began'),
  maxCost: parsed('--max-cost <amount>', 'what all orders of the run may cost', amount),
  maxOrders: parsed('--max-orders <number>', 'how many orders the run may place', whole(0, 1_000_000)),
  out: parsed('--out <dir>', 'where certificates are put: NAME/live in it; required with --yes', filled),
  layout: parsed(
    '--layout <server>',
    `${layouts.join(', ')}: all read the same files, fullchain.pem, cert.pem, chain.pem and privkey.pem`,
    layoutOf,
    layouts,
  ),
  journal: parsed('--journal <file>', 'where each step is written; default .renewals/journal in --out', filled),
  keys: parsed('--keys <dir>', 'where new keys are kept; default keys, beside the journal', filled),
  dcvHook: parsed('--dcv-hook <command>', 'publishes what shows control of domains', commandOf),
  deployHook: parsed('--deploy-hook <command>', 'runs for each certificate that was put into --out', commandOf),
  renewedHook: parsed('--renewed-hook <command>', 'runs once for all that were: systemctl reload nginx', commandOf),
  failedHook: parsed('--failed-hook <command>', 'runs once for all that failed', commandOf),
  hookTimeout: parsed('--hook-timeout <span>', 'ends a hook after this span; default 2m', spanWithin('1ms', '24d')),
  assumeNotPlaced: repeated(
    '--assume-not-placed <id>',
    'an order that is `unknown`, and that somebody has checked is not at the service',
    filled,
  ),
  revokeOld: flag('--revoke-old', 'revoke the old certificate when the new one is delivered'),
  window: parsed('--window <span>', 'begin at a random moment within this span, such as 1h', span),
  maxWait: parsed('--max-wait <span>', 'how long to wait for certificates; default 4h', span),
  every: parsed('--every <span>', 'the pause between two looks; default 15s, growing to 5m', span),
  ics: parsed('--ics <file>', 'with --yes: write what is to come as a calendar', filled),
  metrics: parsed('--metrics <file>', 'with --yes: write how many there are of each state, for Prometheus', filled),
  json,
};

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
