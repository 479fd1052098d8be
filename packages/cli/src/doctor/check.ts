/** One thing that was looked at. */
export interface Check {
  /** Stable, for scripts. */
  readonly code: string;
  /** `error`: a run does not work; `warning`: it works with less; `info`: it could not be looked at, or is worth knowing. */
  readonly level: "ok" | "info" | "warning" | "error";
  readonly title: string;
  /** What was found. */
  readonly found: string;
  /** Commands to paste, and where there is none words. */
  readonly fix: readonly string[];
}

export function fine(code: string, title: string, found = ""): Check {
  return { code, level: "ok", title, found, fix: [] };
}

export function unknown(code: string, title: string, found: string): Check {
  return { code, level: "info", title, found, fix: [] };
}
