/** A connection to a cluster, from a kubeconfig or from the pod that this process runs in. */

import { createCluster } from "./api.ts";
import type { Cluster } from "./cluster.ts";
import { createCredentialSource } from "./credentials.ts";
import type { KubeconfigUser } from "./kubeconfig/kubeconfig.ts";
import { proxyFor } from "./kubeconfig/proxy.ts";
import { createKubeconfigReader } from "./kubeconfig/sources.ts";
import type { KubeConfigObject } from "./kubeconfig/kubeconfig.ts";
import type { RestrictedKubeconfig } from "../types/kubeconfig.ts";
import { createTransport } from "./transport.ts";
import type { Transport } from "./transport.ts";

export interface ConnectOptions {
  /**
   * Content of a kubeconfig, where it lies, or a `KubeConfig` of `@kubernetes/client-node`. Absent: `KUBECONFIG`,
   * `~/.kube/config`, else the pod's own service account. Relative paths in it start at its own folder; in a text or an object
   * at the working directory.
   */
  readonly kubeconfig?: string | { readonly path: string } | KubeConfigObject;
  /** Default: the kubeconfig's current context. */
  readonly context?: string;
  /** Only the pod's own service account. */
  readonly inCluster?: boolean;
  /**
   * How far the kubeconfig is trusted. Absent: as far as kubectl trusts one, which runs the programs and reads the files that
   * it names. Give it, be it `{}`, for a kubeconfig that somebody else wrote or chose.
   */
  readonly trust?: RestrictedKubeconfig;
  /**
   * For a program that asks a few things and ends: requests go over HTTP/1.1 as Node has it, which is there at once. Default: a client of
   * HTTP/2, whose connections any number of watches and logs share for hours.
   */
  readonly brief?: boolean;
}

/**
 * Makes a connection to a cluster. Nothing is sent yet, and no program is started. The kubeconfig is read as kubectl reads it,
 * proxies of the environment (`HTTPS_PROXY`, `NO_PROXY`) included; the files that it names are read again as they change, and a
 * credential plugin is asked again when its token expires or is refused. Rejects with `InvalidKubeconfigError`, which names
 * the field, for what cannot be used, is not supported (a plugin that needs a terminal) or is not allowed by
 * `trust`.
 */
export async function connect(options: ConnectOptions = {}): Promise<Cluster> {
  return createCluster(await openTransport(options));
}

export interface OpenedTransport {
  readonly server: string;
  readonly namespace: string | null;
  readonly secrets: Readonly<Record<string, string>>;
  readonly transport: Transport;
}

export async function openTransport(options: ConnectOptions): Promise<OpenedTransport> {
  const { kubeconfig, context, inCluster = false, trust = null, brief = false } = options;
  const environment = { ...process.env };
  const load = createKubeconfigReader({ kubeconfig, context, inCluster, trust, environment });
  const loaded = await load();
  const { server } = loaded.cluster;
  // A proxy that cannot be used is refused now, whatever a plugin is going to say.
  proxyFor(loaded.cluster, environment);
  const closing = new AbortController();
  const credentials = createCredentialSource({ load, loaded, environment, signal: closing.signal });
  if (loaded.user.exec === null && loaded.user.authProvider === null) await credentials.current();
  const transport = brief
    ? (await import("./brief-transport.ts")).createBriefTransport(server, credentials, closing)
    : await createTransport(server, credentials, closing);
  return { server, namespace: loaded.namespace, secrets: secretsOf(loaded.user), transport };
}

/** Of a text or an object it is all there is; a file that the kubeconfig names, and a plugin, may say another one at any time. */
function secretsOf({ token, password, keyData }: KubeconfigUser): Record<string, string> {
  const found = {
    token,
    password,
    "client-key-data": keyData === null ? null : keyData.toString("base64"),
  };
  return Object.fromEntries(
    Object.entries(found).filter((entry): entry is [string, string] => entry[1] !== null && entry[1] !== ""),
  );
}
