import type { NoteCode } from "../codes.ts";

export interface NoteEntry {
  readonly code: NoteCode;
  /** When it is told. */
  readonly when: string;
}

/** Notes stand beside an ending, most of them beside a success: true, worth knowing, and not the ending itself. */
export const noteCatalog: readonly NoteEntry[] = [
  {
    code: "child_oom_killed",
    when: "The container's reason is `OOMKilled`, but its main process went on: a child was killed for memory.",
  },
  { code: "empty_result", when: "Claude worked, but its last answer is empty." },
  { code: "hook_stopped", when: "A hook stopped the run." },
  { code: "prompt_blocked_by_hook", when: "A hook blocked the prompt; the model never saw it." },
  {
    code: "structured_output_missing",
    when: "A schema for the answer was given, but the result has no structured output.",
  },
  { code: "permission_denied", when: "Claude was refused the use of a tool, with the count and the tools." },
  {
    code: "session_not_saved",
    when: "The session could not be written (disk full or over quota): it may not be resumable.",
  },
  { code: "mcp_server_failed", when: "An MCP server did not connect." },
  {
    code: "log_gap",
    when: "A stretch of output can no longer be had, or that it came whole could not be shown.",
  },
  {
    code: "workspace_not_returned",
    when: "Files that the agent changed did not come back from its pod.",
  },
  {
    code: "workspace_conflict",
    when: "Files were changed by the agent and, meanwhile, on the server: the agent's version is in the place, the other one is kept beside it.",
  },
  {
    code: "workspace_unpushed",
    when: "The agent left commits, or files that it did not commit, in a cloned repository, and they were not pushed.",
  },
  {
    code: "workspace_late",
    when: "The run was stopped, and what the agent left was still being copied back or pushed when the stop was answered: it comes by itself.",
  },
  {
    code: "workspace_left_out",
    when: "Some entries were not copied into or out of the pod: links that lead out of the folder, devices, files that cannot be read.",
  },
  {
    code: "result_contradicted",
    when: "A result says success, and the exit status or other frames say otherwise: the stricter counts, and after a process that ended well by itself the success stands.",
  },
  {
    code: "ended_by_linger",
    when: "The process stayed after its result, and was stopped: that changes nothing of the result.",
  },
  { code: "ended_after_result", when: "The process was stopped or died after its result." },
];
