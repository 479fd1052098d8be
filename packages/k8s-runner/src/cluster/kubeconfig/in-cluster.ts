/** The service account of the pod that this process runs in. */

import { access } from "node:fs/promises";
import { isIPv6 } from "node:net";
import { InvalidKubeconfigError } from "../../errors.ts";
import type { LoadedKubeconfig } from "./kubeconfig.ts";
import { readBounded } from "./read-file.ts";

const folder = "/var/run/secrets/kubernetes.io/serviceaccount";

export async function runsInCluster(): Promise<boolean> {
  return access(`${folder}/token`).then(
    () => true,
    () => false,
  );
}

/** https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/ */
export async function inClusterKubeconfig(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<LoadedKubeconfig> {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = environment;
  if (host === undefined || port === undefined || !(await runsInCluster()))
    throw new InvalidKubeconfigError("path", "this process does not run in a pod with a service account");
  const namespace = await readBounded(`${folder}/namespace`, null).then(
    ({ content }) => content.toString("utf8").trim(),
    () => "",
  );
  return {
    cluster: {
      name: "in-cluster",
      server: `https://${isIPv6(host) ? `[${host}]` : host}:${port}`,
      authorityData: null,
      authorityFile: `${folder}/ca.crt`,
      insecure: false,
      serverName: null,
      proxyUrl: null,
      raw: {},
    },
    user: {
      name: "in-cluster",
      token: null,
      tokenFile: `${folder}/token`,
      username: null,
      password: null,
      certificateData: null,
      certificateFile: null,
      keyData: null,
      keyFile: null,
      impersonation: {},
      exec: null,
      authProvider: null,
    },
    namespace: namespace === "" ? null : namespace,
    clusterFolder: folder,
    userFolder: folder,
    authSource: null,
    folders: null,
  };
}
