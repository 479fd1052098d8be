import { diagnose } from "@claude-k8s/diagnostics";
import type { RunListing } from "@claude-k8s/k8s-runner";
import { plainLine } from "@claude-k8s/stream-parser/terminal";

import { type ClusterOptions, withCluster } from "../cluster-options.ts";
import { exitCodes } from "../exit-codes.ts";
import type { Streams } from "../streams.ts";
import { plainJson } from "../plain.ts";
import { showDiagnosis } from "../show.ts";
import { table } from "../table.ts";

export async function listCommand(
  { output }: Streams,
  options: ClusterOptions & { readonly json?: boolean },
): Promise<number> {
  return withCluster(options, async ({ runner }, namespace) => {
    const runs = await runner.list({ namespace });
    if (options.json === true) output.write(`${plainJson(runs)}\n`);
    else if (runs.length === 0) output.write(`no runs in namespace ${namespace}\n`);
    else output.write(table(["JOB", "STATE", "SUPERVISED", "CREATED", "POD", "NODE", "SLOT"], runs.map(row)));
    return exitCodes.success;
  });
}

function row(run: RunListing): readonly string[] {
  return [
    run.ref.jobName,
    run.state,
    run.supervised ? "yes" : "no",
    run.createdAt ?? "-",
    run.podName ?? "-",
    run.nodeName ?? "-",
    run.slot ?? "-",
  ];
}

/** `stop`: only a run that no living process supervises. Another's run is stopped where it is supervised, or it would look lost there. */
export async function stopCommand(
  streams: Streams,
  jobName: string,
  options: ClusterOptions & { readonly grace?: string },
  signal: AbortSignal,
): Promise<number> {
  const { errors, output } = streams;
  return withCluster(options, async ({ runner }, namespace) => {
    const start = await runner.attach({ namespace, jobName }, { signal });
    if (start.kind === "busy") {
      errors.write(
        `Job ${plainLine(jobName)} is supervised by ${start.holder.supervisor ?? "another process"}: stop it there, or end that process and wait until its Lease has run out\n`,
      );
      return exitCodes.failure;
    }
    if (start.kind === "refused") {
      showDiagnosis(streams, diagnose({ exit: start }), false);
      return exitCodes.failure;
    }
    const graceSeconds = Number(options.grace ?? 30);
    const exit = await start.run.stop({ graceSeconds, reason: "claude-k8s stop" });
    await start.run.cleanUp({ keepJobSeconds: 0 });
    output.write(`Job ${plainLine(jobName)}: ${exit.kind}\n`);
    return exitCodes.success;
  });
}

/** `clean`: what crashes left behind. Tells only, unless it is told to remove. */
export async function cleanCommand(
  { output }: Streams,
  options: ClusterOptions & { readonly remove?: boolean; readonly olderThan?: string },
): Promise<number> {
  return withCluster(options, async ({ runner }, namespace) => {
    const findings = await runner.sweep({
      namespace,
      dryRun: options.remove !== true,
      ...(options.olderThan !== undefined && { olderThanSeconds: Number(options.olderThan) }),
    });
    const rows = findings.map((finding) => [
      finding.object,
      `${Math.round(finding.ageSeconds)} s`,
      finding.removed ? "removed" : "left",
      finding.reason,
    ]);
    output.write(rows.length === 0 ? "nothing to clean\n" : table(["OBJECT", "AGE", "", "WHY"], rows));
    return exitCodes.success;
  });
}
