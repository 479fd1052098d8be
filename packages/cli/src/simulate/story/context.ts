import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";

import { asset } from "./assets.ts";

/**
 * An execution context as Paperclip's server makes it, without its functions: company, agent and task are new ones, so that
 * two demos in one namespace have slots of their own.
 */
export function createHostContext(
  settings: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const sample = readFileSync(asset("context.json"), "utf8");
  const fresh = new Map<string, string>();
  const text = sample.replaceAll(/00000000-0000-4000-8000-\d{12}/gu, (placeholder) => {
    const id = fresh.get(placeholder) ?? randomUUID();
    fresh.set(placeholder, id);
    return id;
  });
  const context = JSON.parse(text) as { readonly config: Readonly<Record<string, unknown>> };
  return { ...context, config: { ...context.config, ...settings } };
}
