import { ApiException, CoreV1Api, type KubeConfig, VersionApi } from "@kubernetes/client-node";

import { type Check, fine, unknown } from "./check.ts";

/** The oldest release whose Jobs and pods tell what the runner reads: pod disruption conditions are there by default from it on. */
const oldestMinor = 26;

export async function versionCheck(config: KubeConfig): Promise<Check> {
  const title = "Kubernetes release";
  try {
    const { major, minor, gitVersion } = await config.makeApiClient(VersionApi).getCode();
    const isOld = Number(major) === 1 && Number.parseInt(minor, 10) < oldestMinor;
    if (!isOld) return fine("version", title, gitVersion);
    return {
      code: "version",
      level: "warning",
      title,
      found: `${gitVersion} is older than 1.${oldestMinor}: why a pod was taken away is not told there`,
      fix: [`upgrade the cluster to 1.${oldestMinor} or newer`],
    };
  } catch (error) {
    return unknown("version", title, reasonOf(error));
  }
}

/** What a quota leaves: a pod more, and its memory and CPU where they are limited. */
export async function quotaCheck(config: KubeConfig, namespace: string): Promise<Check> {
  const title = "Room in the quota";
  try {
    const { items } = await config.makeApiClient(CoreV1Api).listNamespacedResourceQuota({ namespace });
    const full = items.flatMap(({ metadata, status }) =>
      Object.entries(status?.hard ?? {}).flatMap(([name, hard]) => {
        const used = status?.used?.[name] ?? "0";
        return quantity(used) >= quantity(hard)
          ? [{ quota: metadata?.name ?? "", text: `${name}: ${used} of ${hard}` }]
          : [];
      }),
    );
    if (items.length === 0) return fine("quota", title, "there is no quota");
    if (full.length === 0) return fine("quota", title, `${items.length} quotas, none used up`);
    return {
      code: "quota",
      level: "error",
      title,
      found: `used up: ${full.map(({ quota, text }) => `${text} (quota ${quota})`).join(", ")}`,
      fix: [...new Set(full.map(({ quota }) => `kubectl -n ${namespace} edit resourcequota ${quota}`))],
    };
  } catch (error) {
    return unknown("quota", title, `not known: ${reasonOf(error)}`);
  }
}

/** A line that is written while a file is rotated away twice is lost; a run of many sub-agents writes megabytes a minute. */
const leastRotationBytes = 5 * 1024 ** 2;

export async function rotationCheck(config: KubeConfig): Promise<Check> {
  const title = "Log files of the nodes";
  try {
    const api = config.makeApiClient(CoreV1Api);
    const { items } = await api.listNode({ limit: 1 });
    const name = items[0]?.metadata?.name;
    if (name === undefined) return unknown("rotation", title, "there is no node");
    const text: unknown = await api.connectGetNodeProxyWithPath({ name, path: "configz" });
    const { kubeletconfig } = (typeof text === "string" ? JSON.parse(text) : text) as {
      kubeletconfig?: { containerLogMaxSize?: string; containerLogMaxFiles?: number };
    };
    const { containerLogMaxSize: size = "10Mi", containerLogMaxFiles: files = 5 } = kubeletconfig ?? {};
    const found = `rotated at ${size}, ${files} files are kept (node ${name})`;
    if (quantity(size) >= leastRotationBytes && files >= 2) return fine("rotation", title, found);
    return {
      code: "rotation",
      level: "warning",
      title,
      found: `${found}: output that comes fast can be rotated away before it is read`,
      fix: ["set containerLogMaxSize: 10Mi and containerLogMaxFiles: 5 in the kubelet's configuration"],
    };
  } catch (error) {
    return unknown("rotation", title, `not known: ${reasonOf(error)}`);
  }
}

const factors: Readonly<Record<string, number>> = {
  "": 1,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

function quantity(text: string): number {
  const [, number = "0", unit = ""] = /^([\d.]+)([A-Za-z]*)$/.exec(text) ?? [];
  return Number(number) * (factors[unit] ?? 1);
}

export function reasonOf(error: unknown): string {
  if (error instanceof ApiException)
    return error.code === 403 ? "the account may not read it" : `HTTP ${error.code}`;
  return error instanceof Error ? error.message : String(error);
}
