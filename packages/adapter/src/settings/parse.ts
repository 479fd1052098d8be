import type { RunSpec } from "@claude-k8s/k8s-runner";

import { settingField } from "./fields.ts";
import type { ParsedSettings, SettingProblem } from "./settings.ts";
import {
  type Reading,
  isObject,
  readChoice,
  readCount,
  readNames,
  readProse,
  readQuantity,
  readStructure,
  readText,
  readToggle,
} from "./values.ts";
import { splitWords } from "./words.ts";

const maximumSeconds = 2_147_483;
const absolutePath = /^\/[^\0]*$/;
const word = /^\S+$/;
const namespaceName = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const objectName = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/;

/**
 * The host's configuration → typed settings, or every value that cannot be used at once: a form that tells one mistake
 * a run costs a run a mistake. Unknown keys are the host's own and are left alone.
 */
export function parseSettings(config: Readonly<Record<string, unknown>>): ParsedSettings {
  const problems: SettingProblem[] = [];
  const warnings: string[] = [];
  const take = <T>(key: string, read: (raw: unknown) => Reading<T>): T | null => {
    const raw = valueOf(config, key);
    const reading = read(raw);
    if (reading.kind === "wrong") problems.push(problemOf(key, raw));
    return reading.kind === "set" ? reading.value : null;
  };
  const text = (key: string, pattern?: RegExp) => take(key, (raw) => readText(raw, pattern));
  const seconds = (key: string, maximum = maximumSeconds) => take(key, (raw) => readCount(raw, maximum));

  const image = text("image", word);
  if (image === null && !problems.some((problem) => problem.field === "image"))
    problems.push(problemOf("image", undefined));
  const env = take("env", readEnvironment) ?? {};
  const settings = {
    cluster: {
      kubeconfig: text("kubeconfig", absolutePath),
      namespace: text("namespace", namespaceName),
    },
    pod: {
      image: image ?? "",
      imagePullPolicy: take("imagePullPolicy", (raw) =>
        readChoice(raw, ["IfNotPresent", "Always", "Never"] as const),
      ),
      serviceAccountName: text("serviceAccountName", objectName),
      resources: {
        requests: quantities(take, "resources.requests"),
        limits: quantities(take, "resources.limits"),
      },
      labels: take("labels", readNames) ?? {},
      nodeSelector: take("nodeSelector", readNames) ?? {},
      tolerations: take("tolerations", readTolerations) ?? [],
      podTemplate: take("podTemplate", readPodTemplate),
      workingDirectory: text("cwd", absolutePath),
      homeDirectory: text("homeDirectory", absolutePath),
    },
    life: {
      deadlineSeconds: seconds("timeoutSec"),
      graceSeconds: seconds("graceSec", 3600) ?? 30,
      busyWaitSeconds: seconds("busyWaitSec", 3600) ?? 45,
      retainJobs: take("retainJobs", readToggle) ?? false,
      ttlSecondsAfterFinished: seconds("ttlSecondsAfterFinished") ?? 3600,
    },
    claude: {
      model: text("model", word),
      effort: text("effort", word) ?? take("thinkingEffort", (raw) => readText(raw, word)),
      maxTurns: take("maxTurnsPerRun", (raw) => readCount(raw, 100_000)),
      skipPermissions: take("dangerouslySkipPermissions", readToggle) ?? true,
      extraArgs: take("extraArgs", readArguments) ?? [],
      promptTemplate: take("promptTemplate", readProse),
      bootstrapPromptTemplate: take("bootstrapPromptTemplate", readProse),
      instructionsFilePath: text("instructionsFilePath", absolutePath),
      paperclipApiUrl: text("paperclipApiUrl", /^https?:\/\/[^\s/]+/),
    },
    env,
  };
  if (problems.length > 0) return { kind: "invalid", problems };
  if (isObject(config["resources"]) && hasFlatResources(config))
    warnings.push(
      "resources: both the object and flat keys are set; the flat keys win where both name a value",
    );
  return { kind: "valid", settings, warnings };
}

/** Flat keys as the form stores them (`resources.limits.cpu`) win over the nested object of the API. */
function valueOf(config: Readonly<Record<string, unknown>>, key: string): unknown {
  const flat = config[key];
  if (!key.includes(".") || (flat !== undefined && flat !== null && flat !== "" && flat !== 0)) return flat;
  let nested: unknown = config;
  for (const part of key.split(".")) nested = isObject(nested) ? nested[part] : undefined;
  return nested ?? flat;
}

function hasFlatResources(config: Readonly<Record<string, unknown>>): boolean {
  return Object.keys(config).some((key) => key.startsWith("resources.") && config[key]);
}

function problemOf(key: string, raw: unknown): SettingProblem {
  const field = settingField(key === "thinkingEffort" ? "effort" : key);
  return { field: key, value: shownValue(key, raw), rule: field.rule, example: field.example };
}

function shownValue(key: string, raw: unknown): string | null {
  if (raw === undefined || raw === null) return null;
  // Values of variables are secrets as often as not.
  if (key === "env") return isObject(raw) ? `an object with ${Object.keys(raw).join(", ")}` : typeof raw;
  const text = typeof raw === "string" ? raw : JSON.stringify(raw);
  return text.length > 200 ? `${text.slice(0, 200)}… (${text.length - 200} more)` : text;
}

function quantities(
  take: (key: string, read: (raw: unknown) => Reading<string>) => string | null,
  prefix: string,
): Record<string, string> {
  const cpu = take(`${prefix}.cpu`, readQuantity);
  const memory = take(`${prefix}.memory`, readQuantity);
  return { ...(cpu !== null && { cpu }), ...(memory !== null && { memory }) };
}

function readTolerations(raw: unknown): Reading<NonNullable<RunSpec["tolerations"]>> {
  const structure = readStructure(raw);
  if (structure.kind !== "set") return structure;
  if (!Array.isArray(structure.value) || !structure.value.every(isObject)) return { kind: "wrong" };
  return { kind: "set", value: structure.value };
}

function readPodTemplate(raw: unknown): Reading<NonNullable<RunSpec["podTemplate"]>> {
  const structure = readStructure(raw);
  if (structure.kind !== "set") return structure;
  if (!isObject(structure.value)) return { kind: "wrong" };
  const known = new Set(["metadata", "spec", "apiVersion", "kind"]);
  const { value } = structure;
  if (!Object.keys(value).every((key) => known.has(key))) return { kind: "wrong" };
  const parts = [value["metadata"], value["spec"]];
  if (!parts.every((part) => part === undefined || isObject(part))) return { kind: "wrong" };
  return { kind: "set", value: { ...pick(value, "metadata"), ...pick(value, "spec") } };
}

function pick(value: Record<string, unknown>, key: string): Record<string, unknown> {
  return value[key] === undefined ? {} : { [key]: value[key] };
}

function readArguments(raw: unknown): Reading<readonly string[]> {
  if (Array.isArray(raw))
    return raw.every((each) => typeof each === "string") ? { kind: "set", value: raw } : { kind: "wrong" };
  const line = readText(raw);
  if (line.kind !== "set") return line;
  const words = splitWords(line.value);
  return words === null ? { kind: "wrong" } : { kind: "set", value: words };
}

function readEnvironment(raw: unknown): Reading<Readonly<Record<string, string>>> {
  if (raw === undefined || raw === null) return { kind: "unset" };
  if (!isObject(raw)) return { kind: "wrong" };
  const entries = Object.entries(raw).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string",
  );
  if (entries.some(([name, value]) => !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) || value.includes("\0")))
    return { kind: "wrong" };
  return { kind: "set", value: Object.fromEntries(entries) };
}
