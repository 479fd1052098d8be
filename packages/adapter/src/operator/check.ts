import type { SettingRefusal } from "@claude-k8s/diagnostics";

import type { SettingKey } from "../settings/fields.ts";
import type { SettingOrigin } from "../settings/layers.ts";
import type { Settings } from "../settings/settings.ts";
import { refusedArguments } from "./arguments.ts";
import { type Variable, originOf, refusedVariables } from "./destinations.ts";
import type { OperatorFile } from "./file-schema.ts";
import { isListed, listedRule } from "./overlay-fields.ts";
import { type PatternValues, allowsImage, matchesAny } from "./patterns.ts";
import { allowedFields, labelRefusals } from "./pod-rules.ts";

export interface SettingsCheck {
  readonly settings: Settings;
  readonly origins: ReadonlyMap<SettingKey, SettingOrigin>;
  readonly variables: readonly Variable[];
  readonly rules: OperatorFile;
  readonly values: PatternValues;
  /** Origins of Paperclip's own addresses. */
  readonly ownOrigins: ReadonlySet<string>;
}

/** Everything that settings ask for and the operator does not allow, but for what only the merged Job shows. */
export function refusedSettings(check: SettingsCheck): readonly SettingRefusal[] {
  const { settings, origins, variables, rules, values } = check;
  const { allow = {} } = rules;
  const { image, serviceAccountName, labels } = settings.pod;
  const refusals: SettingRefusal[] = [];
  if (allow.images !== undefined && image !== "" && !allowsImage(allow.images, image, values))
    refusals.push({
      setting: "image",
      value: image,
      rule: `only ${allow.images.join(", ")}`,
      allow: "allow.images",
    });
  if (
    allow.serviceAccounts !== undefined &&
    serviceAccountName !== null &&
    !matchesAny(allow.serviceAccounts, serviceAccountName, values)
  )
    refusals.push({
      setting: "serviceAccountName",
      value: serviceAccountName,
      rule: `only ${allow.serviceAccounts.join(", ")}`,
      allow: "allow.serviceAccounts",
    });
  refusals.push(
    ...podFieldRefusals(check),
    ...queueRefusals(check),
    ...labelRefusals(labels, "labels", allowedFields(rules)),
    ...addressRefusals(check),
    ...refusedVariables({ variables, allowed: allow.env ?? [], values }),
  );
  // The operator's own arguments are the operator's word.
  if (origins.get("extraArgs") === "agent")
    refusals.push(...refusedArguments(settings.claude.extraArgs, allow.extraArgs ?? [], rules.maximum ?? {}));
  return refusals;
}

/** `http://paperclip:3100\\@elsewhere` is one host to us, and the other one to curl. */
const plainAddress = /^https?:\/\/[A-Za-z0-9.:[\]_-]+(\/[A-Za-z0-9._~%/-]*)?$/i;

/** Settings that say what `podTemplate` could say, and the field that it would be there. */
const fieldsOfSettings = {
  priorityClassName: "spec.priorityClassName",
  runtimeClassName: "spec.runtimeClassName",
  affinity: "spec.affinity",
  topologySpreadConstraints: "spec.topologySpreadConstraints",
  hostAliases: "spec.hostAliases",
  initContainers: "spec.initContainers",
  extraContainers: "spec.containers",
} satisfies Partial<Record<SettingKey, string>>;

function podFieldRefusals({ origins, rules }: SettingsCheck): readonly SettingRefusal[] {
  const listed = rules.allow?.podTemplateFields;
  if (listed === undefined) return [];
  return Object.entries(fieldsOfSettings).flatMap(([setting, field]): SettingRefusal[] =>
    origins.get(setting as SettingKey) !== "agent" || isListed(field, listed)
      ? []
      : [{ setting, rule: listedRule(listed), allow: "allow.podTemplateFields" }],
  );
}

/** Another queue is another team's share of the cluster. */
function queueRefusals({ settings, origins, rules, values }: SettingsCheck): readonly SettingRefusal[] {
  const { queueName } = settings.pod;
  const queues = rules.allow?.queues;
  if (queueName === null || (queues === undefined && origins.get("queueName") !== "agent")) return [];
  if (queues !== undefined && matchesAny(queues, queueName, values)) return [];
  const rule =
    queues === undefined ? "the operator says which queue runs wait in" : `only ${queues.join(", ")}`;
  return [{ setting: "queueName", value: queueName, rule, allow: "allow.queues" }];
}

function addressRefusals({ settings, origins, rules, ownOrigins }: SettingsCheck): readonly SettingRefusal[] {
  const { paperclipApiUrl } = settings.claude;
  if (paperclipApiUrl === null || origins.get("paperclipApiUrl") !== "agent") return [];
  const origin = originOf(paperclipApiUrl);
  const allowed = new Set([
    ...ownOrigins,
    ...(rules.allow?.apiOrigins ?? []).flatMap((each) => originOf(each) ?? []),
  ]);
  if (origin !== null && allowed.has(origin) && plainAddress.test(paperclipApiUrl)) return [];
  return [
    {
      setting: "paperclipApiUrl",
      value: origin ?? "an address with a name or a password",
      rule:
        origin !== null && allowed.has(origin)
          ? "an address without characters that programs read differently (\\ @ # ? and the like)"
          : `the run's token goes only to ${[...allowed].join(", ") || "the addresses that the operator gives"}`,
      allow: "allow.apiOrigins",
    },
  ];
}

/** Asked when the cluster is known: without the setting it is the cluster's own. */
export function refusedNamespace(
  namespace: string,
  rules: OperatorFile,
  values: PatternValues,
): SettingRefusal | null {
  const namespaces = rules.allow?.namespaces;
  if (namespaces === undefined || matchesAny(namespaces, namespace, values)) return null;
  const filled = namespaces.map((each) => each.replaceAll("{company}", values.company));
  return {
    setting: "namespace",
    value: namespace,
    rule: `only ${filled.join(", ")}`,
    allow: "allow.namespaces",
  };
}

/** MCP servers get tokens: by default those that Paperclip names, with a list only its own and the list's. */
export function refusedMcpServers(
  servers: readonly { readonly name: string; readonly url: string }[],
  rules: OperatorFile,
  ownOrigins: ReadonlySet<string>,
): readonly SettingRefusal[] {
  const listed = rules.allow?.mcpOrigins;
  if (listed === undefined) return [];
  const allowed = new Set([
    ...ownOrigins,
    ...[...listed, ...(rules.allow?.apiOrigins ?? [])].flatMap((each) => originOf(each) ?? []),
  ]);
  return servers
    .filter(({ url }) => !allowed.has(originOf(url) ?? ""))
    .map(({ name, url }) => ({
      setting: `mcp.${name}`,
      value: originOf(url) ?? "an address with a name or a password",
      rule: `tokens of MCP servers go only to ${[...allowed].join(", ")}`,
      allow: "allow.mcpOrigins",
    }));
}
