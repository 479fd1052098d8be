import { type Behaviour, better, leftOut, same } from "./verdicts.ts";

/** Of `paperclip-adapter-claude-k8s` 0.1. */
export const ofTheFormerAdapter: readonly Behaviour[] = [
  // Module
  same(
    "Entries `.`, `./server`, `./ui-parser`, `./cli` of the package, `paperclip.adapterUiParser` 1.0.0",
    "The same; `./cli` prints by `printClaudeStreamEvent`, and nothing in a line can control the terminal.",
  ),
  better(
    "Module: execute, testEnvironment, sessionCodec, sessionManagement, models, listModels, listSkills, syncSkills, getConfigSchema, agentConfigurationDoc",
    "All of them, and `refreshModels`, `detectModel`, `getQuotaWindows`.",
  ),
  same("Flags: run tokens, instructions bundle, no materialised skills", "The same."),
  leftOut("`hasOutOfProcessLiveness`", "No published Paperclip reads it: it was a field of a fork."),
  better(
    "Models: six names, two of which no API has, and Bedrock's by the server's environment",
    "The names of Claude Code 2.1.330 for Anthropic, Bedrock and Vertex AI; Anthropic is asked where there is a key. What pods are given decides, not the server's own environment.",
  ),
  // Own pod
  same(
    "Image taken from the server's own pod",
    "The same where the server runs in the run's cluster and nobody gives an image; the run's notes say so.",
  ),
  better(
    "Pull secrets and DNS configuration taken from the server's own pod",
    "The same, and host aliases, node selector, tolerations, affinity and runtime class; each can be left out (`inherit`), and what a setting says wins.",
  ),
  better(
    "All variables, mounted Secrets and `envFrom` of the server given to every agent",
    "Only those by which the server's pod is known to the model's provider, as references to single keys of their Secrets. The server's own keys stay the server's.",
  ),
  better(
    "The server's `/paperclip` volume mounted as a whole",
    "The part of it that the agent's work is in (`workspaceMode: shared`, `workspaceScope`); without a shared volume a copy of the workspace, or a claim of the agent's own.",
  ),
  better("Namespace of the server's own pod", "The kubeconfig's context first; then the server's own pod."),
  // Job
  better(
    "One Job for each run, named by agent and run",
    "One for each agent and task: its name is the lock, over all servers.",
  ),
  same(
    "Labels for agent, run, company, task and adapter type on Job and pod",
    "The same keys, with values made by the same rule. The session stands in an annotation.",
  ),
  same(
    "Labels of users; reserved ones skipped and reported",
    "The same, with a warning in the run; only what belongs to the run is reserved.",
  ),
  better(
    "Never restarted, `backoffLimit: 0`, time to live, service account, selector, tolerations",
    "The same, and no pod is replaced while it lives; a token of the service account is not mounted.",
  ),
  better("Pod's security: not root, no capabilities", 'Pod Security "restricted", as namespaces enforce it.'),
  better(
    "Deadline by the Job, which deletes the pod and its log",
    "Our own first, gracefully; then the pod's; the Job's last.",
  ),
  better(
    "Prompt by a variable of an init container of busybox, a Secret from 256 KiB on",
    "Always in Secrets that the Job owns, of any size, byte for byte, without another image.",
  ),
  better(
    '`sh -c "cat … | claude"` as the container\'s process',
    "Claude Code itself: it gets the signals, and the exit code is its own.",
  ),
  same(
    "Arguments: print, stream-json, verbose, resume, permissions, model, effort, turns, instructions, bundle, extra arguments",
    "The same, in the same order, with the budget and MCP servers.",
  ),
  better(
    "Requests 1000m and 2Gi, limits 4000m and 8Gi",
    "The same; each can be left out, and a single one that is set is not contradicted by the default of the other.",
  ),
  better("Dotted keys of resources; the object ignored", "Both are read."),
  // Environment
  same(
    "Paperclip's variables of the run, wake, issue, approval, workspace and services",
    "The same, with the pod's paths; a wake too large for a variable travels as a file (`PAPERCLIP_WAKE_PAYLOAD_FILE`).",
  ),
  better(
    "`env` wins over Paperclip's variables",
    "The run's identity, its token and its address cannot be replaced.",
  ),
  same("`AGENT_HOME`", "The agent's folder as the pod has it; not set where the pod has it nowhere."),
  leftOut(
    "`HOME=/paperclip` forced",
    "All agents shared one home there, and each other's sessions and settings. The home is the image's, the workspace's, or `homeDirectory`.",
  ),
  // Prompt
  same(
    "Prompt: bootstrap, wake, handoff, template; the template omitted on a wake of a resumed session",
    "Made by Paperclip's own functions, with the task's text, which 0.1 left out.",
  ),
  same(
    "Instructions with a directive where their sibling files lie",
    "The same; the files beside them travel along.",
  ),
  same("Unreadable instructions are a warning", "The same."),
  better(
    "Skills as links into the shared volume",
    "As files of the run; one that is missing ends the run before it begins (`skill_not_found`).",
  ),
  same("The command, its arguments and notes told by `onMeta`", "The same; what is secret is masked."),
  // Concurrency
  better(
    "One run for each agent, by a list before and a lock in the process",
    "One for each agent and task, by the Job's name; `concurrency: agent` for one of an agent.",
  ),
  better(
    "A live Job of another run is taken over",
    "Only one whose server is gone, by one process, found by its Lease.",
  ),
  same("`reattachOrphanedJobs: false`", "A live Job without a server blocks the next run and is left alone."),
  better(
    "A run that takes over a Job drops its own prompt",
    "It shows the Job's work to its end, then gives its own prompt in the same session, within the same run.",
  ),
  better(
    "A block for good by a Job that is nobody's",
    "A wait, then an ending that is tried again; a dead server's Job makes room.",
  ),
  // Start
  better(
    "120 seconds for node, image and start together",
    "A budget for each, from 15 to 30 minutes, and none for a queue (`queueWaitSec`, `nodeWaitSec`, `imageWaitSec`).",
  ),
  better("Unschedulable and a failed pull are fatal at once", "Only what cannot pass is."),
  better(
    "Lines about the pod's state in the transcript",
    "Between the lines of the output, on each change; as events too.",
  ),
  // Logs
  better(
    "Output followed by the client's log call, doubled lines removed by their ids",
    "Each line once, by its place in the log; nothing is removed for looking alike, and what is lost is told as a gap.",
  ),
  better("At most 50 new connections", "As many as it takes."),
  same("Raw stream-json to the host", "The same, but for the values of secrets."),
  leftOut(
    "A line every 15 seconds that the Job still runs",
    "Paperclip shows silence itself; 2,400 lines a day hid the transcript.",
  ),
  // End
  better(
    "Cancelled by asking the server every 15 seconds",
    "By the host's signal, acknowledged when no process runs.",
  ),
  same(
    "Cancelling by asking the server, where it gives no signal (before 2026.916.1)",
    "The same, by the run's own token; an answer that the server has trouble is no stop.",
  ),
  better("A failed read of the Job ends the run", "An API server that cannot be reached is a wait."),
  better(
    "30 seconds of silence after the log's first end, then the Job is deleted",
    "Pod and Job are read by their ids until they say how it ended.",
  ),
  better(
    "Usage from the result's `usage`",
    "Sub-agents and written caches too; of runs that were stopped as well.",
  ),
  better("Session kept from any frame", "Only one that exists; lost ones are begun afresh within the run."),
  better(
    "The turn limit, an unknown session or a login found by words in the answer",
    "By the stream's own fields first, and by words only where a run has failed.",
  ),
  same(
    "`clearSession` where the session cannot be gone on with",
    "The same; not for a turn limit, whose session is continued.",
  ),
  same(
    "Summary: the result, else the answer's texts",
    "Without those of sub-agents; a failure's cause and what to do where there is none.",
  ),
  better("`billingType` always `api`", "By the credential that the run has."),
  better(
    "Old error codes and their messages",
    "A code for every ending, with cause, evidence and what to do: [from-0.1.md](from-0.1.md).",
  ),
  // Clean-up
  same(
    "The Job removed at the end, unless it is retained",
    "The same; `retain: failed` keeps those of failures. Evidence is read before.",
  ),
  better(
    "Secrets removed by the process that made them",
    "They belong to the Job, and go with it whoever dies. What crashed servers left beside that is named in the log and then removed, where the server has the Role for upkeep.",
  ),
  same(
    "SIGTERM of the server deletes nothing",
    "The same; no signal handler is installed. The next server wakes the agents of runs that go on.",
  ),
  leftOut(
    "RTK: a hook that cuts tool output",
    "It changed the settings of all agents in the shared home and could not change what the model reads.",
  ),
  better(
    "Test: API server, namespace, rights, Secret, claim",
    "What would stop a run: address, image, key, model, rights and the merged pod, asked of the API server itself.",
  ),
  same(
    "Session codec: id and its other spellings",
    "The same; paths of the server are not kept, as Paperclip would read them as its own.",
  ),
  better(
    "UI parser: init, texts, thinking, tools, results",
    "One CommonJS file, as Paperclip's page needs it; hooks, limits, tasks and compactions are drawn, and a sub-agent's words are told apart.",
  ),
  same("CLI: coloured lines of a run", "The same by `./cli`, and `claude-k8s` beside it."),
];
