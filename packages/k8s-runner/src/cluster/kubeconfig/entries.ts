/** The text of a kubeconfig to its entries, YAML or JSON. */

import { InvalidKubeconfigError } from "../../errors.ts";
import { isFields } from "./fields.ts";
import type { Entry, Fields } from "./fields.ts";
import type { KubeconfigSource } from "./kubeconfig.ts";

export interface Entries {
  readonly currentContext: string;
  readonly contexts: readonly Entry[];
  readonly clusters: readonly Entry[];
  readonly users: readonly Entry[];
}

export async function entriesOf({ text, folder }: KubeconfigSource): Promise<Entries> {
  // An empty file is an empty kubeconfig, as for kubectl.
  const parsed = (await parseText(text)) ?? {};
  if (!isFields(parsed)) throw new InvalidKubeconfigError(null, "the kubeconfig is no mapping of fields");
  const current = parsed["current-context"];
  return {
    currentContext: typeof current === "string" ? current : "",
    contexts: entries(parsed, "contexts", "context", folder),
    clusters: entries(parsed, "clusters", "cluster", folder),
    users: entries(parsed, "users", "user", folder),
  };
}

async function parseText(text: string): Promise<unknown> {
  try {
    if (text.trimStart().startsWith("{")) return JSON.parse(text);
  } catch {
    // It may be YAML in flow style.
  }
  const { parseAllDocuments } = await import("yaml");
  try {
    // The check for unique keys compares each with all others: a file of 1 MiB would stop the process for minutes.
    const documents = parseAllDocuments(text, { uniqueKeys: false, prettyErrors: false, logLevel: "error" });
    // Of several documents kubectl reads the first.
    const [first] = "empty" in documents ? [] : documents;
    if (first?.errors[0] !== undefined) throw first.errors[0];
    return first?.toJS() as unknown;
  } catch (error) {
    // Without its cause: a YAML error carries the whole text, tokens included. Its first line quotes nothing.
    const [reason = ""] = (error instanceof Error ? error.message : String(error)).split("\n", 1);
    throw new InvalidKubeconfigError(null, `the kubeconfig cannot be read: ${reason.slice(0, 200)}`);
  }
}

function entries(parsed: Fields, key: string, kind: string, folder: string): readonly Entry[] {
  const found = parsed[key] ?? [];
  if (!Array.isArray(found)) throw new InvalidKubeconfigError(key, `${key} of the kubeconfig is no list`);
  return found.map((entry: unknown) => {
    const name = isFields(entry) ? entry["name"] : undefined;
    const fields = isFields(entry) ? (entry[kind] ?? {}) : null;
    if (typeof name !== "string" || !isFields(fields))
      throw new InvalidKubeconfigError(key, `an entry of ${key} of the kubeconfig has no name or no ${kind}`);
    return { name, fields, folder };
  });
}
