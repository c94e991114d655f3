/** What came of renewals, as Prometheus reads it. */
import type { RenewalOutcome, RenewalSummary } from 'markmonitor-certs';

/** What a run can come to. One that found the journal locked writes nothing. */
const outcomes = Object.keys({
  renewed: true,
  nothingDue: true,
  waiting: true,
  someFailed: true,
  endNear: true,
} satisfies Record<Exclude<RenewalOutcome, 'locked'>, true>);

/** Metrics as Prometheus reads them from a file. Their names are `action.renew`, `state.placed`, `urgency.soon` … */
export function exposition({ metrics, outcome, orders, cost }: RenewalSummary): string {
  const gauge = (name: string, help: string, rows: readonly string[]) => [
    `# HELP markmonitor_certs_${name} ${help}`,
    `# TYPE markmonitor_certs_${name} gauge`,
    ...rows.map((row) => `markmonitor_certs_${name}${row}`),
  ];
  const counts = Object.entries(metrics).map(([name, count]) => [...name.split('.'), count] as const);
  const by = (kind: string, help: string) => {
    const rows = counts.filter(([of]) => of === kind);
    return gauge(
      `renewals_by_${kind}`,
      help,
      rows.map(([, word, count]) => `{${kind}="${word}"} ${count}`),
    );
  };
  return [
    ...by('action', 'Certificates by what the plan does about them.'),
    ...by('state', 'Renewals by how far they are.'),
    ...by('urgency', 'Renewals by how near the end of the old certificate is.'),
    ...gauge(
      'renewals_outcome',
      'What came of the last run.',
      outcomes.map((word) => `{outcome="${word}"} ${word === outcome ? 1 : 0}`),
    ),
    ...gauge('renewals_orders', 'Orders of the last run.', [` ${orders}`]),
    ...gauge('renewals_cost', 'What they cost.', [` ${cost}`]),
    '',
  ].join('\n');
}
