import type { ConfigField } from "../host/contract.ts";
import { type NamedField, type SettingKey, settingFields } from "./fields.ts";

/**
 * The form that Paperclip's page draws: one column in this order, hints only under the pointer, and no mark of what is required. So
 * what a person must know stands in the label, and what few people need waits behind a switch. A new setting lands there by itself.
 */
export interface FormCircumstances {
  /** What the operator's file gives to all agents. */
  readonly defaults?: Readonly<Record<string, unknown>>;
  /**
   * Values that the cluster knows, by the setting's key. The keys are text here: their own type would make the schemas of all
   * settings, with the types of every library below them, part of the package's declarations.
   */
  readonly choices?: Readonly<Record<string, readonly string[]>>;
}

/** In the order of need. */
const first: readonly SettingKey[] = [
  "image",
  "namespace",
  "kubeconfig",
  "paperclipApiUrl",
  "workspaceMode",
  "resources.requests.cpu",
  "resources.requests.memory",
  "resources.limits.cpu",
  "resources.limits.memory",
  "maxTurnsPerRun",
  "maxBudgetUsd",
  "dailyBudgetUsd",
];

/** The host draws them under its own "Advanced Run Policy", by their names. */
const inRunPolicy: ReadonlySet<SettingKey> = new Set(["timeoutSec", "graceSec", "sessionMode"]);

/** Stored with the agent, as all that the form shows; no setting. */
export const advancedKey = "showAdvanced";

export function settingsForm(circumstances: FormCircumstances = {}): { fields: ConfigField[] } {
  const shown = settingFields.filter(({ hidden }) => hidden !== true);
  const basic = first.flatMap((key) => shown.find((field) => field.key === key) ?? []);
  const others = shown.filter(({ key }) => !first.includes(key));
  const policy = others.filter(({ key }) => inRunPolicy.has(key));
  const advanced = others.filter(({ key }) => !inRunPolicy.has(key));
  const draw = (field: NamedField): ConfigField => toConfigField(field, circumstances);
  return {
    fields: [
      ...basic.map(draw),
      ...policy.map(draw),
      {
        key: advancedKey,
        label: `Advanced (${advanced.length} more settings)`,
        type: "toggle",
        default: false,
        hint: "Shows them; it changes nothing of a run. Every setting works whether it is shown or not.",
      },
      ...advanced.map((field) =>
        Object.assign(draw(field), { meta: { visibleWhen: { key: advancedKey, value: "true" } } }),
      ),
    ],
  };
}

function toConfigField(field: NamedField, { defaults = {}, choices = {} }: FormCircumstances): ConfigField {
  const given = givenBy(defaults, field);
  const unset = given === null ? field.unset : `${given}, by the operator's file`;
  const known = choices[field.key] ?? [];
  return {
    key: field.key,
    label: `${field.label}${asideOf(field, given, known.length > 0)}`,
    type: known.length > 0 && field.type === "text" ? "combobox" : field.type,
    group: field.group,
    hint: `${field.hint} Not set: ${unset}. Example: ${field.example}`,
    ...optionsOf(field, unset, known),
    ...(field.formDefault !== undefined && { default: field.formDefault }),
  };
}

function optionsOf({ options }: NamedField, unset: string, known: readonly string[]): Partial<ConfigField> {
  if (options !== undefined) {
    const words = briefly(unset);
    // Without an empty choice the form picks the first one and stores it.
    const none = { label: words === null ? "Not set" : `Not set: ${words}`, value: "" };
    return { options: [none, ...options.map((option) => ({ label: option, value: option }))] };
  }
  return known.length === 0 ? {} : { options: known.map((value) => ({ label: value, value })) };
}

/** What stands behind the label, where everybody sees it. */
function asideOf(
  { type, unset, aside, formDefault }: NamedField,
  given: string | null,
  isChosen: boolean,
): string {
  if (type === "toggle") return given === null ? "" : ` (operator's file: ${given})`;
  const ofUnset =
    given !== null
      ? `operator's file: ${given}`
      : formDefault !== undefined
        ? null
        : type === "number"
          ? `0: ${briefly(unset) ?? "not set"}`
          : type === "select" || briefly(unset) === null
            ? null
            : `empty: ${briefly(unset)}`;
  // An example is of no use beside what holds; a unit is.
  const own = given !== null && type !== "number" ? null : (aside ?? null);
  const parts = [own, ofUnset, isChosen ? "choose, or type and press Enter" : null];
  const words = parts.filter((part) => part !== null);
  return words.length === 0 ? "" : ` (${words.join("; ")})`;
}

const mostBriefCharacters = 40;

/** The first clause, where it is short enough to stand in a label; `null`: it is not. */
function briefly(text: string): string | null {
  const [clause = ""] = text.split(/[,:;]/, 1);
  return clause.length > mostBriefCharacters ? null : clause;
}

function givenBy(defaults: Readonly<Record<string, unknown>>, field: NamedField): string | null {
  const value = defaults[field.key];
  const isPlain = typeof value === "string" || typeof value === "number" || typeof value === "boolean";
  if (field.concealed === true || !isPlain) return null;
  const text = String(value);
  return text === "" || text.length > mostGivenCharacters ? null : text;
}

const mostGivenCharacters = 80;
