import type { SettingRefusal } from "@claude-k8s/diagnostics";
import type { PodPolicy, RunSpec } from "@claude-k8s/k8s-runner";

import { type FileOwner } from "../host/file-fences.ts";
import { type Inheritance, nothingInherited } from "../own-pod/inherit.ts";
import { settingFields } from "../settings/fields.ts";
import type { SettingLayers, SettingOrigin } from "../settings/layers.ts";
import type { ParsedSettings, Settings } from "../settings/settings.ts";
import { isObject } from "../settings/values.ts";
import { refusedMcpServers, refusedNamespace, refusedSettings } from "./check.ts";
import { type ClusterChoice, refusedPlace, resolveCluster } from "./clusters.ts";
import { type VariableOrigin, ownOrigins, variablesOf } from "./destinations.ts";
import { withinMaximum } from "./limits.ts";
import type { OperatorWord } from "./operator.ts";
import type { PatternValues } from "./patterns.ts";
import { podPolicyOf, refusedPod } from "./pod-rules.ts";

type Rules = Extract<OperatorWord, { readonly kind: "rules" }>;

/** The layers in which the settings of a company's agents are read. */
export function layersOf(
  config: Readonly<Record<string, unknown>>,
  { rules }: Rules,
  companyId: string,
): SettingLayers {
  const companies = rules.companies ?? {};
  return {
    agent: config,
    ...(Object.hasOwn(companies, companyId) && { company: companies[companyId] ?? {} }),
    ...(rules.defaults && { defaults: rules.defaults }),
  };
}

export interface PermitRequest {
  readonly parsed: Extract<ParsedSettings, { readonly kind: "valid" }>;
  readonly owner: FileOwner;
  readonly word: Rules;
  /** The agent's configuration of this run, as the host gave it. */
  readonly config: Readonly<Record<string, unknown>>;
  /** The same as it is stored, with references to secrets: an issue may have other values. */
  readonly stored: Readonly<Record<string, unknown>>;
  /** Of the server. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly mcpServers: readonly { readonly name: string; readonly url: string }[];
}

/** What a run may do, so far as its settings tell it. */
export interface Permits {
  /** With the operator's maximum where nothing is set. */
  readonly settings: Settings;
  readonly cluster: ClusterChoice;
  /** For the runner, which looks at what it sends. */
  readonly policy: PodPolicy;
  /** To be asked when the namespace is known, before anything is looked for or made there. */
  readonly refusedPlace: (namespace: string) => SettingRefusal | null;
  /** To be asked when the run is planned. */
  readonly refusedRun: (spec: RunSpec, inherited?: Inheritance) => readonly SettingRefusal[];
}

export type PermitAnswer =
  | { readonly kind: "permitted"; readonly permits: Permits }
  | { readonly kind: "not-allowed"; readonly refusals: readonly SettingRefusal[] };

/** Holds settings against the operator's word. The namespace and the merged Job are looked at later, by what is returned. */
export async function askOperator(request: PermitRequest): Promise<PermitAnswer> {
  const { parsed, owner, word, stored, environment, mcpServers } = request;
  const { rules } = word;
  const values: PatternValues = { company: owner.companyId, agent: owner.agentId };
  const within = withinMaximum(parsed.settings, parsed.origins, rules.maximum ?? {});
  const storedEnv = isObject(stored["env"]) ? stored["env"] : {};
  const referencesBy = giverOf(request, ["envReferences"]);
  const variables = [
    ...variablesOf(within.settings.env, parsed.envOrigins, storedEnv),
    ...Object.keys(within.settings.envReferences).map((name) => ({
      name,
      value: null,
      origin: referencesBy,
    })),
  ];
  const given = {
    variables,
    containersBy: giverOf(request, containerSettings),
    overlayBy: giverOf(request, ["podTemplate"]),
  };
  const own = ownOrigins(environment, operatorAddresses(word, owner.companyId));
  const cluster = resolveCluster(within.settings.cluster.kubeconfig, rules, values);
  const elsewhere = cluster.kind === "chosen" ? await refusedPlace(cluster.choice) : cluster.refusal;
  const refusals = [
    ...(elsewhere === null ? [] : [elsewhere]),
    ...refusedSettings({ ...parsed, settings: within.settings, variables, rules, values, ownOrigins: own }),
    ...within.refusals,
    ...refusedMcpServers(mcpServers, rules, own),
  ];
  if (refusals.length > 0 || cluster.kind === "refused") return { kind: "not-allowed", refusals };
  return {
    kind: "permitted",
    permits: {
      settings: within.settings,
      cluster: cluster.choice,
      policy: podPolicyOf(rules, values),
      refusedPlace: (namespace) => refusedNamespace(namespace, rules, values),
      refusedRun(spec, inherited = nothingInherited) {
        const namespace = refusedNamespace(spec.namespace, rules, values);
        const keys = inherited.keys.map(({ variable }) => ({
          name: variable,
          value: null,
          origin: "operator" as const,
        }));
        const all = { ...given, variables: [...variables, ...keys] };
        return [
          ...(namespace === null ? [] : [namespace]),
          ...refusedPod(spec, rules, values, { ...all, inherited }),
        ];
      },
    },
  };
}

/** Settings that say something about the pod's containers. */
const containerSettings = ["podTemplate", "initContainers", "extraContainers"];

function giverOf({ config, stored, parsed }: PermitRequest, settings: readonly string[]): VariableOrigin {
  const origins: ReadonlyMap<string, SettingOrigin> = parsed.origins;
  const given = settings.filter((key) => origins.get(key) === "agent");
  if (given.length === 0) return "operator";
  const keys = given.flatMap((key) => [key, settingFields.find((field) => field.key === key)?.alias ?? key]);
  return keys.every((key) => JSON.stringify(config[key]) === JSON.stringify(stored[key]))
    ? "agent"
    : "elsewhere";
}

function operatorAddresses({ rules }: Rules, companyId: string): readonly unknown[] {
  const companies = rules.companies ?? {};
  const company = Object.hasOwn(companies, companyId) ? companies[companyId] : undefined;
  return [rules.defaults?.["paperclipApiUrl"], company?.["paperclipApiUrl"]];
}
