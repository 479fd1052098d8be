import type { Entries } from "./entry.ts";

// What the system refused when a file or a process was to be made. Each has a name: a list that is spread stays in every bundle.
const unwritable = {
  when: "unwritable",
  text: "Make the named path writable for the user that the pod runs as: mount a volume there ({setting:podTemplate}), or let `HOME` or `CLAUDE_CONFIG_DIR` in {setting:env} name a folder that is.",
} as const;
const watches = {
  when: "watches",
  text: "Raise `fs.inotify.max_user_watches` and `fs.inotify.max_user_instances` on the nodes: all pods of a node share them, and no disk is full.",
} as const;
const descriptors = {
  when: "descriptors",
  text: "Raise the limit of open files for containers (`LimitNOFILE` of the node's container runtime).",
} as const;
const threads = {
  when: "threads",
  text: "Raise the limit of processes for pods (the kubelet's `podPidsLimit`).",
} as const;
const disk = {
  when: "disk",
  text: "Give the pod more room: the limit of `ephemeral-storage`, or the volume's `sizeLimit`, in {setting:podTemplate}; a shared volume may be full.",
} as const;

/** What happened to Claude Code itself. */
export const claudeProcess = {
  session_unavailable: {
    title: "The session to continue does not exist",
    when: "The session asked for does not exist, or its id is not valid.",
    family: null,
    familyNote: "one fresh retry inside the run",
    bootstrap: false,
    session: "clear",
    fix: [
      "Run again with a new session.",
      "To keep sessions over runs, keep {setting:homeDirectory} on a volume that outlives the pod ({setting:podTemplate}).",
    ],
  },
  claude_session_in_use: {
    title: "Another process uses this session",
    when: '"Session ID … is already in use".',
    family: null,
    bootstrap: false,
    session: "keep",
    fix: [
      "Wait for the other run, or continue the session with `--resume` instead of giving its id anew.",
      "Look for it: `kubectl get jobs -n {namespace}`.",
    ],
  },
  claude_interrupted: {
    title: "Claude was interrupted",
    when: "`error_during_execution` with an `aborted_*` reason, and nobody of ours asked.",
    family: null,
    bootstrap: false,
    session: "keep",
    fix: [
      "Run again to continue the session. If nobody interrupted it, look for who signals processes in the pod.",
    ],
  },
  claude_start_failed: {
    title: "Claude Code refused to start",
    when: "Settings, MCP configuration, an option, the proxy, the working directory, or root: no `init`, and a line of error or a `startup_failure_reason`.",
    family: null,
    bootstrap: true,
    session: "keep",
    fix: [
      unwritable,
      watches,
      descriptors,
      threads,
      disk,
      "Correct what the error names. Options come from {setting:extraArgs}, variables from {setting:env}.",
      "Options that this release does not know need another release of Claude Code in {setting:image}.",
    ],
  },
  claude_init_failed: {
    title: "Claude Code ended right after its start",
    when: "A non-zero exit after `init`, no content, no result, no signal.",
    family: null,
    bootstrap: false,
    session: "keep",
    fix: [
      unwritable,
      watches,
      descriptors,
      threads,
      disk,
      "Read the last lines. If they say nothing, run once with `--debug` in {setting:extraArgs}.",
      "Check that {setting:model} exists for this account.",
    ],
  },
  claude_crashed: {
    title: "Claude Code itself crashed",
    when: "The process failed by itself: the limit of its heap, or SIGILL, SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGTRAP (exit 132 to 136, 139), or its runtime says so, without a result. Bootstrap where no frame came.",
    family: null,
    bootstrap: false,
    session: "keep",
    fix: [
      {
        when: "heap",
        text: "Give it a larger heap and the memory for it: `NODE_OPTIONS=--max-old-space-size=MIB` in {setting:env}, and raise {setting:resources.limits.memory}. Or begin a new session: a long one is held in memory whole.",
      },
      {
        when: "cpu",
        text: "Run on nodes whose processor has what this build needs, mostly AVX ({setting:nodeSelector}; on virtual machines the CPU model `host`), or use an image with a release of Claude Code that runs on Node ({setting:image}).",
      },
      {
        when: "threads",
        text: "Raise the limit of processes for pods (the kubelet's `podPidsLimit`), or let the agent start fewer at once. If it fails at once on one node: its container runtime is too old for the image.",
      },
      {
        when: "seccomp",
        text: "Let `securityContext.seccompProfile` in {setting:podTemplate} be `RuntimeDefault`, and the node's container runtime a recent one: its profile forbids what the image's programs call.",
      },
      {
        when: "fault",
        text: "Run again; the session can be continued. If it repeats, use another release of Claude Code in {setting:image}, and report the words of the crash to its maker.",
      },
      "Read the words of the crash in the evidence.",
    ],
  },
  claude_killed: {
    title: "Claude Code was killed before an answer",
    when: "Ended by a signal (exit 128+n, or signal) before any content, without a result, and the cluster gives no cause.",
    family: null,
    bootstrap: false,
    session: "keep",
    fix: [
      {
        when: "probe",
        text: "Take the probe out of {setting:podTemplate}, or give it more time: an agent answers no probe while it works.",
      },
      "Run again; the session can be continued.",
      "Find out who sent the signal: `kubectl describe pod {pod} -n {namespace}`, `kubectl get events -n {namespace}`.",
      {
        when: "sigkill",
        text: "SIGKILL is mostly the kernel's answer to a lack of memory: raise {setting:resources.limits.memory}.",
      },
    ],
  },
  claude_truncated: {
    title: "Claude's work was cut off",
    when: "Content, no result, and a non-zero exit or a signal; the cluster gives no better cause.",
    family: null,
    bootstrap: false,
    session: "keep",
    fix: [
      unwritable,
      watches,
      descriptors,
      threads,
      disk,
      {
        when: "probe",
        text: "Take the probe out of {setting:podTemplate}, or give it more time: an agent answers no probe while it works.",
      },
      "Run again to continue the session; check first what the cut-off work has changed already.",
      {
        when: "sigkill",
        text: "SIGKILL is mostly the kernel's answer to a lack of memory: raise {setting:resources.limits.memory}.",
      },
      "Find out who ended it: `kubectl describe pod {pod} -n {namespace}`, `kubectl get events -n {namespace}`.",
    ],
  },
  claude_output_lost: {
    title: "The result of the run is missing",
    when: "Exit 0 and no result.",
    family: null,
    bootstrap: false,
    session: "keep",
    fix: [
      "Continue the session and ask for the result again: the work itself may be done.",
      "Whatever reads Claude's output in the image must not stop reading: run `claude` as the container's own process.",
    ],
  },
  claude_failed: {
    title: "The run failed for an unknown cause",
    when: "A failed result, or an ending, that nothing else names.",
    family: null,
    bootstrap: false,
    session: "keep",
    fix: [
      unwritable,
      watches,
      descriptors,
      threads,
      disk,
      {
        when: "format",
        text: "Run `claude -p` with `--output-format stream-json --verbose`. To explain a saved log, save it as it was written: without time stamps or prefixes, one frame a line.",
      },
      { when: "running", text: "Wait for its end, and look then." },
      "Read the evidence: it is everything that is known.",
      "Look at the pod while it is there: `kubectl describe pod {pod} -n {namespace}`, `kubectl logs {pod} -n {namespace}`.",
    ],
  },
} satisfies Entries;
