import type { PayloadFile } from "@claude-k8s/k8s-runner";
import { isForbiddenConfigEnvKey } from "@paperclipai/adapter-utils/server-utils";

import type { ExecutionContext } from "../host/contract.ts";
import type { Settings } from "../settings/settings.ts";
import { podPathOf } from "../workspace/pod-path.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { foldersLeftOut, paperclipEnvironment } from "./paperclip-environment.ts";
import { podPaths } from "./paths.ts";

/** The environment of the pod, by where each value may be seen. */
export interface PodEnvironment {
  /** In the pod's spec, readable by everybody who may read Jobs: names and switches. */
  readonly open: Readonly<Record<string, string>>;
  /** In a Secret. */
  readonly secret: Readonly<Record<string, string>>;
  /** Values too large for a variable: Linux runs no program with a string of 128 KiB or more. */
  readonly files: readonly PayloadFile[];
  /** Names that the configuration sets and the pod does not get. */
  readonly dropped: readonly string[];
}

/** Everything that a variable may be: all of them together must stay below the kernel's limit for arguments. */
const largestVariable = 32 * 1024;

const openByDefault: Readonly<Record<string, string>> = {
  // Failed starts then end with a result that names the reason, instead of a line of prose.
  CLAUDE_CODE_STARTUP_FAILURE_RESULTS: "1",
  // An image has one version, which its tag names.
  DISABLE_AUTOUPDATER: "1",
};

/** The server describes its own machine to a local process: folders, its GitHub configuration, its sandbox. */
const serverOnly = new Set([
  "PAPERCLIP_GITHUB_HOST_HOME",
  "PAPERCLIP_GITHUB_AUTH_MODE",
  "PAPERCLIP_GIT_METADATA_ROOTS",
  "PAPERCLIP_RUNNER_NETWORK_ROOTS",
  "PAPERCLIP_RUNNER_NETWORK_ACCESS",
]);

const scratchNames = [
  "PAPERCLIP_SCRATCH_DIR",
  "PAPERCLIP_RUN_SCRATCH_DIR",
  "PAPERCLIP_TASK_SCRATCH_DIR",
  "PAPERCLIP_TMPDIR",
];

export function podEnvironment(
  host: ExecutionContext,
  settings: Settings,
  workspace: Workspace,
): PodEnvironment {
  const paperclip = paperclipEnvironment(host, {
    workspace,
    apiUrl: settings.claude.paperclipApiUrl,
  });
  const { kept, dropped } = configured(settings.env, paperclip, workspace);
  const { large, small } = bySize(paperclip);
  // A repository's address often has a token in it, and everybody who may read Jobs reads the pod's spec.
  const isSecret = (name: string) => name.endsWith("_JSON") || hasCredentials(small[name] ?? "");
  return {
    open: {
      ...withoutNames(openByDefault, kept),
      ...homeVariables(settings, workspace, kept),
      ...pickNames(small, (name) => !isSecret(name)),
      ...Object.fromEntries(large.map(({ fileVariable, path }) => [fileVariable, path])),
    },
    secret: {
      ...kept,
      ...pickNames(small, isSecret),
      ...(host.authToken !== undefined && host.authToken !== "" && { PAPERCLIP_API_KEY: host.authToken }),
    },
    files: large.map(({ path, content }) => ({ path, content })),
    dropped: [...dropped, ...foldersLeftOut(host, workspace)],
  };
}

/** Where the home is, and what must not lie in one that is kept. `given`: variables that somebody has set, which stand. */
export function homeVariables(
  { pod }: Pick<Settings, "pod">,
  { lastingHome }: Pick<Workspace, "lastingHome">,
  given: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const home = pod.homeDirectory ?? lastingHome;
  return {
    ...(home !== null && given["HOME"] === undefined && { HOME: home }),
    // Also for a HOME of the agent's own: sessions lie here.
    ...(lastingHome !== null &&
      given["CLAUDE_CONFIG_DIR"] === undefined && { CLAUDE_CONFIG_DIR: `${lastingHome}/.claude` }),
    ...(lastingHome !== null && withoutNames(cacheVariables, given)),
  };
}

/** What can be fetched again has no place on a volume that is kept, and several pods write to. */
const cacheVariables: Readonly<Record<string, string>> = {
  XDG_CACHE_HOME: podPaths.cache,
  npm_config_cache: `${podPaths.cache}/npm`,
  npm_config_store_dir: `${podPaths.cache}/pnpm`,
  YARN_CACHE_FOLDER: `${podPaths.cache}/yarn`,
  PIP_CACHE_DIR: `${podPaths.cache}/pip`,
  GOMODCACHE: `${podPaths.cache}/go-mod`,
};

/** `https://TOKEN@github.com/…`, and the like. `git@` is how everybody logs in by a key. */
function hasCredentials(text: string): boolean {
  return /[a-z]:\/\/(?!git@)[^\s/?#]*@/i.test(text);
}

/** What the agent's configuration adds: everything but the server's own paths and what only the server may say. */
function configured(
  env: Readonly<Record<string, string>>,
  paperclip: Readonly<Record<string, string>>,
  workspace: Workspace,
): { readonly kept: Readonly<Record<string, string>>; readonly dropped: readonly string[] } {
  const scratch = new Set(scratchNames.flatMap((name) => env[name] ?? []));
  const githubHome = env["PAPERCLIP_GITHUB_HOST_HOME"];
  const isServerPath = (name: string, value: string) =>
    (["TMPDIR", "TEMP", "TMP"].includes(name) && scratch.has(value)) ||
    (name === "GH_CONFIG_DIR" && githubHome !== undefined && value.startsWith(`${githubHome}/`));
  const dropped = Object.entries(env).filter(
    ([name, value]) =>
      serverOnly.has(name) ||
      isForbiddenConfigEnvKey(name) ||
      (name.startsWith("PAPERCLIP_") && name in paperclip) ||
      isServerPath(name, value),
  );
  const names = dropped.map(([name]) => name);
  const kept = pickNames(env, (name) => !names.includes(name));
  const mapped = Object.entries(kept).map(([name, value]): [string, string] => [
    name,
    (name.startsWith("PAPERCLIP_") ? podPathOf(value, workspace) : null) ?? value,
  ]);
  return { kept: Object.fromEntries(mapped), dropped: names };
}

interface LargeValue {
  readonly fileVariable: string;
  readonly path: string;
  readonly content: string;
}

/** `PAPERCLIP_WAKE_PAYLOAD_JSON` that is too large becomes `PAPERCLIP_WAKE_PAYLOAD_FILE`, the path of a file with the JSON. */
function bySize(values: Readonly<Record<string, string>>): {
  readonly small: Readonly<Record<string, string>>;
  readonly large: readonly LargeValue[];
} {
  const large = Object.entries(values).filter(([, value]) => Buffer.byteLength(value) > largestVariable);
  const names = new Set(large.map(([name]) => name));
  return {
    small: pickNames(values, (name) => !names.has(name)),
    large: large.map(([name, content]) => ({
      fileVariable: `${name.replace(/_JSON$/, "")}_FILE`,
      path: `${podPaths.environment}/${name}`,
      content,
    })),
  };
}

function pickNames(
  values: Readonly<Record<string, string>>,
  keep: (name: string) => boolean,
): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter(([name]) => keep(name)));
}

function withoutNames(
  values: Readonly<Record<string, string>>,
  names: Readonly<Record<string, string>>,
): Record<string, string> {
  return pickNames(values, (name) => names[name] === undefined);
}
