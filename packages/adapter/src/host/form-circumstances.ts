import type { Cluster } from "@claude-k8s/k8s-runner";

import type { Connections } from "../connections.ts";
import { resolveCluster } from "../operator/clusters.ts";
import type { OperatorFile } from "../operator/file-schema.ts";
import type { SettingKey } from "../settings/fields.ts";
import type { FormCircumstances } from "../settings/form.ts";
import type { HostServer } from "./server.ts";

/** A person waits for the form. */
const milliseconds = 1500;
const mostChoices = 200;

/**
 * What the form can offer: the operator's defaults, and names that the cluster knows, where the server's account may list them.
 * The form is the same for all companies, so what only some may use is left out.
 */
export async function formCircumstances({
  connections,
  server,
}: {
  readonly connections: Connections;
  readonly server: HostServer;
}): Promise<FormCircumstances> {
  const word = await server.operator.word();
  if (word.kind === "unusable") return {};
  const { rules } = word;
  const { defaults = {} } = rules;
  return { defaults, choices: { ...operatorChoices(rules), ...(await clusterChoices(rules, connections)) } };
}

type Choices = NonNullable<FormCircumstances["choices"]>;

function operatorChoices({ clusters = {}, allow = {} }: OperatorFile): Choices {
  const names = Object.keys(clusters).filter((name) => clusters[name]?.companies === undefined);
  return {
    kubeconfig: names,
    namespace: plain(allow.namespaces),
    serviceAccountName: plain(allow.serviceAccounts),
  };
}

/** A pattern is no name. */
function plain(patterns: readonly string[] = []): readonly string[] {
  return patterns.filter((pattern) => !/[*?{}]/.test(pattern));
}

async function clusterChoices(rules: OperatorFile, connections: Connections): Promise<Choices> {
  const { defaults = {}, allow = {} } = rules;
  const named = typeof defaults["kubeconfig"] === "string" ? defaults["kubeconfig"] : null;
  // Of no company and no agent in particular.
  const resolved = resolveCluster(named, rules, { company: "", agent: "" });
  if (resolved.kind === "refused") return {};
  try {
    const { cluster, defaultNamespace } = await connections.open(resolved.choice);
    const namespace = typeof defaults["namespace"] === "string" ? defaults["namespace"] : defaultNamespace;
    const list = (resource: Listed, inNamespace: string | null = null) =>
      namesOf(cluster, resource, inNamespace);
    const [namespaces, accounts, runtimes, priorities, storage] = await Promise.all([
      allow.namespaces === undefined ? list("namespaces") : [],
      allow.serviceAccounts === undefined ? list("serviceaccounts", namespace) : [],
      list("runtimeclasses"),
      list("priorityclasses"),
      list("storageclasses"),
    ]);
    const found: [SettingKey, readonly string[]][] = [
      ["namespace", namespaces.filter((name) => !name.startsWith("kube-"))],
      ["serviceAccountName", accounts],
      ["runtimeClassName", runtimes],
      ["priorityClassName", priorities.filter((name) => !name.startsWith("system-"))],
      ["workspaceClaimClass", storage],
    ];
    return Object.fromEntries(found.filter(([, names]) => names.length > 0));
  } catch {
    // Out of reach, or its kubeconfig is no good: "Test" says so.
    return {};
  }
}

type Listed = "namespaces" | "serviceaccounts" | "runtimeclasses" | "priorityclasses" | "storageclasses";

async function namesOf(
  cluster: Cluster,
  resource: Listed,
  namespace: string | null,
): Promise<readonly string[]> {
  const answer = await cluster.list(resource, namespace, {}, { deadlineMilliseconds: milliseconds });
  if (answer.kind === "error") return [];
  return answer.value.items
    .flatMap(({ metadata }) => metadata?.name ?? [])
    .sort()
    .slice(0, mostChoices);
}
