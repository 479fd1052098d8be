import { realpath, stat } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";

import type { HandChoice, Settings } from "paperclip-adapter-claude-k8s/cli-parts";

import { UsageError } from "./exit-codes.ts";

/** Where the run works, as options say it. */
export interface WorkspaceOptions {
  readonly workspace?: string;
  readonly copy?: string;
  readonly copyExclude?: readonly string[];
  readonly copyMaxSize?: string;
  readonly repo?: string;
  readonly ref?: string;
  readonly pushBranch?: string;
  readonly repoLogin?: string;
}

interface Names {
  readonly workspaceModes: readonly string[];
  readonly nearestName: (unknown: string, known: readonly string[]) => string | null;
}

/** The settings that the options stand for. Throws `UsageError` where two of them name two places. */
export function workspaceSettings(options: WorkspaceOptions, names: Names): Record<string, unknown> {
  const { copy, repo, workspace } = options;
  const places = [
    ...(copy === undefined ? [] : [{ option: "--copy", mode: "copied", claim: undefined }]),
    ...(repo === undefined ? [] : [{ option: "--repo", mode: "repository", claim: undefined }]),
    ...(workspace === undefined
      ? []
      : [{ option: `--workspace ${workspace}`, ...meaningOf(workspace, names) }]),
  ];
  const [first, second] = places.filter(
    ({ mode }, index) => places.findIndex((other) => other.mode === mode) === index,
  );
  if (first !== undefined && second !== undefined)
    throw new UsageError(`a run works in one place, and ${first.option} and ${second.option} name two`);
  return {
    workspaceMode: first?.mode,
    workspaceClaim: first?.claim,
    copyExclude: options.copyExclude,
    copyMaxSize: options.copyMaxSize,
    repositoryUrl: repo,
    repositoryRef: options.ref,
    repositoryBranch: options.pushBranch,
    repositoryLogin: options.repoLogin,
    ...(options.pushBranch !== undefined && { pushBranch: true }),
  };
}

/** A mode by its name, or else the name of a claim; one that looks like a slip of a mode is none. */
function meaningOf(
  given: string,
  { workspaceModes, nearestName }: Names,
): { readonly mode: string; readonly claim: string | undefined } {
  const [, named] = /^(?:pvc|claim)\/(.+)$/.exec(given) ?? [];
  if (named !== undefined) return { mode: "shared", claim: named };
  if (workspaceModes.includes(given)) return { mode: given, claim: undefined };
  const near = nearestName(given, workspaceModes);
  if (near !== null)
    throw new UsageError(
      `--workspace ${given}: there is no such mode; did you mean ${near}? A claim of that name is claim/${given}`,
    );
  return { mode: "shared", claim: given };
}

/** Where a run works by its settings, of which the options are a part. Throws `UsageError`. */
export async function placeOf(
  { workspace, repository }: Pick<Settings, "workspace" | "repository">,
  options: WorkspaceOptions & { readonly slot?: string },
): Promise<HandChoice> {
  const mode = workspace.mode ?? (workspace.claim === null ? "empty" : "shared");
  checkCompanions(mode, options);
  const why = (option: keyof WorkspaceOptions): string =>
    options[option] !== undefined
      ? `the option --${option} says so`
      : options.workspace !== undefined
        ? "the option --workspace says so"
        : `the setting ${workspace.mode === null ? "workspaceClaim" : "workspaceMode"} says so`;
  switch (mode) {
    case "copied": {
      if (options.copy === undefined)
        throw new UsageError(
          "mode copied needs the folder that is to be copied: --copy FOLDER (--copy . is this one)",
        );
      return { mode, why: why("copy"), folder: await folderToCopy(options.copy) };
    }
    case "repository": {
      if (repository.url === null)
        throw new UsageError(
          "mode repository needs the address that is to be cloned: --repo URL, or repositoryUrl in a file for --config",
        );
      return { mode, why: why("repo") };
    }
    case "claim": {
      if (options.slot === undefined)
        throw new UsageError(
          "mode claim needs --slot NAME: the claim belongs to it, and the next run finds its files by the same name. A claim that exists is named by --workspace CLAIM",
        );
      return { mode, why: why("workspace") };
    }
    case "shared": {
      if (workspace.claim === null)
        throw new UsageError(
          "mode shared is for a server in a pod, whose folders its agents share; name a claim that exists: --workspace CLAIM",
        );
      return { mode, why: why("workspace"), claim: workspace.claim };
    }
    case "empty":
      return {
        mode,
        why: workspace.mode === null ? "no option and no setting names a place" : why("workspace"),
      };
  }
}

/** Options that mean nothing in another mode are a misunderstanding. */
function checkCompanions(mode: string, options: WorkspaceOptions): void {
  const companions = [
    [
      "copied",
      "--copy FOLDER",
      { "copy-exclude": options.copyExclude, "copy-max-size": options.copyMaxSize },
    ],
    [
      "repository",
      "--repo URL",
      { ref: options.ref, "push-branch": options.pushBranch, "repo-login": options.repoLogin },
    ],
  ] as const;
  for (const [needed, option, values] of companions)
    for (const [name, value] of Object.entries(values))
      if (value !== undefined && mode !== needed)
        throw new UsageError(`--${name} means something only together with ${option}`);
}

/** The folder by its real path. A person's whole home, with all keys and logins, goes nowhere by a slip. */
export async function folderToCopy(
  given: string,
): Promise<{ readonly server: string; readonly real: string }> {
  const server = path.resolve(given);
  const real = await realpath(server).catch((error: unknown) => {
    const code = (error as NodeJS.ErrnoException).code ?? "unknown";
    throw new UsageError(`--copy ${given}: ${server} cannot be read (${code})`, { cause: error });
  });
  if (!(await stat(real)).isDirectory()) throw new UsageError(`--copy ${given}: ${server} is no folder`);
  const home = await realpath(homedir()).catch(() => homedir());
  const toHome = path.relative(real, home);
  if (toHome === "" || (toHome !== ".." && !toHome.startsWith(`..${path.sep}`) && !path.isAbsolute(toHome)))
    throw new UsageError(
      `--copy ${given}: ${real} holds your whole home folder, with its keys and logins; name a folder below it`,
    );
  return { server, real };
}
