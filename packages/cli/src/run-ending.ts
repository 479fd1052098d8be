import { type ExitLike, type FailureCode, formatWord } from "@claude-k8s/diagnostics";
import type { RunListing, RunStart } from "@claude-k8s/k8s-runner";
import { readRunNote } from "paperclip-adapter-claude-k8s/cli-parts";

/** How a run that is over has ended, as far as a list can see. */
export interface SeenEnding {
  /** `unknown`: nothing that is left of the run says whether Claude succeeded. */
  readonly outcome: "success" | "failure" | "unknown";
  /** `null` for a success, and where the cause cannot be seen any more. */
  readonly code: FailureCode | null;
  /** "ok", or what went wrong in two or three words. */
  readonly word: string;
}

/** Whoever collected the run knew all of it, above all that it was stopped. `null`: nobody has written that on its Job. */
export function notedEnding({ state, note }: RunListing): SeenEnding | null {
  const ending = state === "finished" ? (readRunNote(note)?.ending ?? null) : null;
  return ending === null ? null : endingWithCode(ending);
}

/** `null`: a success. */
export function endingWithCode({ code }: { readonly code: FailureCode | null }): SeenEnding {
  return { outcome: code === null ? "success" : "failure", code, word: formatWord({ code }) };
}

const noteAnnotation = "claude-k8s.io/note";

/**
 * What the cluster shows of a run that was stopped looks like any end by a signal. Its supervisor noted why it stopped it, and that
 * counts when the run is read again.
 */
export function exitWithNote<Exit extends ExitLike>(
  exit: Exit,
  annotations: Readonly<Record<string, string>>,
): Exit | ExitLike {
  const code = readRunNote(annotations[noteAnnotation] ?? null)?.ending?.code ?? null;
  const stop = code === null ? undefined : stops[code];
  if (stop === undefined || (exit.kind !== "exited" && exit.kind !== "failed")) return exit;
  const { exitCode = null, signal = null, evidence = null } = exit;
  return { kind: "stopped", ...stop, exitCode, signal, evidence };
}

/** Of the Job that was read again. */
export function annotationsOf(start: RunStart): Readonly<Record<string, string>> {
  return start.kind === "adopted" ? start.previous.annotations : {};
}

const stops: Readonly<Partial<Record<FailureCode, { readonly by: string; readonly reason: string }>>> = {
  cancelled: { by: "caller", reason: "cancelled" },
  timeout: { by: "deadline", reason: "deadline" },
  claude_stalled: { by: "caller", reason: "stalled" },
  budget_exceeded: { by: "caller", reason: "budget" },
};
