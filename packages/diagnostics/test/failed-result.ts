/** A run that failed with these words as its result. */
import type { Evidence } from "../src/index.ts";
import type { Wording } from "./words.ts";

export function failed({ text, status, error }: Wording): Evidence {
  return {
    exit: { kind: "exited", exitCode: 1, signal: null },
    summary: {
      frames: 4,
      inits: 1,
      contentSeen: true,
      lastAssistant: {
        text,
        ...(error !== undefined && { error }),
        ...(status !== undefined && { apiErrorStatus: status }),
      },
      result: {
        subtype: "success",
        isError: true,
        text,
        ...(status !== undefined && { apiErrorStatus: status, terminalReason: "api_error" }),
      },
    },
  };
}
