import { diagnose } from "@claude-k8s/diagnostics";
import { ClusterRequestError, InvalidKubeconfigError, InvalidRunSpecError } from "@claude-k8s/k8s-runner";
import { plainText } from "@claude-k8s/stream-parser/terminal";

import { UsageError, exitCodes } from "./exit-codes.ts";
import { showDiagnosis } from "./screen/show.ts";
import type { Streams } from "./streams.ts";

/** What went wrong, for a person: never a stack trace for what a person can mend. */
export function told(error: unknown, streams: Streams): number {
  if (InvalidKubeconfigError.isInstance(error)) {
    const { field, message } = error;
    const failure = { kind: "kubeconfig-invalid", field, message } as const;
    showDiagnosis(streams, diagnose({ exit: { kind: "refused", failure } }), "text");
    return exitCodes.usage;
  }
  const message = error instanceof Error ? error.message : String(error);
  streams.errors.write(`claude-k8s: ${plainText(message)}\n`);
  if (error instanceof UsageError || InvalidRunSpecError.isInstance(error)) return exitCodes.usage;
  if (ClusterRequestError.isInstance(error) && error.error.kind === "unavailable") return exitCodes.temporary;
  return exitCodes.failure;
}
