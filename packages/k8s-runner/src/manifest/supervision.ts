/** What a process that adopts or attaches to a run must know of its spec; kept on the Job. */

import type { RunSpec, StartBudgets } from "../types/spec.ts";

export interface Supervision {
  readonly graceSeconds: number;
  /** `null`: none. */
  readonly deadlineSeconds: number | null;
  readonly budgets: Required<StartBudgets>;
  readonly queueName: string | null;
}

export const defaultBudgets: Required<StartBudgets> = {
  queueSeconds: null,
  podCreationSeconds: 60,
  schedulingSeconds: 1800,
  imagePullSeconds: 900,
  configSeconds: 30,
  initSeconds: 1800,
  startSeconds: 900,
};

const defaultGraceSeconds = 30;

export function supervisionOf(spec: RunSpec): Supervision {
  return {
    graceSeconds: spec.graceSeconds ?? defaultGraceSeconds,
    deadlineSeconds: spec.deadlineSeconds || null,
    budgets: { ...defaultBudgets, ...spec.budgets },
    queueName: spec.queueName ?? null,
  };
}

/** From the annotation; defaults where it is missing or was edited beyond recognition. */
export function parseSupervision(text: string | undefined): Supervision {
  const parsed = parseObject(text);
  return {
    graceSeconds: numberOr(parsed["graceSeconds"], defaultGraceSeconds),
    deadlineSeconds: numberOr(parsed["deadlineSeconds"], null),
    budgets: { ...defaultBudgets, ...(parsed["budgets"] as StartBudgets | undefined) },
    queueName: typeof parsed["queueName"] === "string" ? parsed["queueName"] : null,
  };
}

function parseObject(text: string | undefined): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(text ?? "{}");
    return typeof parsed === "object" && parsed !== null ? (parsed as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function numberOr<T>(value: unknown, otherwise: T): number | T {
  return typeof value === "number" && Number.isFinite(value) ? value : otherwise;
}
