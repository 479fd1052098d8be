/** `pods/exec` for the containers of a local cluster, which are processes of this machine, and their volumes folders of it. */

import { spawn } from "node:child_process";
import { join } from "node:path";
import type { ApiError, Cluster } from "../../src/cluster/cluster.ts";
import type { ExecEnd, ExecRequest, ExecSession, ExecSource } from "../../src/cluster/exec-source.ts";
import type { Pod } from "../../src/cluster/wire.ts";

type Container = NonNullable<Pod["spec"]>["containers"][number];

const mostErrorCharacters = 4096;

/** `directory`: where the cluster keeps its pods' volumes. */
export function localExec(cluster: Pick<Cluster, "get">, directory: string): ExecSource {
  return {
    async open(request, { signal }) {
      const answer = await cluster.get("pods", request.namespace, request.podName, { signal });
      if (answer.kind === "error") return answer;
      const container = runningContainer(answer.value, request.container);
      if (container === null)
        return { kind: "error", error: notRunning(`container not found ("${request.container}")`) };
      return { kind: "session", session: startIn(answer.value, container, request, { directory, signal }) };
    },
  };
}

function runningContainer({ spec, status }: Pod, name: string): Container | null {
  const states = [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])];
  if (states.find((state) => state.name === name)?.state?.running === undefined) return null;
  return (
    [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])].find((one) => one.name === name) ?? null
  );
}

function notRunning(message: string): ApiError {
  return { kind: "unavailable", httpStatus: 500, reason: null, message, causes: [], retryAfterSeconds: null };
}

function startIn(
  pod: Pod,
  container: Container,
  { command }: ExecRequest,
  { directory, signal }: { readonly directory: string; readonly signal: AbortSignal },
): ExecSession {
  const here = pathsHere(pod, container, directory);
  const [program = "", ...words] = command.map(here);
  const literals = (container.env ?? []).map(({ name, value = "" }) => [
    name,
    here(value.replaceAll("$$", "$")),
  ]);
  const child = spawn(program, words, {
    env: { ...process.env, ...Object.fromEntries(literals) },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let cut: string | null = null;
  let errors = "";
  // It may have ended before it read all that it is given.
  child.stdin.on("error", () => undefined);
  child.stderr.on("data", (data: Buffer) => {
    errors = `${errors}${data.toString("utf8")}`.slice(-mostErrorCharacters);
  });
  const ended = Promise.withResolvers<ExecEnd>();
  child.once("error", ({ message }) => ended.resolve({ kind: "failed", message }));
  child.once("close", (code) =>
    ended.resolve(cut === null ? { kind: "exited", exitCode: code ?? 137 } : { kind: "cut", message: cut }),
  );
  const abort = (): void => cancel("it is not wanted any more");
  const cancel = (reason: string): void => {
    cut ??= reason;
    child.kill("SIGKILL");
    for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy();
  };
  signal.addEventListener("abort", abort, { once: true });
  child.once("close", () => signal.removeEventListener("abort", abort));
  if (signal.aborted) abort();
  return {
    output: outputOf(child.stdout),
    write: writing(child.stdin),
    ended: ended.promise,
    errors: () => errors,
    cancel,
  };
}

/** Ends with the connection, however that ends. */
async function* outputOf(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* stream;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_STREAM_PREMATURE_CLOSE") throw error;
  }
}

function writing(stdin: NodeJS.WritableStream): ExecSession["write"] {
  return (chunk) =>
    new Promise((resolve, reject) => {
      stdin.write(chunk, (error) => (error ? reject(error) : resolve()));
    });
}

/** A text of the container's, with its mounts where this machine has them. */
function pathsHere(
  { metadata }: Pod,
  { volumeMounts = [] }: Container,
  directory: string,
): (text: string) => string {
  const mounts = [...volumeMounts].sort((one, other) => other.mountPath.length - one.mountPath.length);
  const folders = new Map(
    mounts.map(({ mountPath, name, subPath = "" }) => [
      mountPath,
      join(directory, "pods", metadata?.uid ?? "", "volumes", name, subPath),
    ]),
  );
  if (folders.size === 0) return (text) => text;
  const paths = [...folders.keys()].map((path) => path.replaceAll(/[.\\/]/g, String.raw`\$&`));
  const pattern = new RegExp(String.raw`(?<![\w.\-/])(?:${paths.join("|")})(?![\w.\-])`, "g");
  return (text) => text.replaceAll(pattern, (path) => folders.get(path) ?? path);
}
