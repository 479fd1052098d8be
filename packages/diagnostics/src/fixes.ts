import type { CatalogEntry } from "./catalog/entry.ts";
import type { Note } from "./diagnosis.ts";
import type { Facts } from "./facts/facts.ts";
import { fields, words } from "./facts/read.ts";
import type { Verdict } from "./judge/verdict.ts";
import { settingLabel } from "./setting-names.ts";
import { oneLine } from "./words/quote.ts";

const placeholder = /\{([a-zA-Z]+)(?::([a-zA-Z.]+))?\}/g;

/** The entry's fixes with names and present values; one whose name is not known is left out rather than shown with a hole. */
export function fixesOf(
  entry: CatalogEntry,
  verdict: Verdict,
  facts: Facts,
  notes: readonly Note[],
): readonly string[] {
  const fixes = entry.fix.flatMap((fix) => {
    if (typeof fix === "string") return fill(fix, verdict, facts) ?? [];
    return verdict.conditions?.includes(fix.when) === true ? (fill(fix.text, verdict, facts) ?? []) : [];
  });
  const memory = notes.some(({ code }) => code === "child_oom_killed") && verdict.code !== "k8s_oom_killed";
  return memory ? [...fixes, fill(forChild, verdict, facts) ?? ""] : fixes;
}

const forChild =
  "A process that Claude started was killed for memory: raise {setting:resources.limits.memory}.";

function fill(template: string, verdict: Verdict, facts: Facts): string | null {
  let whole = true;
  const filled = template.replaceAll(placeholder, (_match, word: string, key: string | undefined) => {
    if (word === "setting") return settingWords(key ?? "", facts);
    const name = nameOf(word, verdict, facts);
    if (name === null) whole = false;
    return name ?? "";
  });
  return whole ? filled : null;
}

function settingWords(key: string, facts: Facts): string {
  const label = settingLabel(key, facts.settingNames);
  const now = settingValue(key, facts);
  return now === null ? `*${label}*` : `*${label}* (now ${now})`;
}

/** Values of the environment, the pod template and the prompt are long or secret: they are never shown. */
const silent = new Set(["env", "podTemplate", "promptTemplate", "labels", "extraArgs"]);

function settingValue(key: string, facts: Facts): string | null {
  if (silent.has(key)) return null;
  const value =
    facts.settings[key] ?? key.split(".").reduce<unknown>((node, part) => fields(node)[part], facts.settings);
  // The host's form stores 0 for a number that nobody set.
  if (typeof value === "number") return value === 0 ? observed(key, facts) : String(value);
  if (typeof value === "boolean") return String(value);
  const set = words(value);
  if (set !== null && key !== "kubeconfig") return oneLine(set, 100);
  if (set !== null) return set.startsWith("/") && !set.includes("\n") ? oneLine(set, 200) : null;
  return observed(key, facts);
}

/** A limit may come from a default or the cluster: what the pod really had counts, and is known from its spec. */
function observed(key: string, facts: Facts): string | null {
  const { main, namespace } = facts.cluster;
  if (key === "resources.limits.memory") return main?.memoryLimit ?? null;
  if (key === "resources.requests.memory") return main?.memoryRequest ?? null;
  if (key === "image") return main?.image ?? null;
  return key === "namespace" ? namespace : null;
}

function nameOf(word: string, verdict: Verdict, facts: Facts): string | null {
  const told = verdict.names?.[word];
  if (told !== undefined && told !== null) return told;
  const { cluster } = facts;
  switch (word) {
    case "pod":
      return cluster.podName ?? (cluster.jobName === null ? null : `-l job-name=${cluster.jobName}`);
    case "job":
      return cluster.jobName;
    case "namespace":
      return cluster.namespace ?? words(facts.settings["namespace"]);
    case "node":
      return cluster.nodeName;
    case "image":
      return cluster.main?.image ?? words(facts.settings["image"]);
    case "container":
      return cluster.main?.name ?? null;
    default:
      return null;
  }
}
