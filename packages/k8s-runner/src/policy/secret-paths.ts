/** Variables become names of folders by `subPathExpr`, and those are no place for a secret. */

import { at, each, isObject } from "./place.ts";
import type { Place } from "./place.ts";

/** Mounts whose `subPathExpr` names a variable that is a secret, or is put together from others, which may be. */
export function pathsWithSecrets(container: Place): readonly Place[] {
  const plain = new Set(
    each(at(container, "env"))
      .filter((variable) => isPlain(at(variable, "value").value, at(variable, "valueFrom").value))
      .map((variable) => at(variable, "name").value),
  );
  return each(at(container, "volumeMounts"))
    .map((mount) => at(mount, "subPathExpr"))
    .filter(({ value }) => typeof value === "string" && variablesIn(value).some((name) => !plain.has(name)));
}

function isPlain(value: unknown, valueFrom: unknown): boolean {
  if (isObject(valueFrom)) return Object.keys(valueFrom).every((source) => source === "fieldRef");
  return typeof value !== "string" || !value.includes("$(");
}

/** `$(NAME)`; `$$(NAME)` is the text itself. */
function variablesIn(expression: string): readonly string[] {
  return [...expression.replaceAll("$$", "").matchAll(/\$\(([^)]{0,300})\)/g)].map(([, name = ""]) => name);
}
