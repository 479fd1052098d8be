/** What the container counted itself, as it stands in its termination message: a witness beside the log. */
export interface Truth {
  readonly lines: number;
  readonly bytes: number;
  readonly sha256: string;
  readonly promptBytes: number;
  readonly promptSha256: string;
}

/** Reads a termination message; `null` when it is none of the replay program's. */
export function parseTruth(message: string): Truth | null {
  const told = parseJson(message);
  if (typeof told !== "object" || told === null) return null;
  const { lines, bytes, sha256, promptBytes, promptSha256 } = told as Partial<Record<keyof Truth, unknown>>;
  if (typeof lines !== "number" || typeof bytes !== "number" || typeof sha256 !== "string") return null;
  if (typeof promptBytes !== "number" || typeof promptSha256 !== "string") return null;
  return { lines, bytes, sha256, promptBytes, promptSha256 };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
