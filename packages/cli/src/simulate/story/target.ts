import { readFileSync } from "node:fs";
import { KubeConfig } from "@kubernetes/client-node";
import { DemoError, reasonOf } from "./trouble.ts";

/** The API server that the demo runs on, as the person reaches it. */
export interface Target {
  /** For the demo's own requests, which do not pass the fault proxy. */
  readonly config: KubeConfig;
  /** The same as a kubeconfig's text, with credentials that need no program: for the fault proxy. */
  readonly kubeconfig: string;
  readonly server: string;
  readonly namespace: string;
}

export async function readKubeconfig(
  path: string,
  wanted: { readonly context: string | null; readonly namespace: string | null },
): Promise<Target> {
  const config = load(path);
  const names = config.getContexts().map(({ name }) => name);
  const current = config.getCurrentContext() as string | undefined;
  const context = wanted.context ?? current ?? "";
  if (!names.includes(context)) {
    const which = context === "" ? "no current context" : `no context "${context}"`;
    throw new DemoError(`the kubeconfig ${path} has ${which}; it has ${names.join(", ") || "none at all"}`);
  }
  config.setCurrentContext(context);
  return targetOf(config, path, wanted.namespace);
}

export async function targetOf(
  config: KubeConfig,
  origin: string,
  namespace: string | null,
): Promise<Target> {
  const cluster = config.getCurrentCluster();
  if (cluster === null) throw new DemoError(`the kubeconfig ${origin} has no cluster for its context`);
  return {
    config,
    kubeconfig: await withPlainCredentials(config),
    server: cluster.server,
    namespace: namespace ?? config.getContextObject(config.getCurrentContext())?.namespace ?? "default",
  };
}

function load(path: string): KubeConfig {
  const config = new KubeConfig();
  try {
    // Read first: the library's message for a missing file names neither the file nor the option.
    readFileSync(path);
  } catch (error) {
    throw new DemoError(`cannot read the kubeconfig: ${reasonOf(error)}`, { cause: error });
  }
  try {
    config.loadFromFile(path);
  } catch (error) {
    // The parser's message may quote a line with a credential.
    throw new DemoError(`${path} is no kubeconfig: it cannot be parsed`, { cause: error });
  }
  return config;
}

/** Managed clusters log in by a program of the provider's; the fault proxy does not run programs, so its token is fetched here. */
async function withPlainCredentials(config: KubeConfig): Promise<string> {
  const user = config.getCurrentUser();
  if (user?.exec === undefined && user?.authProvider === undefined) return config.exportConfig();
  const options: { headers?: Record<string, string> } = {};
  try {
    await config.applyToHTTPSOptions(options);
  } catch (error) {
    throw new DemoError(`the kubeconfig's credential plugin failed: ${reasonOf(error)}`, { cause: error });
  }
  const token = /^Bearer (.+)$/u.exec(options.headers?.["Authorization"] ?? "")?.[1];
  if (token === undefined) throw new DemoError("the kubeconfig's credential plugin gave no token");
  const plain = new KubeConfig();
  const cluster = config.getCurrentCluster();
  plain.loadFromClusterAndUser(cluster ?? { name: "target", server: "", skipTLSVerify: false }, {
    name: "demo",
    token,
  });
  return plain.exportConfig();
}
