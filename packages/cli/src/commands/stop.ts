import { diagnose } from "@claude-k8s/diagnostics";
import type { RunExit } from "@claude-k8s/k8s-runner";
import { emptySummary, summarizeStream } from "@claude-k8s/stream-parser";
import { plainLine } from "@claude-k8s/stream-parser/terminal";
import { runNote, usageOf } from "paperclip-adapter-claude-k8s/cli-parts";

import { withCluster } from "../cluster.ts";
import { type CopyOptions, returnOf } from "../copied-run.ts";
import { exitCodes } from "../exit-codes.ts";
import { jobNameOf, tellRefusal } from "../jobs.ts";
import type { CommonOptions } from "../options.ts";
import type { Streams } from "../streams.ts";

/** `stop`: only a run that no living process supervises. Another's run is stopped where it is supervised, or it would look lost there. */
export async function stopCommand(
  streams: Streams,
  given: string,
  options: CommonOptions & CopyOptions & { readonly grace?: number; readonly keep?: boolean },
  signal: AbortSignal,
): Promise<number> {
  const { errors, output } = streams;
  const jobName = jobNameOf(given);
  return withCluster(streams, options, async ({ runner, cluster }, namespace) => {
    const target = { namespace, jobName };
    const back = await returnOf(cluster, target, options, signal);
    const start = await runner.attach(target, {
      signal,
      ...(back.kind === "known" && { copies: back.copies }),
    });
    if (start.kind === "busy") {
      errors.write(
        `claude-k8s: Job ${plainLine(jobName)} is supervised by ${plainLine(start.holder.supervisor ?? "another process")}: stop it there, or end that process and wait until its Lease has run out\n`,
      );
      return exitCodes.failure;
    }
    if (start.kind === "refused") return tellRefusal(streams, runner, target, start, "text");
    if (back.kind === "unknown")
      errors.write(
        "▸ What the run changed in its copied folders goes with it: this process does not know where they are. `--copy FOLDER` names the one that `run` was given.\n",
      );
    // An exit comes after the output, of which only what it adds up to is kept.
    const drained = summarizeStream(start.run.output).catch(() => emptySummary());
    const exit = await start.run.stop({ graceSeconds: options.grace ?? 30, reason: "claude-k8s stop" });
    const summary = await drained;
    if (back.kind === "known") errors.write(`${returnedWords(exit, back.folder)}\n`);
    const note = runNote(usageOf(summary), diagnose({ exit, summary }));
    await start.run.cleanUp(options.keep === true ? { note } : { keepJobSeconds: 0 });
    output.write(`job/${plainLine(jobName)} ${exit.kind === "stopped" ? "stopped" : "had ended before"}\n`);
    return exitCodes.success;
  });
}

function returnedWords({ evidence }: RunExit, folder: string): string {
  const { returned } = evidence.files ?? {};
  const where = plainLine(folder);
  if (returned?.kind !== "returned") return `▸ What the run changed did not come back to ${where}.`;
  return `▸ What the run changed is in ${where}: ${returned.written} written, ${returned.deleted} deleted.`;
}
