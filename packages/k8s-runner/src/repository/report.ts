/** A container's last words → what became of the repository. The words may be cut, and may be anybody's. Pure. */

import type { RunFailure } from "../types/exit.ts";
import type { RepositoryEvidence } from "../types/repository.ts";
import { reportMark } from "./common-script.ts";

interface Report {
  readonly values: ReadonlyMap<string, string>;
  readonly words: string;
}

function readReport(message: string | null): Report | null {
  if (message === null || !message.startsWith(`${reportMark}\n`)) return null;
  const end = message.indexOf("\n\n");
  const head = end === -1 ? message : message.slice(0, end);
  const values = new Map<string, string>();
  for (const line of head.split("\n").slice(1)) {
    const space = line.indexOf(" ");
    if (space > 0) values.set(line.slice(0, space), line.slice(space + 1));
  }
  return { values, words: end === -1 ? "" : message.slice(end + 2).trim() };
}

/** `null`: the container did not say why it ended. */
export function cloneFailure(message: string | null): RunFailure | null {
  const report = readReport(message);
  if (report === null) return null;
  const { values, words } = report;
  return {
    kind: "workspace-failed",
    step: values.get("step") === "setup" ? "setup" : "clone",
    repository: given(values.get("url")),
    ref: given(values.get("ref")),
    command: given(values.get("command")),
    exitCode: numberOf(values.get("exit")),
    message: words === "" ? null : words,
  };
}

/** `null`: it did not come so far. */
export function repositoryEvidence(message: string | null): RepositoryEvidence | null {
  const report = readReport(message);
  if (report === null) return null;
  const { values, words } = report;
  const failed = numberOf(values.get("exit")) !== 0;
  return {
    url: values.get("url") ?? "",
    branch: given(values.get("ref")),
    head: given(values.get("head")),
    commits: numberOf(values.get("commits")) ?? 0,
    dirty: numberOf(values.get("dirty")) ?? 0,
    pushed: values.get("pushed") === "yes",
    message: failed && words !== "" ? words : null,
  };
}

/** The work could not be brought to the server. `null`: it could, or was not to be. */
export function pushFailure(message: string | null): RunFailure | null {
  const report = readReport(message);
  if (report === null || report.values.get("step") !== "push") return null;
  const { values, words } = report;
  const exitCode = numberOf(values.get("exit"));
  if (exitCode === 0) return null;
  return {
    kind: "workspace-failed",
    step: "push",
    repository: given(values.get("url")),
    ref: given(values.get("ref")),
    command: null,
    exitCode,
    message: words === "" ? null : words,
  };
}

function given(text: string | undefined): string | null {
  return text === undefined || text === "" ? null : text;
}

function numberOf(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : null;
}
