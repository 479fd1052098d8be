import { count, type Fields, fields, flag, isPresent, list, texts, words } from "./read.ts";

export interface LeftOut {
  readonly path: string;
  readonly reason: string;
}

/** What became of the folders that a run had as copies. */
export interface FilesFacts {
  /** Why the agent's files did not come back; `null`: they did, or need not. */
  readonly lost: { readonly reason: string | null; readonly message: string } | null;
  /** They are on their way. */
  readonly late: boolean;
  readonly names: readonly string[];
  readonly conflicted: number;
  readonly conflicts: readonly { readonly path: string; readonly keptAs: string | null }[];
  readonly refused: number;
  readonly refusals: readonly LeftOut[];
}

/** `workspace` is what a caller says who brings files back by other means than the runner's. */
export function readFiles(evidence: Fields, workspace: Fields): FilesFacts {
  const files = fields(evidence["files"]);
  const returned = fields(files["returned"]);
  const leftOut = fields(files["leftOut"]);
  const refusals = [...readLeftOut(returned["refusals"]), ...readLeftOut(leftOut["refusals"])];
  return {
    lost: readLost(returned, workspace),
    late: flag(evidence["workIsLate"]) === true,
    names: texts(files["names"]).slice(0, 20),
    conflicted: count(returned["conflicted"]),
    conflicts: list(returned["conflicts"]).flatMap((conflict) => {
      const path = words(fields(conflict)["path"]);
      return path === null ? [] : [{ path, keptAs: words(fields(conflict)["keptAs"]) }];
    }),
    refused: count(returned["refused"]) + count(leftOut["refused"]),
    // What stays out on the way in is refused once more on the way back.
    refusals: refusals.filter(
      ({ path, reason }, index) =>
        refusals.findIndex((other) => other.path === path && other.reason === reason) === index,
    ),
  };
}

function readLost(returned: Fields, workspace: Fields): FilesFacts["lost"] {
  if (words(returned["kind"]) === "lost")
    return { reason: words(returned["reason"]), message: words(returned["message"]) ?? "no reason told" };
  if (flag(workspace["returned"]) !== false) return null;
  return { reason: null, message: words(workspace["message"]) ?? "no reason told" };
}

function readLeftOut(value: unknown): readonly LeftOut[] {
  return list(value).flatMap((refusal) => {
    const { path, reason } = fields(refusal);
    const known = words(path);
    return known === null ? [] : [{ path: known, reason: words(reason) ?? "unsupported" }];
  });
}

/** What the agent left in a cloned repository. */
export interface RepositoryFacts {
  readonly readable: boolean;
  readonly branch: string | null;
  readonly commits: number;
  readonly dirty: number;
  readonly pushed: boolean;
  readonly message: string | null;
}

export function readRepository(value: unknown): RepositoryFacts | null {
  if (!isPresent(value)) return null;
  const repository = fields(value);
  return {
    readable: repository["head"] !== null,
    branch: words(repository["branch"]),
    commits: count(repository["commits"]),
    dirty: count(repository["dirty"]),
    pushed: flag(repository["pushed"]) === true,
    message: words(repository["message"]),
  };
}
