import type { Condition } from "../objects/types.ts";

/** Sets a condition in place; its transition time moves only when the status does. */
export function setCondition(conditions: Condition[], next: Condition, now: string): void {
  const index = conditions.findIndex((condition) => condition.type === next.type);
  const previous = conditions[index];
  if (previous !== undefined && sameMeaning(previous, next)) return;
  const lastTransitionTime =
    previous !== undefined && previous.status === next.status && previous.lastTransitionTime !== undefined
      ? previous.lastTransitionTime
      : now;
  const condition: Condition = { ...next, lastTransitionTime };
  if (index === -1) conditions.push(condition);
  else conditions[index] = condition;
}

export function hasCondition(conditions: readonly Condition[] | undefined, type: string): boolean {
  return (conditions ?? []).some((condition) => condition.type === type && condition.status === "True");
}

function sameMeaning(a: Condition, b: Condition): boolean {
  return (
    a.status === b.status &&
    a.reason === b.reason &&
    a.message === b.message &&
    a.observedGeneration === b.observedGeneration
  );
}
