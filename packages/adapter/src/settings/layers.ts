import { settingFields, type SettingKey } from "./fields.ts";
import { isObject, isUnset, noQuantity } from "./values.ts";

type Raw = Readonly<Record<string, unknown>>;

/** Who gave a value. The agent's settings win over its company's in the operator's file, those over the operator's defaults. */
export type SettingOrigin = "agent" | "company" | "defaults";

export interface SettingLayers {
  readonly agent: Raw;
  /** `companies.ID` of the operator's file. */
  readonly company?: Raw;
  /** `defaults` of the operator's file. */
  readonly defaults?: Raw;
}

export interface LayeredValue {
  readonly raw: unknown;
  readonly origin: SettingOrigin;
}

const order = ["agent", "company", "defaults"] as const;

/** The value of one setting and who gave it; `null`: nobody. */
export function valueIn(
  layers: SettingLayers,
  key: SettingKey,
  alias: string | undefined,
): LayeredValue | null {
  const field = settingFields.find((each) => each.key === key);
  const zeroIsValue = field?.zeroIsValue === true;
  const zero = field?.type === "number" && !zeroIsValue;
  for (const origin of order)
    for (const name of alias === undefined ? [key] : [key, alias]) {
      const raw = rawValue(layers[origin] ?? {}, name, zero);
      // The form stores it for whoever said nothing.
      if (origin === "agent" && raw !== undefined && raw === field?.formDefault) continue;
      if (!isUnset(raw, zero) || (zeroIsValue && raw === 0)) return { raw, origin };
    }
  return null;
}

/** Flat keys as the form stores them (`resources.limits.cpu`) win over the nested object of the API. */
function rawValue(config: Raw, key: string, zero: boolean): unknown {
  const flat = Object.hasOwn(config, key) ? config[key] : undefined;
  if (!key.includes(".") || !isUnset(flat, zero)) return flat;
  const [group = "", part = "", ...rest] = key.split(".");
  const nested = isObject(config[group]) ? config[group][part] : undefined;
  return isObject(nested) ? nested[rest.join(".")] : undefined;
}

export interface LayeredVariables {
  readonly raw: Readonly<Record<string, unknown>>;
  readonly origins: Readonly<Record<string, SettingOrigin>>;
}

/** Variables are merged name by name: an agent that sets one of its own keeps the operator's others. `null`: some `env` is no object. */
export function variablesIn(layers: SettingLayers): LayeredVariables | { readonly wrong: LayeredValue } {
  const raw: Record<string, unknown> = {};
  const origins: Record<string, SettingOrigin> = {};
  for (const origin of order.toReversed()) {
    const given = layers[origin]?.["env"];
    if (isUnset(given, false)) continue;
    if (!isObject(given)) return { wrong: { raw: given, origin } };
    for (const [name, value] of Object.entries(given)) {
      if (value === undefined || value === null) continue;
      raw[name] = value;
      origins[name] = origin;
    }
  }
  return { raw, origins };
}

/** Resources beside CPU, memory and scratch space: `nvidia.com/gpu` and the like, of `resources.limits` or `resources.requests`. */
export function otherResources(
  layers: SettingLayers,
  prefix: "resources.requests" | "resources.limits",
  known: ReadonlySet<string>,
): readonly { readonly name: string; readonly raw: unknown }[] {
  const [, part = ""] = prefix.split(".");
  const found = new Map<string, unknown>();
  for (const origin of order.toReversed()) {
    const config = layers[origin] ?? {};
    const nested = isObject(config["resources"]) ? config["resources"][part] : undefined;
    const flat = Object.entries(config).flatMap(([key, value]): [string, unknown][] =>
      key.startsWith(`${prefix}.`) ? [[key.slice(prefix.length + 1), value]] : [],
    );
    for (const [name, raw] of [...(isObject(nested) ? Object.entries(nested) : []), ...flat])
      if (!known.has(name) && !isUnset(raw, false)) found.set(name, raw);
  }
  return [...found].map(([name, raw]) => ({ name, raw }));
}

/** Resources that are to be none: by the word, or by an empty place in the object, where nobody gives a value. */
export function unwantedResources(layers: SettingLayers): readonly string[] {
  return ["requests", "limits"].flatMap((part) =>
    ["cpu", "memory"].flatMap((name) => {
      const key = `resources.${part}.${name}` as SettingKey;
      const given = valueIn(layers, key, undefined)?.raw;
      const none =
        given === undefined ? order.some((origin) => isLeftEmpty(layers[origin], part, name)) : isNone(given);
      return none ? [`${part}.${name}`] : [];
    }),
  );
}

function isNone(raw: unknown): boolean {
  return typeof raw === "string" && raw.trim() === noQuantity;
}

/** The form writes flat keys only, so that an empty place of the object was meant. */
function isLeftEmpty(config: Raw | undefined, part: string, name: string): boolean {
  const object = config?.["resources"];
  if (!isObject(object) || !Object.hasOwn(object, part)) return false;
  const given = object[part];
  return isObject(given)
    ? Object.keys(given).length === 0 || (Object.hasOwn(given, name) && isUnset(given[name], true))
    : isUnset(given, false);
}

/** All that was given, as one configuration: what the agent set in front of its company's and of the defaults. */
export function effectiveConfig(layers: SettingLayers): Readonly<Record<string, unknown>> {
  const set = Object.entries(layers.agent).filter(([, value]) => !isUnset(value, false));
  return { ...layers.defaults, ...layers.company, ...Object.fromEntries(set) };
}
