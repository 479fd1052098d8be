import {
  type Cluster,
  type OwnPod,
  type OwnPodAnswer,
  type OwnPodName,
  readOwnPod,
} from "@claude-k8s/k8s-runner";

/** The pod that the server runs in, seen from the cluster that a run goes to. */
export type ServerPod =
  | {
      readonly kind: "pod";
      readonly pod: OwnPod;
      /** As whom the server works; `null`: nobody knows. */
      readonly user: ServerUser | null;
    }
  /** Nothing can be had of it, with the reason as a clause. */
  | { readonly kind: "none"; readonly reason: string };

export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

/** Rejects with `signal.reason` only. */
export type FindServerPod = (cluster: Cluster, signal?: AbortSignal) => Promise<ServerPod>;

type Environment = Readonly<Record<string, string | undefined>>;

/** The server's container in the charts and manifests that people use; else the pod's first one. */
const usualContainer = "paperclip";
/** A Role may be given meanwhile, and the server is not restarted for it. */
const refusalMilliseconds = 10 * 60_000;

/**
 * Asks for the pod once for each connection. `environment` is the server's: of the downward API `POD_NAME`, `POD_NAMESPACE` and
 * `POD_UID` where they are set, else what Kubernetes gives to every container.
 */
export function createServerPodFinder(
  environment: Environment,
  namespaceOfPod: () => string | null,
  { now = () => performance.now(), processUser = userOfProcess }: FinderOptions = {},
): FindServerPod {
  const known = new WeakMap<Cluster, { readonly answer: ServerPod; readonly until: number }>();
  return async (cluster, signal) => {
    const before = known.get(cluster);
    if (before !== undefined && before.until > now()) return before.answer;
    const { answer, lasts } = await ask(
      cluster,
      { environment, namespaceOfPod: namespaceOfPod(), processUser },
      signal,
    );
    if (lasts > 0) known.set(cluster, { answer, until: now() + lasts });
    return answer;
  };
}

export interface FinderOptions {
  /** Default: the system's. */
  readonly now?: () => number;
  /** Of this process, where the pod does not say whom it runs as. Default: what the system says. */
  readonly processUser?: () => ServerUser | null;
}

function userOfProcess(): ServerUser | null {
  const { getuid, getgid } = process;
  return getuid === undefined || getgid === undefined ? null : { uid: getuid(), gid: getgid() };
}

interface Self {
  readonly environment: Environment;
  readonly namespaceOfPod: string | null;
  readonly processUser: () => ServerUser | null;
}

interface Asked {
  readonly answer: ServerPod;
  /** How long it may be taken for granted, in milliseconds. */
  readonly lasts: number;
}

async function ask(
  cluster: Cluster,
  { environment, namespaceOfPod, processUser }: Self,
  signal: AbortSignal | undefined,
): Promise<Asked> {
  const never = (reason: string): Asked => ({ answer: { kind: "none", reason }, lasts: Infinity });
  const given = (name: string) => environment[name]?.trim() || undefined;
  const namespace = given("POD_NAMESPACE") ?? namespaceOfPod;
  const name = given("POD_NAME") ?? given("HOSTNAME");
  const uid = given("POD_UID");
  if (given("KUBERNETES_SERVICE_HOST") === undefined || namespace === null || name === undefined)
    return never("the server runs in no pod");
  // Another cluster may have a pod of the same name: without its UID only the address tells.
  if (uid === undefined && !isOwnCluster(cluster.server, environment))
    return never("the run's cluster is not known to be the server's own");
  const place: OwnPodName & { readonly uid?: string } = {
    namespace,
    name,
    ...(uid !== undefined && { uid }),
  };
  const answer = await readEither(cluster, place, signal);
  if (answer.kind === "pod") {
    const { pod } = answer;
    return { answer: { kind: "pod", pod, user: userOf(pod, processUser()) }, lasts: Infinity };
  }
  const reason = `the server's own pod ${namespace}/${name} cannot be read (${answer.reason}): ${answer.message}`;
  return {
    answer: { kind: "none", reason },
    lasts: answer.reason === "unavailable" ? 0 : refusalMilliseconds,
  };
}

function userOf({ runAsUser, runAsGroup }: OwnPod, own: ServerUser | null): ServerUser | null {
  if (runAsUser === null) return own;
  // An image without such a user runs it in root's group, which the process itself knows.
  return { uid: runAsUser, gid: runAsGroup ?? (own?.uid === runAsUser ? own.gid : runAsUser) };
}

async function readEither(
  cluster: Cluster,
  place: OwnPodName & { readonly uid?: string },
  signal: AbortSignal | undefined,
): Promise<OwnPodAnswer> {
  const options = { ...(signal !== undefined && { signal }) };
  const answer = await readOwnPod(cluster, { ...place, container: usualContainer }, options);
  return answer.kind === "none" && answer.reason === "not-found"
    ? readOwnPod(cluster, place, options)
    : answer;
}

/** By the addresses that every pod has for the cluster's API. */
function isOwnCluster(server: string, environment: Environment): boolean {
  const host = environment["KUBERNETES_SERVICE_HOST"]?.trim() ?? "";
  const port = environment["KUBERNETES_SERVICE_PORT"]?.trim() || "443";
  const names = [host.includes(":") ? `[${host}]` : host, "kubernetes.default.svc", "kubernetes.default"];
  return (
    URL.canParse(server) && names.some((name) => originOf(`https://${name}:${port}`) === originOf(server))
  );
}

function originOf(url: string): string | null {
  return URL.canParse(url) ? new URL(url).origin : null;
}
