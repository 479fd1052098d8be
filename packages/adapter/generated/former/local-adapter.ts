import { type Behaviour, better, leftOut, same } from "./verdicts.ts";

/** Of `@paperclipai/adapter-claude-local` 2026.916.1, its command-line engine. */
export const ofTheLocalAdapter: readonly Behaviour[] = [
  leftOut(
    "ACP engine, its modes and `agentCommand`",
    "A session server inside a pod would not outlive its connection. `agentCommand` is warned of.",
  ),
  same(
    "Prompt, in order and by the same functions",
    "The same text, held against a recording of the local adapter.",
  ),
  same("Arguments of the command line", "The same order; `--max-budget-usd` beside them."),
  leftOut(
    "A default model (`claude-opus-5`) where none is set",
    "Claude Code chooses, which knows its account and provider; the operator may set `defaults.model`.",
  ),
  same("Bedrock gets no model name of Anthropic's API", "The same."),
  leftOut(
    "`--effort` only where a probe of the command line knows it",
    "It would take a pod of its own to ask; a version that does not know the option ends the run as `claude_start_failed`, before it costs anything.",
  ),
  leftOut("`command`, `chrome`", "They mean the server's machine; a warning says what to do instead."),
  leftOut(
    "`filesystemScope`, `networkScope` (Bubblewrap)",
    "The pod is the fence around files, a NetworkPolicy around the network; a warning says so.",
  ),
  same(
    "`extraArgs`, `maxTurnsPerRun`, `promptTemplate`, `timeoutSec`, `graceSec`",
    "The same; some arguments need the operator's word, as agents write settings too.",
  ),
  better(
    "`--allowedTools` with a fixed list where root may not skip permissions",
    "The pod is no root. Where prompts are not skipped, `allowedTools` and `disallowedTools` say what may be used.",
  ),
  same("`dangerouslySkipPermissions`, true when not set", "The same, in a pod that is no root."),
  better(
    "`env`, with secrets resolved by Paperclip",
    "In a Secret; one that could not be resolved ends the run and is named.",
  ),
  same("Paperclip's variables, token and scratch folders", "The same, with the pod's paths."),
  leftOut("`ANTHROPIC_CUSTOM_HEADERS` with the agent's id", "Paperclip stamps it for its own adapter only."),
  better("The server's own environment in the agent's process", "Nothing of it reaches the pod."),
  same(
    "Connection tools as an MCP server with a token",
    "In a file of the run; a loopback address is replaced by `paperclipApiUrl`.",
  ),
  same(
    "Skills given to the run only",
    "The same; more than 480 files or 8 MiB end the run before it begins.",
  ),
  same("The list of skills that the company has and the agent does not, told to the model", "The same."),
  same(
    "Instructions' directory told to the model, so that sibling files are found",
    "The same; the files travel along.",
  ),
  same(
    "Resumed only with a UUID, the same folder, instructions, skills and MCP servers",
    "The same, and with the same model and major version.",
  ),
  same(
    "An unknown session: begun afresh within the run",
    "The same, also where the command exits with 0 and an error.",
  ),
  same(
    "A poisoned message id or an image that cannot be read: begun afresh within the run",
    "The same, for every stored conversation that the API refuses, unless a tool has run.",
  ),
  same(
    "Refusal, turn limit, login, model, quota with its time: codes and families of their own",
    "The same codes; more of them.",
  ),
  same("Transient trouble is tried again by Paperclip", "The same; what is certain to fail again is not."),
  same("A success is a success whatever the exit code", "The same."),
  same("Usage by model, sub-agents included, for this run alone", "The same."),
  same("`billingType` and `biller` by credential and provider", "The same."),
  better(
    "Five seconds for the process after its result",
    "30 (`lingerSec`), longer while a background task is open.",
  ),
  same(
    "`onLog`, `onMeta`, `onEvent`, progress",
    "The same; one that throws or never answers changes no ending.",
  ),
  leftOut(
    "`onSpawn` with a process id",
    "The id would be one of the server's machine, and Paperclip would kill it.",
  ),
  same(
    "Stopped by the host's signal, answered with an acknowledgement",
    "Acknowledged only when no process runs any more.",
  ),
  same(
    "Models listed, and fetched with an API key",
    "The same, for Bedrock and Vertex AI too; a key goes only to the address that came with it.",
  ),
  better("Quota windows by the server's own login", "By the operator's token, and by what runs were told."),
  leftOut(
    "Login by `claude setup-token` from the page",
    "Paperclip offers it for its own adapter only; put the token into `env` as a secret.",
  ),
  leftOut(
    "Sandbox and SSH targets",
    "Paperclip gives them to its own adapters only; the pod is the sandbox.",
  ),
  better(
    "Work in a git worktree of the server",
    "The same folder where the pod can mount it, else a copy that comes back, else a volume of the agent's own.",
  ),
  leftOut(
    "Test: a hello to the model by the local command line",
    "It would cost a pod for each click; `testRun` does it where it is wanted.",
  ),
  same(
    "Restart of the server: tried again by Paperclip after half a minute",
    "The run goes on in its pod; the next server takes it over, output whole.",
  ),
];
