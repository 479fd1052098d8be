import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Container, Pod } from "../objects/types.ts";
import { resolveEnvironment } from "./environment.ts";
import { expand } from "./expansion.ts";
import type { NodeContext } from "./node.ts";
import { createPathMapping } from "./path-mapping.ts";
import { mountsOf } from "./volumes.ts";

export interface Launch {
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly environment: Record<string, string>;
  readonly workingDirectory: string;
  /** To be made before the start. */
  readonly folders: readonly string[];
}

export function messageFileOf(podDirectory: string, spec: Container): string {
  return join(podDirectory, "termination", spec.name);
}

/** What a container runs with, its paths rewritten to this machine's. Throws ConfigProblem. */
export function prepareLaunch(
  node: NodeContext,
  pod: Pod,
  spec: Container,
  podDirectory: string,
  volumes: ReadonlyMap<string, string>,
): Launch {
  const messageFile = messageFileOf(podDirectory, spec);
  const mounts = mountsOf(spec, volumes);
  mounts.set(spec.terminationMessagePath ?? "/dev/termination-log", messageFile);
  const root = join(podDirectory, "root", spec.name);
  let workingDirectory = root;
  if (spec.workingDir !== undefined) {
    const mounted = createPathMapping(mounts).resolve(spec.workingDir);
    workingDirectory =
      mounted ?? (existsSync(spec.workingDir) ? spec.workingDir : join(root, spec.workingDir));
    if (mounted === null && workingDirectory !== spec.workingDir)
      mounts.set(spec.workingDir, workingDirectory);
  }
  const mapping = createPathMapping(mounts);
  const declared = resolveEnvironment(node.registry.store, pod, spec, mapping);
  const text = (value: string) => expand(mapping.rewrite(value), declared);
  const image = node.lookUpImage(spec.image);
  const imageCommand = "command" in image ? (image.command ?? []) : [];
  const imageArgs = "args" in image ? (image.args ?? []) : [];
  // Without a command the image's entry point runs; its own arguments only when there are none here either.
  const command = spec.command?.map(text) ?? [...imageCommand];
  const args = spec.args?.map(text) ?? (spec.command === undefined ? [...imageArgs] : []);
  const temporary = mapping.resolve("/tmp");
  const hostPath = process.env["PATH"] ?? "/usr/local/bin:/usr/bin:/bin";
  const environment: Record<string, string> = {
    HOME: join(root, "home"),
    HOSTNAME: pod.spec.hostname ?? pod.metadata.name.slice(0, 63),
    KUBERNETES_SERVICE_HOST: node.apiServer.host,
    KUBERNETES_SERVICE_PORT: String(node.apiServer.port),
    ...(temporary === null ? {} : { TMPDIR: temporary }),
    ...declared,
    // The image is this machine: what the spec's PATH names comes first, then where programs are here.
    PATH: declared["PATH"] === undefined ? hostPath : `${declared["PATH"]}:${hostPath}`,
  };
  const folders = [join(root, "home"), workingDirectory, dirname(messageFile)];
  return { command: [...command, ...args], environment, workingDirectory, args: spec.args ?? [], folders };
}
