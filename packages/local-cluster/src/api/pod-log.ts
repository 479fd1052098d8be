import type { ContainerStatus, Pod } from "../objects/types.ts";
import type { LogChange } from "../kubelet/log-writer.ts";
import type { Kubelet } from "../kubelet/kubelet.ts";
import { parseNanoseconds } from "../kubelet/log-record.ts";
import { readLog, type LogQuery } from "../kubelet/log-reader.ts";
import { sendNothing, startStream, type Exchange } from "./http/exchange.ts";
import type { Registry } from "./registry.ts";
import { resourceOf } from "./resources.ts";
import { ApiError, badRequest, invalid, notFound, type StatusCause } from "./status.ts";

const followLimitText = "failed to create fsnotify watcher: too many open files";

/** `GET …/pods/NAME/log`, with each of the answers that the real API server and kubelet have for it. */
export async function servePodLog(
  registry: Registry,
  kubelets: ReadonlyMap<string, Kubelet>,
  namespace: string,
  name: string,
  exchange: Exchange,
): Promise<void> {
  const query = parseQuery(name, exchange.query, registry);
  const pod = registry.store.get("pods", namespace, name) as Pod | undefined;
  if (pod === undefined) throw notFound(resourceOf("pods"), name);
  const container = chooseContainer(pod, exchange.query.get("container") ?? "");
  // Not scheduled: there is no kubelet to ask.
  if (pod.spec.nodeName === undefined) {
    return sendNothing(exchange);
  }
  const kubelet = kubelets.get(pod.spec.nodeName);
  if (kubelet === undefined || !kubelet.isUp()) throw unreachable(pod, container, exchange);
  const previous = ["true", "1"].includes(exchange.query.get("previous") ?? "");
  const id = containerId(pod, container, previous);
  const stopped = new AbortController();
  const stop = () => stopped.abort();
  exchange.signal.addEventListener("abort", stop, { once: true });
  kubelet.streams.add(stopped);
  const stream = startStream(exchange, "text/plain");
  try {
    await copy(kubelet, pod, container, id, query, (bytes) => stream.write(bytes), stopped.signal);
  } finally {
    kubelet.streams.delete(stopped);
    exchange.signal.removeEventListener("abort", stop);
    stream.end();
  }
}

async function copy(
  kubelet: Kubelet,
  pod: Pod,
  container: string,
  id: string,
  query: LogQuery,
  write: (bytes: Buffer) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const unit = kubelet.worker(pod.metadata.uid)?.unit(container);
  const log = unit?.logOf(id) ?? null;
  const gone = `unable to retrieve container logs for ${id}`;
  // The status is out before the kubelet looks: its trouble arrives as text inside of a 200.
  if (unit === undefined || log === null) return write(Buffer.from(gone));
  const limit = kubelet.node.settings.followLimit;
  const overLimit = query.follow && limit !== null && kubelet.follows() >= limit;
  const source = {
    path: log.path,
    isRunning: () => unit.running() !== null && unit.log() === log,
    subscribe: (listener: (change: LogChange) => void) => log.subscribe(listener),
  };
  const release = query.follow && !overLimit ? kubelet.takeFollow() : () => undefined;
  try {
    await readLog(source, overLimit ? { ...query, follow: false } : query, write, signal);
    if (overLimit && unit.running() !== null) await write(Buffer.from(followLimitText));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    await write(Buffer.from(gone));
  } finally {
    release();
  }
}

function chooseContainer(pod: Pod, wanted: string): string {
  const all = [...(pod.spec.initContainers ?? []), ...pod.spec.containers].map((container) => container.name);
  if (wanted !== "") {
    if (all.includes(wanted)) return wanted;
    throw badRequest(`container ${wanted} is not valid for pod ${pod.metadata.name}`);
  }
  const [only] = pod.spec.containers;
  if (pod.spec.containers.length === 1 && only !== undefined) return only.name;
  throw badRequest(
    `a container name must be specified for pod ${pod.metadata.name}, choose one of: [${all.join(" ")}]`,
  );
}

/** The kubelet's own look at the container's state before it opens a file. */
function containerId(pod: Pod, container: string, previous: boolean): string {
  const status = [...(pod.status.containerStatuses ?? []), ...(pod.status.initContainerStatuses ?? [])].find(
    (entry: ContainerStatus) => entry.name === container,
  );
  const subject = `container "${container}" in pod "${pod.metadata.name}"`;
  if (status === undefined) throw badRequest(`${subject} is not available`);
  const { waiting, terminated } = status.state;
  const before = status.lastState.terminated?.containerID ?? "";
  if (previous) {
    if (before === "") throw badRequest(`previous terminated ${subject} not found`);
    return before;
  }
  if (waiting !== undefined && before !== "") return before;
  if (terminated !== undefined && (status.containerID ?? "") === "")
    throw badRequest(`${subject} is terminated`);
  if (waiting !== undefined) {
    switch (waiting.reason) {
      case "ErrImagePull":
        throw badRequest(`${subject} is waiting to start: image can't be pulled`);
      case "ImagePullBackOff":
        throw badRequest(`${subject} is waiting to start: trying and failing to pull image`);
      default:
        throw badRequest(`${subject} is waiting to start: ${waiting.reason}`);
    }
  }
  return status.containerID ?? "";
}

function unreachable(pod: Pod, container: string, exchange: Exchange): ApiError {
  const search = exchange.query.size === 0 ? "" : `?${exchange.query.toString()}`;
  const url = `https://127.0.0.1:10250/containerLogs/${pod.metadata.namespace ?? ""}/${pod.metadata.name}/${container}${search}`;
  return new ApiError(500, "", `Get "${url}": dial tcp 127.0.0.1:10250: connect: connection refused`);
}

function parseQuery(name: string, query: URLSearchParams, registry: Registry): LogQuery {
  const causes: StatusCause[] = [];
  const number = (field: string, least: number, why: string): number | null => {
    const text = query.get(field);
    if (text === null || text === "") return null;
    const value = Number(text);
    if (!/^-?\d+$/u.test(text)) {
      throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
    }
    if (value < least)
      causes.push({ reason: "FieldValueInvalid", message: `Invalid value: ${value}: ${why}`, field });
    return value;
  };
  const tailRecords = number("tailLines", 0, "must be greater than or equal to 0");
  const limitBytes = number("limitBytes", 1, "must be greater than 0");
  const sinceSeconds = number("sinceSeconds", 1, "must be greater than 0");
  const sinceTime = query.get("sinceTime");
  let sinceNanoseconds: bigint | null = null;
  if (sinceTime !== null && sinceTime !== "") {
    if (sinceSeconds !== null) {
      causes.push({
        reason: "FieldValueForbidden",
        message: "Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified",
        field: "[]",
      });
    }
    const parsed = parseNanoseconds(sinceTime);
    if (parsed === null) {
      throw badRequest(
        `parsing time ${JSON.stringify(sinceTime)} as "2006-01-02T15:04:05Z07:00": cannot parse ${JSON.stringify(sinceTime)} as "2006"`,
      );
    }
    // The API server passes the time on in whole seconds.
    sinceNanoseconds = parsed - (parsed % 1_000_000_000n);
  } else if (sinceSeconds !== null) {
    sinceNanoseconds = registry.clock.nowNanoseconds() - BigInt(sinceSeconds) * 1_000_000_000n;
  }
  if (causes.length > 0) throw invalid("PodLogOptions", "", name, causes);
  const flag = (field: string) => ["true", "1", "True", "TRUE", "t"].includes(query.get(field) ?? "");
  return {
    follow: flag("follow"),
    timestamps: flag("timestamps"),
    sinceNanoseconds,
    tailRecords,
    limitBytes,
  };
}
