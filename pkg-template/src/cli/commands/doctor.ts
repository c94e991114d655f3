import type { DiagnosedReading, Diagnosis } from 'markmonitor-certs';
import { type Cli, type Command, json } from '../command.js';
import { type ExitCode, exit } from '../failure.js';
import { clean } from '../output.js';
import { Progress } from '../progress.js';

export const doctor: Command = {
  name: 'doctor',
  group: 'Tools',
  summary: 'find out how the service is to be read, without changing anything',
  details:
    'Makes reading calls, well below the limit, and says which readings of docs/contract.md hold: base path, token, pages, sort, ' +
    'dates, errors, undocumented fields. It says before the first call what it will do. No value of the account is in ' +
    'what it prints: send the JSON to the maintainers.',
  options: [json],
  account: true,
  examples: [
    ['doctor', 'as text'],
    ['doctor --json > diagnosis.json', 'to send to the maintainers'],
  ],
  async run(cli) {
    const client = await cli.client();
    const progress = new Progress(cli.terminal);
    client.on('request', ({ method, url }) => progress.show(`${method} ${url}`));
    const diagnosis = await client.diagnose({
      onPlan: (steps) =>
        cli.out.note(['What it will do, and nothing else:', ...steps.map((step) => `  ${step}`)].join('\n')),
    });
    progress.end();
    if (cli.isJson) cli.out.json(diagnosis);
    else print(cli, diagnosis);
    return exitCodeOf(diagnosis);
  },
};

function exitCodeOf({ service }: Diagnosis): ExitCode {
  if (service.certs.status === 200) return exit.ok;
  const refused = [service.auth.status, service.certs.status].some((status) => status === 401 || status === 403);
  return refused ? exit.access : exit.unavailable;
}

const words: Readonly<Record<DiagnosedReading['state'], string>> = {
  holds: 'holds',
  open: 'cannot be told apart',
  unlike: 'unlike all that are known',
  unseen: 'not seen',
};

function print({ out }: Cli, { service, token, calls, readings, undocumented, limitHeaders }: Diagnosis): void {
  const answered = (part: { path: string; status?: number }) => `${part.path}, ${part.status ?? 'no reply'}`;
  const heading = (text: string) => out.print(`\n${out.paint('bold', text)}`);
  out.fields([
    ['host', service.isUsualHost ? 'that of the guide' : 'another than that of the guide'],
    ['certificate service', answered(service.certs)],
    ['authentication service', answered(service.auth)],
    [
      'token',
      token &&
        [token.form, token.lifeSeconds && `${token.lifeSeconds} s`, token.claims.join(' ')].filter(Boolean).join(', '),
    ],
    ['calls', calls.length],
  ]);
  heading('Readings');
  out.table(
    ['READING', 'STATE', 'VALUE'],
    readings.map(({ name, state, values, note }) => [name, words[state], note ?? values.join(' or ')]),
  );
  heading('Undocumented');
  const all = [...undocumented.fields, ...undocumented.values];
  out.print(all.length === 0 ? 'nothing' : all.map(clean).join('\n'));
  heading('Headers of the limit');
  const headers = Object.entries(limitHeaders).map(([name, value]) => `${clean(name)}: ${clean(value)}`);
  out.print(headers.length === 0 ? 'none' : headers.join('\n'));
}
