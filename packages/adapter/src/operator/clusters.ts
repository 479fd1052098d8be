import type { SettingRefusal } from "@claude-k8s/diagnostics";
import { InvalidKubeconfigError, type RestrictedKubeconfig } from "@claude-k8s/k8s-runner";

import { placedFolders } from "../host/file-fences.ts";
import { serverFolder } from "../host/server-files.ts";
import type { OperatorCluster, OperatorFile } from "./file-schema.ts";
import { type PatternValues, matchesAny } from "./patterns.ts";

/** Which cluster a run goes to, and how far its kubeconfig is trusted. */
export interface ClusterChoice {
  /** Path on the server; `null`: what the server's own process finds (KUBECONFIG, ~/.kube/config, its pod). */
  readonly kubeconfig: string | null;
  readonly context: string | null;
  /** `null`: as far as kubectl trusts one. */
  readonly trust: RestrictedKubeconfig | null;
}

export type ClusterResolution =
  | { readonly kind: "chosen"; readonly choice: ClusterChoice }
  | { readonly kind: "refused"; readonly refusal: SettingRefusal };

const own: ClusterChoice = { kubeconfig: null, context: null, trust: null };

/** The setting `kubeconfig`: nothing, an alias of the operator's file, or a path in one of its folders. */
export function resolveCluster(
  setting: string | null,
  rules: OperatorFile,
  values: PatternValues,
): ClusterResolution {
  if (setting === null) return { kind: "chosen", choice: own };
  const refuse = (rule: string, allow: string): ClusterResolution => ({
    kind: "refused",
    refusal: { setting: "kubeconfig", value: setting, rule, allow },
  });
  if (setting.startsWith("/")) {
    const owner = { companyId: values.company, agentId: values.agent };
    const folders = placedFolders(rules.kubeconfigFolders ?? [], owner);
    if (folders.length === 0)
      return refuse(
        "a kubeconfig by its path needs a folder that the operator names; without the setting the server's own cluster is used",
        "kubeconfigFolders",
      );
    return { kind: "chosen", choice: { kubeconfig: setting, context: null, trust: { folders } } };
  }
  const clusters = rules.clusters ?? {};
  const cluster = Object.hasOwn(clusters, setting) ? clusters[setting] : undefined;
  if (cluster === undefined || !mayUse(cluster, values)) {
    const names = Object.keys(clusters).filter((name) => mayUse(clusters[name], values));
    const rule =
      names.length === 0
        ? "the operator names no cluster"
        : `only the operator's clusters: ${names.join(", ")}`;
    return refuse(rule, "clusters");
  }
  return { kind: "chosen", choice: choiceOf(cluster) };
}

function mayUse(cluster: OperatorCluster | undefined, values: PatternValues): boolean {
  if (cluster?.companies === undefined) return cluster !== undefined;
  return matchesAny(cluster.companies, values.company, values);
}

/** Certificates are the operator's to place. Everything else that reaches beyond the file must be said. */
function choiceOf({
  kubeconfig,
  context,
  companies: _companies,
  ...permissions
}: OperatorCluster): ClusterChoice {
  if (kubeconfig === undefined) return { ...own, context: context ?? null };
  const given = Object.fromEntries(Object.entries(permissions).filter(([, allowed]) => allowed === true));
  return {
    kubeconfig,
    context: context ?? null,
    trust: {
      allowClientCertificateFiles: true,
      allowCertificateAuthorityFile: true,
      ...given,
      folders: ["/"],
    },
  };
}

/** Is the file where the operator lets kubeconfigs lie? `connect` looks again when it opens it. */
export async function refusedPlace({ kubeconfig, trust }: ClusterChoice): Promise<SettingRefusal | null> {
  if (kubeconfig === null || trust?.folders === undefined) return null;
  const fences = trust.folders.map((folder) => ({ folder }));
  const place = await serverFolder(kubeconfig, fences);
  if (place.kind !== "outside") return null;
  return {
    setting: "kubeconfig",
    value: kubeconfig,
    rule: `only files whose real path lies in ${trust.folders.join(", ")}`,
    allow: "kubeconfigFolders",
  };
}

/** A connection is one of a cluster and of how far it is trusted. */
export function clusterKey({ kubeconfig, context, trust }: ClusterChoice): string {
  return JSON.stringify([kubeconfig, context, trust]);
}

/** A refusal of `connect` as a refusal of the operator; `null`: the error is of another kind. */
export function refusedKubeconfig(error: unknown, setting: string | null): SettingRefusal | null {
  if (!InvalidKubeconfigError.isInstance(error) || error.allowedBy === null || setting === null) return null;
  const allow = setting.startsWith("/") ? "clusters" : `clusters.${setting}.${error.allowedBy}`;
  return { setting: "kubeconfig", value: setting, rule: error.message, allow };
}
