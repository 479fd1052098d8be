import { type SettingKey, type SettingValue, settingField } from "./fields.ts";
import {
  type LayeredValue,
  type SettingLayers,
  type SettingOrigin,
  otherResources,
  unwantedResources,
  valueIn,
  variablesIn,
} from "./layers.ts";
import { formerKeys } from "./former-keys.ts";
import { unobeyedFields } from "./host-fields.ts";
import { misspeltKeys, nearestName } from "./near-names.ts";
import { withoutReserved } from "./reserved.ts";
import { type ParsedSettings, type SettingProblem, type Take, settingsFrom } from "./settings.ts";
import { isObject, isSecretReference, isUnset, mostVariables, quantity } from "./values.ts";

export interface ParseOptions {
  /** For the host's "Test", which is asked before anybody could name an image: it is then the empty text. */
  readonly imageMayBeMissing?: boolean;
}

/**
 * The host's configuration, and below it what the operator's file gives → typed settings, or every value that cannot be
 * used at once: a form that tells one mistake a run costs a run a mistake. Unknown keys are the host's own and are left
 * alone; those that look like a slip are warned of.
 */
export function parseSettings(layers: SettingLayers, options: ParseOptions = {}): ParsedSettings {
  const reading = createReading(layers);
  const { take, problems, warnings, origins } = reading;
  const image = valueIn(layers, "image", undefined);
  if (image === null && options.imageMayBeMissing !== true) problems.push(problemOf("image", undefined));
  const env = readVariables(layers, problems);
  const settings = settingsFrom(take, {
    env: env.values,
    requests: otherQuantities(reading, layers, "resources.requests"),
    limits: otherQuantities(reading, layers, "resources.limits"),
    withoutResources: unwantedResources(layers),
  });
  if (problems.length > 0) return { kind: "invalid", problems };
  warnings.push(
    ...unobeyedFields(layers.agent),
    ...misspeltKeys(layers.agent),
    ...bothForms(layers.agent),
    ...formerKeys(layers.agent),
  );
  const own = withoutReserved(settings);
  warnings.push(...own.warnings);
  return { kind: "valid", settings: own.settings, warnings, origins, envOrigins: env.origins };
}

interface Reading {
  readonly take: Take;
  readonly problems: SettingProblem[];
  readonly warnings: string[];
  readonly origins: Map<SettingKey, SettingOrigin>;
}

function createReading(layers: SettingLayers): Reading {
  const problems: SettingProblem[] = [];
  const origins = new Map<SettingKey, SettingOrigin>();
  return {
    problems,
    origins,
    warnings: [],
    take<K extends SettingKey>(key: K) {
      const { schema, alias } = settingField(key);
      const found = valueIn(layers, key, alias);
      if (found === null) return null;
      const parsed = schema.safeParse(found.raw);
      if (!parsed.success) {
        problems.push(problemOf(key, found.raw));
        return null;
      }
      origins.set(key, found.origin);
      return parsed.data as SettingValue<K>;
    },
  };
}

function problemOf(key: SettingKey, raw: unknown): SettingProblem {
  const { rule, example, concealed } = settingField(key);
  if (isSecretReference(raw))
    return {
      field: key,
      value: `a reference to ${secretOf(raw)}`,
      rule: `${rule}; Paperclip resolves references to secrets only in env`,
      example,
    };
  const value = concealed === true ? `a ${typeof raw}, not shown, as it may hold a secret` : shownValue(raw);
  return { field: key, value, rule, example };
}

/** Its name in Paperclip, never what it holds. */
function secretOf(raw: unknown): string {
  const { secretId, key } = isObject(raw) ? raw : {};
  const name = [secretId, key].find((each) => typeof each === "string" && /^[\w.-]{1,80}$/.test(each));
  return typeof name === "string" ? `the secret ${name}` : "a secret";
}

function shownValue(raw: unknown): string | null {
  if (raw === undefined || raw === null) return null;
  const text = typeof raw === "string" ? raw : jsonOf(raw);
  return text.length > 200 ? `${text.slice(0, 200)}… (${text.length - 200} more)` : text;
}

function jsonOf(raw: unknown): string {
  try {
    return JSON.stringify(raw) ?? typeof raw;
  } catch {
    // Too deep, or a circle.
    return `a ${typeof raw} that cannot be shown`;
  }
}

/** Values of variables are secrets as often as not: none is ever shown. */
function readVariables(
  layers: SettingLayers,
  problems: SettingProblem[],
): { readonly values: Record<string, string>; readonly origins: Readonly<Record<string, SettingOrigin>> } {
  const nothing = { values: {}, origins: {} };
  const found = variablesIn(layers);
  if ("wrong" in found) {
    problems.push({ ...problemOf("env", undefined), value: kindOf(found.wrong) });
    return nothing;
  }
  const { rule, example, schema } = settingField("env");
  const { length } = Object.keys(found.raw);
  if (length > mostVariables) {
    const value = `an object with ${length} variables`;
    problems.push({ field: "env", value, rule: `${rule}; at most ${mostVariables}`, example });
    return nothing;
  }
  for (const [name, raw] of Object.entries(found.raw))
    if (isSecretReference(raw))
      problems.push({
        field: `env.${name}`,
        value: `a reference to ${secretOf(raw)} that Paperclip did not resolve`,
        rule: "a text, or a reference to a secret that exists and that this agent may use",
        example,
      });
    else if (!schema.safeParse({ [name]: raw }).success)
      problems.push({ field: "env", value: `an object with ${shownValue(name)}`, rule, example });
  const parsed = schema.safeParse(found.raw);
  return parsed.success ? { values: parsed.data, origins: found.origins } : nothing;
}

function kindOf({ raw }: LayeredValue): string {
  return Array.isArray(raw) ? "a list" : `a ${typeof raw}`;
}

const standardResources = ["cpu", "memory", "ephemeral-storage"] as const;
const resourceName =
  /^(([a-z0-9]([a-z0-9.-]*[a-z0-9])?\/)[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?|hugepages-\w+)$/;

function otherQuantities(
  { problems, warnings }: Reading,
  layers: SettingLayers,
  prefix: "resources.requests" | "resources.limits",
): Record<string, string> {
  const values: Record<string, string> = {};
  for (const { name, raw } of otherResources(layers, prefix, new Set(standardResources))) {
    if (!resourceName.test(name)) {
      const near = nearestName(name, standardResources);
      const advice = near === null ? "" : `; did you mean ${near}?`;
      warnings.push(
        `${prefix}.${name.slice(0, 80)}: Kubernetes has no resource of this name, it is left out${advice}`,
      );
      continue;
    }
    const parsed = quantity().safeParse(raw);
    if (parsed.success) values[name] = parsed.data;
    else {
      const { rule, example } = settingField(`${prefix}.cpu`);
      problems.push({ field: `${prefix}.${name}`, value: shownValue(raw), rule, example });
    }
  }
  return values;
}

function bothForms(config: SettingLayers["agent"]): readonly string[] {
  const flat = Object.keys(config).some((key) => key.startsWith("resources.") && !isUnset(config[key], true));
  return flat && isObject(config["resources"])
    ? ["resources: both the object and flat keys are set; the flat keys win where both name a value"]
    : [];
}
