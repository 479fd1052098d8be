/** The one importer of the Kubernetes client's values. It is loaded when first used: it takes half a second. */

import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { KubeConfig } from "@kubernetes/client-node";
import { InvalidKubeconfigError } from "../errors.ts";
import { createCluster } from "./api.ts";
import type { Cluster } from "./cluster.ts";
import { createCredentialSource } from "./credentials.ts";
import { sourceOf, useTokenFile } from "./token-file.ts";
import type { KubeconfigSource } from "./token-file.ts";
import { createTransport } from "./transport.ts";

export interface ConnectOptions {
  /** Content of a kubeconfig, or where it lies. Absent: `KUBECONFIG`, `~/.kube/config`, else the pod's own service account. */
  readonly kubeconfig?: string | { readonly path: string };
  /** Default: the kubeconfig's current context. */
  readonly context?: string;
  /** Only the pod's own service account. */
  readonly inCluster?: boolean;
}

/**
 * Makes a connection to a cluster. Nothing is sent yet. Files that the kubeconfig names (tokens, certificates) are read
 * again as they change. Rejects with `InvalidKubeconfigError`.
 */
export async function connect(options: ConnectOptions = {}): Promise<Cluster> {
  const load = (): Promise<KubeConfig> => loadKubeconfig(options);
  const config = await load();
  const server = config.getCurrentCluster()?.server;
  if (server === undefined) throw new InvalidKubeconfigError("clusters", "the kubeconfig names no cluster");
  const transport = await createTransport(server, createCredentialSource(load, config));
  return createCluster({
    server,
    namespace: config.getContextObject(config.currentContext)?.namespace ?? null,
    transport,
  });
}

async function loadKubeconfig({ kubeconfig, context, inCluster }: ConnectOptions): Promise<KubeConfig> {
  const { KubeConfig: Config, findHomeDir, loadYaml } = await import("@kubernetes/client-node");
  const config = new Config();
  let sources: readonly KubeconfigSource[] = [];
  try {
    if (inCluster === true) config.loadFromCluster();
    else if (typeof kubeconfig === "string") config.loadFromString(kubeconfig);
    else if (kubeconfig !== undefined) config.loadFromFile(kubeconfig.path);
    else config.loadFromDefault();
    if (inCluster !== true) sources = sourcesOf(kubeconfig, findHomeDir());
  } catch (error) {
    // Without its cause: a YAML error carries the whole text, tokens included.
    throw new InvalidKubeconfigError(fieldOf(kubeconfig, error), messageOf(kubeconfig, inCluster, error));
  }
  if (context !== undefined) config.setCurrentContext(context);
  verify(config);
  await useTokenFile(config, sources, loadYaml);
  return config;
}

/** The texts that the client has read. */
function sourcesOf(
  kubeconfig: ConnectOptions["kubeconfig"],
  homeFolder: string | null,
): readonly KubeconfigSource[] {
  if (typeof kubeconfig === "string") return [{ text: kubeconfig, folder: "." }];
  if (kubeconfig !== undefined) return [sourceOf(kubeconfig.path)];
  const listed = process.env["KUBECONFIG"]?.split(delimiter).filter((path) => path !== "") ?? [];
  if (listed.length > 0) return listed.map(sourceOf);
  const usual = homeFolder === null ? null : join(homeFolder, ".kube", "config");
  return usual !== null && existsSync(usual) ? [sourceOf(usual)] : [];
}

function verify(config: KubeConfig): void {
  const context = config.getContextObject(config.currentContext);
  if (context === null)
    throw new InvalidKubeconfigError(
      "current-context",
      `the kubeconfig has no context ${quote(config.currentContext)}; it has ${list(config.contexts)}`,
    );
  const cluster = config.getCurrentCluster();
  if (cluster === null)
    throw new InvalidKubeconfigError(
      "clusters",
      `context ${quote(context.name)} names cluster ${quote(context.cluster)}, which the kubeconfig does not have`,
    );
  if (!URL.canParse(cluster.server) || !/^https?:$/.test(new URL(cluster.server).protocol))
    throw new InvalidKubeconfigError("clusters", `cluster ${quote(cluster.name)} has no usable server URL`);
  if (context.user && config.getCurrentUser() === null)
    throw new InvalidKubeconfigError(
      "users",
      `context ${quote(context.name)} names user ${quote(context.user)}, which the kubeconfig does not have`,
    );
  // What the client falls back to when it finds no configuration at all.
  if (cluster.server === "http://localhost:8080")
    throw new InvalidKubeconfigError(
      "path",
      "there is no kubeconfig, and this process does not run in a pod",
    );
}

function fieldOf(kubeconfig: ConnectOptions["kubeconfig"], error: unknown): string | null {
  const code = (error as { code?: unknown }).code;
  return typeof kubeconfig === "object" && typeof code === "string" ? "path" : null;
}

function messageOf(
  kubeconfig: ConnectOptions["kubeconfig"],
  inCluster: boolean | undefined,
  error: unknown,
): string {
  const where =
    inCluster === true
      ? "the pod's service account"
      : typeof kubeconfig === "object"
        ? `the kubeconfig ${kubeconfig.path}`
        : "the kubeconfig";
  // A YAML error quotes the lines around it, which may hold a token: only its first line is kept.
  const reason = (error instanceof Error ? error.message : String(error)).split("\n", 1)[0] ?? "";
  return `${where} cannot be read: ${reason}`;
}

function list(named: readonly { readonly name: string }[] | undefined): string {
  return named === undefined || named.length === 0 ? "none" : named.map(({ name }) => quote(name)).join(", ");
}

function quote(name: string | undefined): string {
  return JSON.stringify(name ?? "");
}
