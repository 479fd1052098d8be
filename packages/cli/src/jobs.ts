import { diagnose } from "@claude-k8s/diagnostics";
import type { RunStart, Runner } from "@claude-k8s/k8s-runner";
import { plainLine } from "@claude-k8s/stream-parser/terminal";
import { loadSettings } from "paperclip-adapter-claude-k8s/cli-parts";

import { exitCodeOf, exitCodes } from "./exit-codes.ts";
import { showDiagnosis } from "./screen/show.ts";
import type { Streams } from "./streams.ts";

/** What a Job is called by people: `job/run-x`, as `kubectl` prints it, is `run-x`. */
export function jobNameOf(given: string): string {
  return given.replace(/^jobs?(?:\.batch)?\//, "");
}

/** A start that is none: says why. A Job that is not there is mostly a slip of the pen, so the names that there are follow. */
export async function tellRefusal(
  streams: Streams,
  runner: Runner,
  where: { readonly namespace: string; readonly jobName: string },
  start: Extract<RunStart, { readonly kind: "busy" | "refused" }>,
  format: "text" | "json" | "yaml" | "markdown",
): Promise<number> {
  const isMissing = start.kind === "refused" && start.failure.kind === "reattach-failed";
  if (!isMissing) {
    const diagnosis = diagnose({ exit: start });
    showDiagnosis(streams, diagnosis, format);
    return exitCodeOf(diagnosis);
  }
  const runs = await runner.list({ namespace: where.namespace }).catch(() => []);
  const { nearestName } = await loadSettings();
  const names = runs.map(({ ref }) => ref.jobName);
  const near = nearestName(where.jobName, names) ?? names.find((name) => name.startsWith(where.jobName));
  streams.errors.write(`claude-k8s: ${missingWords(where, names, near ?? null)}\n`);
  return exitCodes.failure;
}

const mostNames = 10;

function missingWords(
  { namespace, jobName }: { readonly namespace: string; readonly jobName: string },
  names: readonly string[],
  near: string | null,
): string {
  const first = `there is no Job ${plainLine(jobName)} in namespace ${plainLine(namespace)}`;
  if (near !== null) return `${first}; did you mean ${plainLine(near)}?`;
  if (names.length === 0) return `${first}, and no other run either; -n names another namespace`;
  const more = names.length > mostNames ? `, and ${names.length - mostNames} more` : "";
  return `${first}; the runs there: ${names.slice(0, mostNames).map(plainLine).join(", ")}${more}`;
}
