import type { Diagnosis } from "../diagnosis.ts";

export interface JsonOptions {
  /** Blanks a level; default 0: everything on one line. */
  readonly indent?: number;
}

/** The whole diagnosis as JSON, its fields in a fixed order, `outcome` and `code` first. */
export function formatJson(diagnosis: Diagnosis, options: JsonOptions = {}): string {
  const {
    outcome,
    code,
    certainty,
    title,
    cause,
    fix,
    family,
    notBefore,
    bootstrap,
    session,
    notes,
    evidence,
    spend,
    key,
  } = diagnosis;
  return JSON.stringify(
    {
      outcome,
      code,
      certainty,
      title,
      cause,
      fix,
      family,
      notBefore,
      bootstrap,
      session,
      notes,
      evidence,
      spend,
      key,
    },
    null,
    options.indent ?? 0,
  );
}
