/** Where the kubeconfig comes from, and what its context means: read anew each time, as files change. */

import { homedir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { InvalidKubeconfigError } from "../../errors.ts";
import type { RestrictedKubeconfig } from "../../types/kubeconfig.ts";
import type { KubeConfigObject, KubeconfigSource, LoadedKubeconfig } from "./kubeconfig.ts";
import { inClusterKubeconfig, runsInCluster } from "./in-cluster.ts";
import { parseKubeconfig } from "./parse.ts";
import { UnreadableFileError, foldersOf, readBounded } from "./read-file.ts";
import { enforceTrust } from "./trust.ts";

export interface KubeconfigOrigin {
  readonly kubeconfig: string | { readonly path: string } | KubeConfigObject | undefined;
  readonly context: string | undefined;
  readonly inCluster: boolean;
  /** `null`: as far as kubectl does. */
  readonly trust: RestrictedKubeconfig | null;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Reads it, and again whenever it is called: what comes once only, as from a pipe, is kept. Rejects with `InvalidKubeconfigError`. */
export function createKubeconfigReader(origin: KubeconfigOrigin): () => Promise<LoadedKubeconfig> {
  const once = new Map<string, string>();
  return () => load(origin, once);
}

async function load(origin: KubeconfigOrigin, once: Map<string, string>): Promise<LoadedKubeconfig> {
  const { context, trust } = origin;
  if (origin.inCluster) return inClusterKubeconfig(origin.environment);
  const sources = await sourcesOf(origin, once);
  if (sources === null) return inClusterKubeconfig(origin.environment);
  const object = isObject(origin.kubeconfig) ? origin.kubeconfig : null;
  const kubeconfig = await parseKubeconfig(sources, context);
  if (trust !== null) enforceTrust(kubeconfig, trust);
  return {
    ...kubeconfig,
    authSource: object ?? (sources[0]?.text as string),
    folders: foldersOf(trust, pathOf(origin.kubeconfig)),
  };
}

function isObject(kubeconfig: KubeconfigOrigin["kubeconfig"]): kubeconfig is KubeConfigObject {
  return typeof kubeconfig === "object" && "exportConfig" in kubeconfig;
}

function pathOf(kubeconfig: KubeconfigOrigin["kubeconfig"]): string | null {
  return typeof kubeconfig === "object" && "path" in kubeconfig ? kubeconfig.path : null;
}

/** `null`: there is none, and this process runs in a pod. */
async function sourcesOf(
  { kubeconfig, trust, environment }: KubeconfigOrigin,
  once: Map<string, string>,
): Promise<readonly KubeconfigSource[] | null> {
  if (typeof kubeconfig === "string") return [{ text: kubeconfig, folder: "." }];
  if (isObject(kubeconfig)) return [{ text: kubeconfig.exportConfig(), folder: "." }];
  if (kubeconfig !== undefined) return [await readSource(kubeconfig.path, trust, once)];
  const listed = environment["KUBECONFIG"]?.split(delimiter).filter((path) => path !== "") ?? [];
  const paths = listed.length > 0 ? listed : [join(environment["HOME"] ?? homedir(), ".kube", "config")];
  const found = await Promise.all(paths.map((path) => readIfThere(path, trust, once)));
  const sources = found.filter((source) => source !== null);
  if (sources.length > 0) return sources;
  if (await runsInCluster()) return null;
  throw new InvalidKubeconfigError(
    "path",
    `there is no kubeconfig (${paths.join(", ")}), and this process does not run in a pod`,
  );
}

/** As for kubectl, one of the files of `KUBECONFIG` may be missing. */
async function readIfThere(
  path: string,
  trust: RestrictedKubeconfig | null,
  once: Map<string, string>,
): Promise<KubeconfigSource | null> {
  try {
    return await readSource(path, trust, once);
  } catch (error) {
    if (error instanceof Error && error.message.endsWith("ENOENT")) return null;
    throw error;
  }
}

async function readSource(
  path: string,
  trust: RestrictedKubeconfig | null,
  once: Map<string, string>,
): Promise<KubeconfigSource> {
  const folder = dirname(resolve(path));
  const kept = once.get(path);
  if (kept !== undefined) return { text: kept, folder };
  try {
    const { content, regular } = await readBounded(path, foldersOf(trust, path));
    const text = content.toString("utf8");
    if (!regular) once.set(path, text);
    return { text, folder };
  } catch (error) {
    if (!(error instanceof UnreadableFileError)) throw error;
    throw new InvalidKubeconfigError("path", `the kubeconfig ${path} ${error.message}`);
  }
}
