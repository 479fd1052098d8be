import type { Command, Option } from "commander";

import { UsageError, exitCodes } from "../exit-codes.ts";
import type { Streams } from "../streams.ts";

interface Described {
  readonly name: string;
  readonly description: string;
}

interface CompletedCommand extends Described {
  readonly options: readonly (Described & {
    readonly flags: readonly string[];
    readonly choices: readonly string[];
  })[];
  /** Takes the name of a Job. */
  readonly takesJob: boolean;
}

/** `completion`: a script for a shell, made from the commands themselves. Names of Jobs come from `list -o name`. */
export async function completionCommand(
  { output }: Streams,
  shell: string,
  program: Command,
): Promise<number> {
  const commands = program.commands.map((command): CompletedCommand => ({
    name: command.name(),
    description: command.description(),
    options: [...command.options, ...program.options].filter(({ hidden }) => !hidden).map(described),
    takesJob: command.registeredArguments.some((argument) => argument.name().startsWith("job")),
  }));
  const script = { bash, zsh, fish }[shell];
  if (script === undefined)
    throw new UsageError(`completion is there for bash, zsh and fish, not for ${shell}`);
  output.write(script(commands));
  return exitCodes.success;
}

function described({ short, long, description, argChoices }: Option) {
  return {
    name: long ?? short ?? "",
    description,
    flags: [short, long].filter((flag) => flag !== undefined),
    choices: argChoices ?? [],
  };
}

const jobs = "claude-k8s list -o name 2>/dev/null";

function bash(commands: readonly CompletedCommand[]): string {
  const cases = commands.map(({ name, options, takesJob }) => {
    const flags = options.flatMap((option) => option.flags).join(" ");
    const choices = options
      .filter((option) => option.choices.length > 0)
      .map(
        (option) =>
          `        ${option.flags.join("|")}) COMPREPLY=($(compgen -W "${option.choices.join(" ")}" -- "$word")); return ;;`,
      );
    return [
      `    ${name})`,
      ...(choices.length === 0 ? [] : ['      case "$before" in', ...choices, "      esac"]),
      `      words="${flags}"`,
      ...(takesJob ? [`      [[ "$word" == -* ]] || words="$(${jobs} | sed 's#^job/##')"`] : []),
      "      ;;",
    ].join("\n");
  });
  return `# bash completion of claude-k8s
_claude_k8s() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" command="" words="" each
  for each in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$each" in ${commands.map(({ name }) => name).join("|")}) command="$each"; break ;; esac
  done
  case "$command" in
    "") words="${commands.map(({ name }) => name).join(" ")} --help --version" ;;
${cases.join("\n")}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o default -F _claude_k8s claude-k8s
`;
}

function zsh(commands: readonly CompletedCommand[]): string {
  const quote = (text: string): string =>
    text.replaceAll("'", String.raw`'\''`).replaceAll(/[[\]:]/g, String.raw`\$&`);
  const cases = commands.map(({ name, options, takesJob }) => {
    const specs = options.flatMap(({ flags, description, choices }) =>
      flags.map(
        (flag) =>
          `'${flag}[${quote(description)}]${choices.length === 0 ? "" : `:value:(${choices.join(" ")})`}'`,
      ),
    );
    const rest = takesJob ? `'*:job:{ compadd -- $(${jobs} | sed "s#^job/##") }'` : "'*:file:_files'";
    return `    ${name}) _arguments ${[...specs, rest].join(" \\\n      ")} ;;`;
  });
  return `#compdef claude-k8s
_claude-k8s() {
  local -a commands
  commands=(
${commands.map(({ name, description }) => `    '${name}:${quote(description)}'`).join("\n")}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command="\${words[2]}"
  shift words
  (( CURRENT-- ))
  case "$command" in
${cases.join("\n")}
  esac
}
compdef _claude-k8s claude-k8s
`;
}

function fish(commands: readonly CompletedCommand[]): string {
  const quote = (text: string): string =>
    `'${text.replaceAll("\\", "\\\\").replaceAll("'", String.raw`\'`)}'`;
  const all = commands.map(({ name }) => name).join(" ");
  const lines = commands.flatMap(({ name, description, options, takesJob }) => [
    `complete -c claude-k8s -n "not __fish_seen_subcommand_from ${all}" -f -a ${name} -d ${quote(description)}`,
    ...options.map(({ flags, description: words, choices }) => {
      const named = flags
        .map((flag) => (flag.startsWith("--") ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`))
        .join(" ");
      const values = choices.length === 0 ? "" : ` -x -a ${quote(choices.join(" "))}`;
      return `complete -c claude-k8s -n "__fish_seen_subcommand_from ${name}" ${named}${values} -d ${quote(words)}`;
    }),
    ...(takesJob
      ? [
          `complete -c claude-k8s -n "__fish_seen_subcommand_from ${name}" -f -a "(${jobs} | string replace job/ '')"`,
        ]
      : []),
  ]);
  return `# fish completion of claude-k8s\n${lines.join("\n")}\n`;
}
