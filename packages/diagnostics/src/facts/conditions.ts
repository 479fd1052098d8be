/** Conditions of a pod, a Job or a node: an API object writes them as evidence does, so both are read here. */

import { fields, isPresent, list, time, words } from "./read.ts";

export interface ConditionFacts {
  readonly type: string;
  readonly status: string;
  readonly reason: string | null;
  readonly message: string | null;
  readonly lastTransitionTime: string | null;
}

export function readConditions(value: unknown): readonly ConditionFacts[] {
  return list(value)
    .filter(isPresent)
    .map((item) => {
      const condition = fields(item);
      return {
        type: words(condition["type"]) ?? "?",
        status: words(condition["status"]) ?? "?",
        reason: words(condition["reason"]),
        message: words(condition["message"]),
        lastTransitionTime: time(condition["lastTransitionTime"]),
      };
    });
}
