import type { FixCondition } from "../catalog/entry.ts";

type SystemCondition = Extract<FixCondition, "unwritable" | "watches" | "descriptors" | "disk" | "threads">;

/** What the system answered when a file was to be opened, made or watched, or a process made: the most exact first, as a limit of watches also says "no space". */
const answers: readonly { readonly condition: SystemCondition; readonly pattern: RegExp }[] = [
  {
    condition: "watches",
    pattern:
      /number of file watchers|inotify|\b(?:ENOSPC|EMFILE)\b[^\n]{0,80}\bwatch\b|watch[^\n]{0,200}\b(?:ENOSPC|EMFILE)\b/i,
  },
  { condition: "disk", pattern: /\b(?:ENOSPC|EDQUOT)\b|no space left on device|disk quota exceeded/i },
  {
    condition: "threads",
    pattern:
      /\bfork\b[^\n]{0,40}(?:resource temporarily unavailable|cannot allocate memory)|\b(?:spawn|fork)\b[^\n]{0,120}\bEAGAIN\b|(?:uv_thread_create|pthread_create)[^\n]{0,80}(?:failed|unavailable|not permitted)/i,
  },
  { condition: "descriptors", pattern: /\b(?:EMFILE|ENFILE)\b|too many open files/i },
  {
    condition: "unwritable",
    pattern:
      /\bEROFS\b|read-only file system|\b(?:EACCES|EPERM)\b[^\n]{0,80}(?:mkdir|open|write|rename|unlink|copyfile|chmod|symlink|lstat|access)|(?:mkdir|cannot create|cannot touch|could not create|failed to (?:create|write|open))[^\n]{0,200}permission denied/i,
  },
];

/** An error that nobody caught, as Node and Bun print it. */
const uncaught = /^\s*(?:Uncaught )?(?:\w{0,30}Error: )?E[A-Z]{3,14}: /;

/** While the model works, other programs' words may stand in the same output: only an error of the process itself counts. */
export function ownSystemConditions(lines: readonly string[]): readonly SystemCondition[] {
  return systemConditions(lines.filter((line) => uncaught.test(line)));
}

/** The newest line that tells it decides. */
export function systemConditions(lines: readonly string[]): readonly SystemCondition[] {
  for (const line of lines.toReversed()) {
    const found = answers.find(({ pattern }) => pattern.test(line));
    if (found !== undefined) return [found.condition];
  }
  return [];
}
