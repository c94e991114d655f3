/** From the table of commands to a parser: what commander knows is in this file alone. */
import { Argument, CommanderError, Command as Parser, Option as ParserOption } from 'commander';
import { version } from 'markmonitor-certs';
import { account, openClient } from './account.js';
import { type Cli, type Command, json, type Option, yes } from './command.js';
import { confirm } from './confirm.js';
import { exit, Failure, fine, reportOf } from './failure.js';
import { Output } from './output.js';
import { Terminal } from './terminal.js';

const program = 'markmonitor-certs';

/** Every option of a command, its own first. */
export function optionsOf(command: Command): Option[] {
  return [
    ...(command.options ?? []),
    ...(command.asks ? [yes] : []),
    ...(command.account ? Object.values(account) : []),
  ];
}

/** Runs a command line; returns the exit code. */
export async function run(commands: readonly Command[], words: readonly string[]): Promise<number> {
  const terminal = new Terminal();
  const out = new Output(terminal);
  let exitCode: number = exit.ok;
  const root = parserOf(commands, async (command, cli) => {
    exitCode = (await command.run(cli({ terminal, out }))) ?? exit.ok;
  });
  try {
    await root.parseAsync(understood(commands, words), { from: 'user' });
  } catch (error) {
    exitCode = fail(error, out, words.includes('--json'), flagsOf(commands, words));
  }
  const isWritten = await out.flushed();
  return fine.includes(exitCode) && !isWritten ? exit.unwritten : exitCode;
}

/** Help for what is no command would be that for all of them: it is refused like the command itself. */
function understood(commands: readonly Command[], words: readonly string[]): readonly string[] {
  const [first = '', ...rest] = words;
  const [asked = ''] = first === 'help' ? rest : [first];
  const isCommand = commands.some(({ name }) => name.split(' ')[0] === asked);
  if (asked === '' || asked === 'help' || asked.startsWith('-') || isCommand) return words;
  return [asked];
}

/** The options without a value of the command that is called. */
function flagsOf(commands: readonly Command[], words: readonly string[]): readonly string[] {
  const called = commands.filter(({ name }) => `${words.join(' ')} `.startsWith(`${name} `));
  return called.flatMap(optionsOf).flatMap(({ flags }) => (flags.includes('<') ? [] : flags.split(', ')));
}

function fail(error: unknown, out: Output, isJson: boolean, flags: readonly string[]): number {
  // Help and version were printed; without a command help was, too.
  if (error instanceof CommanderError && error.exitCode === 0) return exit.ok;
  if (error instanceof CommanderError && error.code === 'commander.help') return exit.usage;
  const reason = error instanceof CommanderError ? new Failure(exit.usage, sentenceOf(error, flags)) : error;
  const { exitCode, message, findings, problems, json } = reportOf(reason);
  if (isJson) out.note(JSON.stringify({ error: json, exitCode }));
  else out.failure(message, findings, problems);
  if (exitCode === exit.internal && !isJson && error instanceof Error) out.note(error.stack ?? '');
  return exitCode;
}

/** What is wrong with the command line. Nothing of a value is repeated, for somebody may have typed a secret. */
function sentenceOf({ message }: CommanderError, flags: readonly string[]): string {
  const [, name = ''] = /unknown option '([^'=\s]*)/.exec(message) ?? [];
  if (/^--?(api-?key|key|password|passphrase|token|secret)$/i.test(name)) {
    return `Secrets are never arguments, which other users of this machine can see: set MARKMONITOR_API_KEY and its like, or name a file (${name}-file).`;
  }
  if (flags.includes(name)) return `${name} takes no value.`;
  return message.replace(/^error: /, '').replace(/(unknown option '[^'=\s]*)[^']*/, '$1');
}

type Parts = Pick<Cli, 'terminal' | 'out'>;

function parserOf(
  commands: readonly Command[],
  run: (command: Command, cli: (parts: Parts) => Cli) => Promise<void>,
): Parser {
  const root = new Parser(program)
    .description('Certificates of the Markmonitor SSL Certs API, and CSRs and certificates on this machine.')
    .version(version, '-V, --version', 'print the version')
    .commandsGroup('Tools:')
    .helpCommand('help [command]', 'explain a command')
    .helpOption('-h, --help', 'help')
    .configureHelp({ subcommandTerm: termOf })
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ outputError: () => {} })
    .addHelpText('after', start);
  const parents = new Map<string, Parser>();
  for (const command of commands) {
    const [first = '', second] = command.name.split(' ');
    const parser = (second === undefined ? root : (parents.get(first) ?? root)).command(second ?? first);
    if (second === undefined) parents.set(first, parser);
    describe(parser, command);
    parser.action((...given) => run(command, (parts) => cliOf(command, given, parts)));
  }
  return root;
}

/** A command in the list of them, with those that are below it. */
function termOf(parser: Parser): string {
  const below = parser.commands.map((command) => command.name());
  return below.length === 0 ? parser.name() : `${parser.name()} [${below.join('|')}]`;
}

function describe(parser: Parser, command: Command): void {
  parser
    .description([command.summary, command.details].filter(Boolean).join('\n\n'))
    .summary(command.summary)
    .helpGroup(`${command.group}:`)
    .helpOption('-h, --help', 'help')
    .helpCommand(false)
    .enablePositionalOptions()
    .addHelpText('after', examplesOf(command));
  for (const { name, description, optional, many, choices } of command.arguments ?? []) {
    const word = `${name}${many ? '...' : ''}`;
    const argument = new Argument(optional ? `[${word}]` : `<${word}>`, description);
    parser.addArgument(choices ? argument.choices(choices) : argument);
  }
  for (const option of optionsOf(command)) {
    const made = new ParserOption(option.flags, option.description);
    const read = option.parse && named(option.parse, option.flags);
    if (option.many) made.argParser((text: string, before: unknown[] = []) => [...before, read ? read(text) : text]);
    else if (read) made.argParser(read);
    parser.addOption(made);
  }
}

/** A wrong value is told with the option's name. */
const named = (parse: (text: string) => unknown, flags: string) => (text: string) => {
  try {
    return parse(text);
  } catch (error) {
    throw error instanceof Failure ? new Failure(error.exitCode, `${flags}: ${error.message}`) : error;
  }
};

function examplesOf({ examples }: Command): string {
  const lines = examples.flatMap(([line, what]) => [`  # ${what}`, `  ${program} ${line}`]);
  return `\n${['Examples:', ...lines].join('\n')}`;
}

const start = `
To begin:
  ${program} inspect example.com.csr
  ${program} create example.com www.example.com --organization "Example Inc." --country US
  ${program} sandbox --demo     # the service on this machine, to try the rest with

Who calls is in the environment: MARKMONITOR_API_KEY, MARKMONITOR_USERNAME, MARKMONITOR_PASSWORD; where, if it is not
the usual place, MARKMONITOR_BASE_URL. Proxies: HTTPS_PROXY, NO_PROXY, NODE_EXTRA_CA_CERTS. No colour: NO_COLOR.

Exit codes: 0 done, 1 findings, 2 wrong command line, 3 not confirmed, 4 refused, 5 no access, 6 service not reached,
7 outcome unknown, 8 what was waited for did not come, 9 output not written, 10 to 14 what comes of renew, 70 a bug in
this program, 130 Ctrl-C.`;

/** What commander calls the value of an option. */
const nameOf = (option: Option) => new ParserOption(option.flags).attributeName();

function cliOf(command: Command, given: readonly unknown[], parts: Parts): Cli {
  const parser = given.at(-1) as Parser;
  const values = parser.opts() as Record<string, unknown>;
  const at = (name: string) => given[(command.arguments ?? []).findIndex((argument) => argument.name === name)];
  const get = <T>(option: Option<T>) => values[nameOf(option)] as T | undefined;
  return {
    ...parts,
    get,
    argument: (name) => (at(name) as string | undefined) ?? '',
    rest: (name) => (at(name) as string[] | undefined) ?? [],
    isJson: get(json) ?? false,
    client: () => openClient({ get, terminal: parts.terminal }),
    confirm: async (question) => (get(yes) ? undefined : await confirm(parts.terminal, question)),
  };
}
