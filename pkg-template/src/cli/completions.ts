/** Completions of the shells, made from the table of commands. */
import type { Command } from './command.js';
import { optionsOf } from './program.js';

export const shells = ['bash', 'zsh', 'fish'] as const;

const program = 'markmonitor-certs';
const functionName = '_markmonitor_certs';

/** What can be typed behind the words of a command. */
interface Context {
  /** `contacts create`; empty at the start. */
  readonly path: string;
  readonly subcommands: readonly Word[];
  readonly options: readonly Choice[];
  /** What its first argument can be, if only some words can. */
  readonly values: readonly string[];
  readonly takesFiles: boolean;
}

interface Word {
  readonly word: string;
  readonly what: string;
}

interface Choice extends Word {
  /** What kind of value it takes; absent where it takes none. */
  readonly takes?: 'file' | 'other' | undefined;
  readonly values: readonly string[];
}

/** What values are called that files, folders and programs are. */
const files = ['file', 'dir', 'command'];

/** The script for a shell. */
export function completions(shell: (typeof shells)[number], commands: readonly Command[]): string {
  const contexts = contextsOf(commands);
  return { bash, zsh, fish }[shell](contexts);
}

function contextsOf(commands: readonly Command[]): Context[] {
  const below = (path: string) =>
    commands
      .filter(({ name }) => (path === '' ? !name.includes(' ') : name.startsWith(`${path} `)))
      .map(({ name, summary }) => ({ word: name.split(' ').at(-1) ?? name, what: summary }));
  const root: Context = {
    ...{
      path: '',
      subcommands: [...below(''), { word: 'help', what: 'help for a command' }],
      values: [],
      takesFiles: false,
    },
    options: [
      { word: '--help', what: 'help', values: [] },
      { word: '--version', what: 'print the version', values: [] },
    ],
  };
  const others = commands.map((command): Context => {
    const given = command.arguments ?? [];
    const options = optionsOf(command).map(({ flags, description, choices = [] }): Choice => {
      const word = /--[\w-]+/.exec(flags)?.[0] ?? flags;
      const [, value] = /<(.*)>/.exec(flags) ?? [];
      const kind = value !== undefined && files.includes(value) ? 'file' : 'other';
      return { word, what: description, values: choices, takes: value === undefined ? undefined : kind };
    });
    return {
      path: command.name,
      subcommands: below(command.name),
      options: [...options, { word: '--help', what: 'help', values: [] }],
      values: given[0]?.choices ?? [],
      takesFiles: given.some(({ name }) => name === 'file'),
    };
  });
  return [root, ...others];
}

/** The options that take a value of this kind, and not one of some words. */
const taking = (options: readonly Choice[], kind: Choice['takes']) =>
  options.filter(({ takes, values }) => takes === kind && values.length === 0).map(({ word }) => word);

const paths = (contexts: readonly Context[]) => contexts.map(({ path }) => path).filter((path) => path !== '');
const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

function bash(contexts: readonly Context[]): string {
  const list = (words: readonly string[]) => quoted(words.join('\n'));
  const cases = contexts.map(({ path, subcommands, options, values, takesFiles }) => {
    const words = list([...subcommands.map(({ word }) => word), ...values]);
    const names = list(options.map(({ word }) => word));
    const choices = options
      .filter(({ values }) => values.length > 0)
      .map(({ word, values }) => `        ${word}) COMPREPLY=($(compgen -W ${list(values)} -- "$word")); return ;;`);
    const [files, others] = [taking(options, 'file'), taking(options, 'other')];
    return [
      `    ${quoted(path)})`,
      '      case "$before" in',
      ...choices,
      ...(files.length === 0 ? [] : [`        ${files.join('|')}) ${functionName}_files; return ;;`]),
      ...(others.length === 0 ? [] : [`        ${others.join('|')}) return ;;`]),
      '      esac',
      `      if [[ "$word" == -* ]]; then COMPREPLY=($(compgen -W ${names} -- "$word"))`,
      `      else ${takesFiles ? `${functionName}_files; ` : ''}COMPREPLY+=($(compgen -W ${words} -- "$word")); fi ;;`,
    ].join('\n');
  });
  return `# bash completion of ${program}
${functionName}_files() {
  # Bash 3 has no compopt.
  compopt -o filenames 2> /dev/null
  COMPREPLY=($(compgen -f -- "$word"))
}
${functionName}_at() {
  local IFS=$'\\n'
  case "$path" in
${cases.join('\n')}
  esac
}
${functionName}() {
  local word before path='' next i begun
  local -a words=()
  # Of one word, such as --key=rsa:3072, bash makes several.
  for ((i = 0; i <= COMP_CWORD; i++)); do
    if ((i > 1)) && [[ "\${COMP_WORDS[i]}" == [:=]* || "\${COMP_WORDS[i-1]}" == *[:=] ]]; then
      words[\${#words[@]}-1]+="\${COMP_WORDS[i]}"
    else words+=("\${COMP_WORDS[i]}"); fi
  done
  word="\${words[\${#words[@]}-1]}" before="\${words[\${#words[@]}-2]}"
  if [[ "$word" == --*=* ]]; then before="\${word%%=*}" word="\${word#*=}"; fi
  COMPREPLY=()
  for ((i = 1; i < \${#words[@]} - 1; i++)); do
    next="\${path:+$path }\${words[i]}"
    case "$next" in ${paths(contexts).map(quoted).join('|')}) path="$next" ;; esac
  done
  ${functionName}_at
  # It puts what is chosen behind the last colon.
  begun="\${word%"\${word##*:}"}"
  if [[ "$COMP_WORDBREAKS" == *:* ]]; then COMPREPLY=("\${COMPREPLY[@]#"$begun"}"); fi
}
complete -F ${functionName} ${program}`;
}

function zsh(contexts: readonly Context[]): string {
  const described = ({ word, what }: Word) => quoted(`${word}:${what.replaceAll(':', '\\:')}`);
  const cases = contexts.map(({ path, subcommands, options, values, takesFiles }) => {
    const words = [...subcommands, ...values.map((word) => ({ word, what: word }))];
    const choices = options
      .filter(({ values }) => values.length > 0)
      .map(({ word, values }) => `        ${word}) compadd -- ${values.map(quoted).join(' ')}; return ;;`);
    const [files, others] = [taking(options, 'file'), taking(options, 'other')];
    return [
      `    ${quoted(path)})`,
      '      case "$before" in',
      ...choices,
      ...(files.length === 0 ? [] : [`        ${files.join('|')}) _files; return ;;`]),
      ...(others.length === 0 ? [] : [`        ${others.join('|')}) return ;;`]),
      '      esac',
      '      if [[ "$word" == -* ]]; then',
      `        choices=(${options.map(described).join(' ')}); _describe -o option choices`,
      '      else',
      `        choices=(${words.map(described).join(' ')}); (( $#choices )) && _describe command choices`,
      ...(takesFiles ? ['        _files'] : []),
      '      fi ;;',
    ].join('\n');
  });
  return `#compdef ${program}
${functionName}() {
  local word="\${words[CURRENT]}" before="\${words[CURRENT-1]}" path_='' next i
  local -a choices
  if [[ "$word" == --*=* ]]; then before="\${word%%=*}" word="\${word#*=}"; compset -P '*='; fi
  for ((i = 2; i < CURRENT; i++)); do
    next="\${path_:+$path_ }\${words[i]}"
    case "$next" in (${paths(contexts).map(quoted).join('|')}) path_="$next" ;; esac
  done
  case "$path_" in
${cases.join('\n')}
  esac
}
if [[ "\${funcstack[1]}" == '_${program}' ]]; then ${functionName} "$@"; else compdef ${functionName} ${program}; fi`;
}

function fish(contexts: readonly Context[]): string {
  const fishQuoted = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  const lines = contexts.flatMap(({ path, subcommands, options, values, takesFiles }) => {
    const head = `complete -c ${program} -n ${fishQuoted(`__markmonitor_certs_at ${fishQuoted(path)}`)}`;
    const words = [...subcommands, ...values.map((word) => ({ word, what: '' }))];
    return [
      ...(takesFiles ? [`${head} -F`] : []),
      ...words.map(({ word, what }) => `${head} -a ${fishQuoted(word)}${what && ` -d ${fishQuoted(what)}`}`),
      ...options.map(({ word, what, takes, values }) => {
        const kind = takes === 'file' ? ' -rF' : takes === 'other' ? ' -x' : '';
        const value = values.length > 0 ? ` -xa ${fishQuoted(values.join(' '))}` : kind;
        return `${head} -l ${word.slice(2)} -d ${fishQuoted(what)}${value}`;
      }),
    ];
  });
  return `# fish completion of ${program}
function __markmonitor_certs_at
  set -l path
  for word in (commandline -opc)[2..]
    set -l next (string join -- ' ' $path $word)
    if contains -- $next ${paths(contexts).map(fishQuoted).join(' ')}
      set path $next
    end
  end
  test "$path" = "$argv[1]"
end
complete -c ${program} -f
${lines.join('\n')}`;
}
