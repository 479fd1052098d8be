/** What a process that adopts or attaches to a run must know of its spec; kept on the Job. */

import { closingSecondsOf } from "../repository/closing-seconds.ts";
import type { RunSpec, StartBudgets } from "../types/spec.ts";

export interface Supervision {
  readonly graceSeconds: number;
  /** `null`: none. */
  readonly deadlineSeconds: number | null;
  readonly budgets: Required<StartBudgets>;
  readonly queueName: string | null;
  /** The run has copied folders, and keeps what its command left for so long; absent or `null`: it has none. */
  readonly holdSeconds?: number | null;
  /** A container looks after the run's repository for so long after the command; absent or `null`: it has none. */
  readonly closingSeconds?: number | null;
  /** The output's record is kept for so long after the command; absent or `null`: there is none. */
  readonly recordSeconds?: number | null;
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
const defaultHoldSeconds = 900;

export function supervisionOf(spec: RunSpec): Supervision {
  return {
    graceSeconds: spec.graceSeconds ?? defaultGraceSeconds,
    deadlineSeconds: spec.deadlineSeconds || null,
    budgets: { ...defaultBudgets, ...spec.budgets },
    queueName: spec.queueName ?? null,
    holdSeconds: holdSecondsOf(spec),
    closingSeconds: spec.repository === undefined ? null : closingSecondsOf(spec.repository),
    recordSeconds:
      spec.recordOutput === undefined ? null : (spec.recordOutput.holdSeconds ?? defaultHoldSeconds),
  };
}

function holdSecondsOf({ copies }: RunSpec): number | null {
  return copies === undefined ? null : (copies.holdSeconds ?? defaultHoldSeconds);
}

/** From the annotation, which anybody may have written: defaults for each field that is missing or could not be meant. */
export function parseSupervision(text: string | undefined): Supervision {
  const parsed = parseObject(text);
  return {
    graceSeconds: secondsOr(parsed["graceSeconds"], defaultGraceSeconds),
    deadlineSeconds: secondsOr(parsed["deadlineSeconds"], null),
    budgets: parseBudgets(parsed["budgets"]),
    queueName: typeof parsed["queueName"] === "string" ? parsed["queueName"] : null,
    holdSeconds: secondsOr(parsed["holdSeconds"], null),
    closingSeconds: secondsOr(parsed["closingSeconds"], null),
    recordSeconds: secondsOr(parsed["recordSeconds"], null),
  };
}

function parseBudgets(written: unknown): Required<StartBudgets> {
  const given = fieldsOf(written);
  const names = Object.keys(defaultBudgets) as (keyof StartBudgets)[];
  const budgets = names.map((name) => [
    name,
    // Without a limit; only some of them can be.
    given[name] === null && defaultBudgets[name] === null
      ? null
      : secondsOr(given[name], defaultBudgets[name]),
  ]);
  return Object.fromEntries(budgets) as Required<StartBudgets>;
}

function parseObject(text: string | undefined): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(text ?? "{}");
    return fieldsOf(parsed);
  } catch {
    return {};
  }
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

/** A year: longer than any run, and short enough that no sum of times loses its meaning. */
const mostSeconds = 31_536_000;

function secondsOr<T>(value: unknown, otherwise: T): number | T {
  return typeof value === "number" && value >= 0 && value <= mostSeconds ? value : otherwise;
}
