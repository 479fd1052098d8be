/**
 * One supervising process: a Paperclip server as far as `execute()` can tell. It is killed in the demo, so what it knows
 * it writes down first: a chunk is on disk before the adapter may go on.
 */
import { fsyncSync, openSync, writeSync } from "node:fs";
import { loadAdapter } from "paperclip-adapter-claude-k8s/cli-parts";
import type { FromSupervisor, SupervisorJob, ToSupervisor } from "./supervisor-messages.ts";

const { createServerAdapter } = await loadAdapter();
const OWN_LINE = "[claude_k8s] ";
const cancellation = new AbortController();
// Ctrl-C reaches the whole process group; the demo decides what becomes of the run.
process.on("SIGINT", () => {});
process.on("disconnect", () => cancel("the demo is gone"));
process.on("message", (message: ToSupervisor) => {
  if (message.type === "cancel") cancel(message.reason);
  else void supervise(message);
});

async function supervise(job: SupervisorJob): Promise<void> {
  const result = await createServerAdapter().execute(contextOf(job));
  // The adapter keeps its connection for the next run, as in the server; this process has only one.
  process.send?.({ type: "result", result: { ...result } } satisfies FromSupervisor, () => process.exit());
}

type ExecutionContext = Parameters<ReturnType<typeof createServerAdapter>["execute"]>[0];

function contextOf(job: SupervisorJob): ExecutionContext {
  const log = openSync(job.logPath, "a");
  let bytes = 0;
  return {
    ...(job.context as unknown as ExecutionContext),
    runId: job.runId,
    signal: cancellation.signal,
    onCancellationReady: async () => {},
    onLog: async (stream, chunk) => {
      if (stream === "stderr") return tell({ type: "stderr", text: chunk });
      // A line of the adapter's own stands in a chunk by itself; it is no line of the container, whose output is counted.
      if (chunk.startsWith(OWN_LINE)) return;
      bytes += writeSync(log, chunk);
      fsyncSync(log);
      tell({ type: "log", bytes });
    },
    onEvent: async ({ eventType, message, level }) => {
      tell({ type: "status", event: eventType, message: message ?? "", level: level ?? "info" });
    },
    onRuntimeProgress: ({ phase, message }) => {
      tell({ type: "status", event: `progress.${phase}`, message, level: "info" });
    },
    onMeta: async () => {},
    onDispatch: () => {},
    runtimeMcp: { getServers: () => [] },
  };
}

function cancel(reason: string): void {
  if (!cancellation.signal.aborted) cancellation.abort(new Error(reason));
}

function tell(message: FromSupervisor): void {
  if (process.connected) process.send?.(message);
}
