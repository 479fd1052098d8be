/** The text of a kubeconfig to what its context means, each field checked: kubectl's rules, and its names in every error. */

import { InvalidKubeconfigError } from "../../errors.ts";
import { entriesOf } from "./entries.ts";
import { dataOf, flagOf, list, quote, refuseBoth, textOf } from "./fields.ts";
import type { Entry } from "./fields.ts";
import type { Kubeconfig, KubeconfigCluster, KubeconfigSource, KubeconfigUser } from "./kubeconfig.ts";
import { toUser } from "./user.ts";

/** Of several sources the first that has an entry counts, as for kubectl. Throws an `InvalidKubeconfigError`. */
export async function parseKubeconfig(
  sources: readonly KubeconfigSource[],
  wanted: string | undefined,
): Promise<Kubeconfig> {
  const all = await Promise.all(sources.map(entriesOf));
  const contexts = all.flatMap((one) => one.contexts);
  const contextName = wanted ?? all.find((one) => one.currentContext !== "")?.currentContext ?? "";
  const context = contexts.find(({ name }) => name === contextName);
  if (context === undefined)
    throw new InvalidKubeconfigError(
      "current-context",
      `the kubeconfig has no context ${quote(contextName)}; it has ${list(contexts)}`,
    );
  const named = (kind: "cluster" | "user", entries: readonly Entry[]): Entry | null => {
    const name = textOf(context, kind);
    const entry = entries.find((one) => one.name === name);
    if (name === null && kind === "user") return null;
    if (entry !== undefined) return entry;
    throw new InvalidKubeconfigError(
      `${kind}s`,
      `context ${quote(contextName)} names ${kind} ${quote(name ?? "")}, which the kubeconfig does not have`,
    );
  };
  const cluster = named(
    "cluster",
    all.flatMap((one) => one.clusters),
  ) as Entry;
  const user = named(
    "user",
    all.flatMap((one) => one.users),
  ) ?? { name: "", fields: {}, folder: "." };
  const readUser = toUser(user);
  return {
    cluster: toCluster(cluster, readUser),
    user: readUser,
    namespace: textOf(context, "namespace"),
    clusterFolder: cluster.folder,
    userFolder: user.folder,
  };
}

function toCluster(entry: Entry, user: KubeconfigUser): KubeconfigCluster {
  const authorityData = dataOf(entry, "certificate-authority-data");
  const authorityFile = authorityData === null ? textOf(entry, "certificate-authority") : null;
  const insecure = flagOf(entry, "insecure-skip-tls-verify");
  refuseBoth(
    entry,
    "certificate-authority",
    "certificate-authority-data",
    "keep the one that is right, and remove the other",
  );
  if (insecure)
    // Whoever wrote the authority expects that the server is verified with it.
    for (const authority of ["certificate-authority", "certificate-authority-data"])
      refuseBoth(
        entry,
        "insecure-skip-tls-verify",
        authority,
        `remove insecure-skip-tls-verify, so that the server is verified, or ${authority}`,
      );
  const secured =
    authorityData !== null ||
    authorityFile !== null ||
    insecure ||
    user.certificateData !== null ||
    user.certificateFile !== null;
  return {
    name: entry.name,
    server: serverOf(entry, secured),
    authorityData,
    authorityFile,
    insecure,
    serverName: textOf(entry, "tls-server-name"),
    proxyUrl: textOf(entry, "proxy-url"),
    raw: entry.fields,
  };
}

function serverOf(entry: Entry, secured: boolean): string {
  const written = textOf(entry, "server") ?? "";
  const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(written)
    ? written
    : `${secured ? "https" : "http"}://${written}`;
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new InvalidKubeconfigError("server", `cluster ${quote(entry.name)} has no usable server URL`);
  const { username, password } = new URL(url);
  if (username !== "" || password !== "")
    throw new InvalidKubeconfigError(
      "server",
      `the server URL of cluster ${quote(entry.name)} holds a user name or a password; write them as username and password of its user`,
    );
  return url.replace(/\/$/, "");
}
