import { createHash, randomUUID } from "node:crypto";

import { diagnose } from "@claude-k8s/diagnostics";
import type { Cluster, Runner } from "@claude-k8s/k8s-runner";

import { type Check, fine } from "./check.ts";
import { execCheck } from "./exec.ts";
import { longLineBytes, roundTripScript } from "./round-trip-script.ts";

const patienceMilliseconds = 180_000;

const expected = Buffer.concat([Buffer.alloc(longLineBytes, "x"), Buffer.from("\nsame\nsame\nend\n")]);

/** A whole run of a small script: image, node, pod, log and clean-up, as a real one has them. */
export async function roundTrip(
  { runner, cluster }: { readonly runner: Runner; readonly cluster: Cluster },
  {
    namespace,
    image,
    mayExec,
    signal,
  }: {
    readonly namespace: string;
    readonly image: string;
    /** Programs may be started in its pod. */
    readonly mayExec: boolean;
    readonly signal: AbortSignal;
  },
): Promise<readonly Check[]> {
  const begun = performance.now();
  const start = await runner.start(
    {
      namespace,
      image,
      slot: `doctor/${randomUUID()}`,
      runId: randomUUID(),
      command: ["/bin/sh", "-c", roundTripScript({ waits: mayExec })],
      budgets: { podCreationSeconds: 30, schedulingSeconds: 60, imagePullSeconds: 120, startSeconds: 120 },
      deadlineSeconds: 60,
      ttlSecondsAfterFinished: 60,
    },
    { signal: AbortSignal.any([signal, AbortSignal.timeout(patienceMilliseconds)]) },
  );
  if (start.kind === "busy" || start.kind === "refused") return [failed(diagnose({ exit: start }))];
  const { run } = start;
  const stop = (): void => void run.stop({ graceSeconds: 0, reason: "doctor" }).catch(() => undefined);
  signal.addEventListener("abort", stop, { once: true });
  try {
    const chunks: Uint8Array[] = [];
    let exec: Promise<Check> | null = null;
    for await (const chunk of run.output) {
      chunks.push(chunk);
      if (!mayExec || exec !== null) continue;
      const [, pid] = /^(\d+)\n/.exec(Buffer.concat(chunks).toString("latin1")) ?? [];
      if (pid !== undefined) exec = execCheck(cluster, run.ref, pid, signal);
    }
    const exit = await run.exit;
    await run.cleanUp({ keepJobSeconds: 0 }).catch(() => undefined);
    if (exit.kind !== "exited" || exit.exitCode !== 0) return [failed(diagnose({ exit }))];
    const seconds = ((performance.now() - begun) / 1000).toFixed(1);
    return [
      fine("round-trip", "A Job with this image", `ran and was removed in ${seconds} s`),
      ...judged(Buffer.concat(chunks), image),
      ...(exec === null ? [] : [await exec]),
    ];
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

function judged(output: Buffer, image: string): readonly Check[] {
  const begin = output.indexOf(0x0a) + 1;
  const end = output.indexOf(0x0a, begin) + 1;
  const version = output.subarray(begin, Math.max(begin, end - 1)).toString();
  const rest = output.subarray(end);
  const digest = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex").slice(0, 12);
  const isWhole = rest.equals(expected);
  return [
    version === "no claude"
      ? {
          code: "claude",
          level: "error",
          title: "Claude Code in the image",
          found: `${image} has no claude on its PATH`,
          fix: ["build an image with it: RUN npm install -g @anthropic-ai/claude-code"],
        }
      : fine("claude", "Claude Code in the image", version),
    isWhole
      ? fine(
          "log",
          "The log, byte for byte",
          "a line of 1 MiB and two equal lines came back as they were written",
        )
      : {
          code: "log",
          level: "error",
          title: "The log, byte for byte",
          found: `${expected.length} bytes were written (${digest(expected)}), ${rest.length} came back (${digest(rest)})`,
          fix: ["look for a proxy or a log driver between the API server and the nodes that changes logs"],
        },
  ];
}

function failed(diagnosis: ReturnType<typeof diagnose>): Check {
  return {
    code: diagnosis.code ?? "round-trip",
    level: "error",
    title: `A Job with this image: ${diagnosis.title}`,
    found: diagnosis.cause,
    fix: diagnosis.fix,
  };
}
