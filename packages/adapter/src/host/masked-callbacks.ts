import type { Redaction } from "../output/redaction.ts";
import type { ExecutionContext } from "./contract.ts";

/**
 * The host's callbacks behind the mask, so that no caller has to think of it. Output is masked by the transcript, which
 * knows where a secret goes on from one chunk to the next.
 */
export function maskedCallbacks(host: ExecutionContext, { mask }: Redaction): ExecutionContext {
  const { onMeta, onEvent, onRuntimeProgress } = host;
  return {
    ...host,
    ...(onMeta !== undefined && { onMeta: (meta) => onMeta(mask(meta)) }),
    ...(onEvent !== undefined && { onEvent: (event) => onEvent(mask(event)) }),
    ...(onRuntimeProgress !== undefined && {
      onRuntimeProgress: (update) => onRuntimeProgress(mask(update)),
    }),
  };
}
