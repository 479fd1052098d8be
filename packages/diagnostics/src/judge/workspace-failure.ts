import type { WorkspaceCode } from "../codes.ts";
import type { WorkspaceStep } from "../evidence/failure.ts";
import type { Facts } from "../facts/facts.ts";
import { number, words } from "../facts/read.ts";
import { settingLabel } from "../setting-names.ts";
import type { FixCondition } from "../catalog/entry.ts";
import { byteWords, countWords, durationWords } from "../words/numbers.ts";
import { oneLine } from "../words/quote.ts";
import { exitWords } from "../words/signals.ts";
import { placeWords, said } from "./place-words.ts";
import type { Verdict } from "./verdict.ts";

/** The files of a run could not be brought to it, or brought back. */
export function workspaceFailure(
  kind: "workspace-failed" | "workspace-too-large",
  facts: Facts,
  message: string | null,
): Verdict {
  if (kind === "workspace-too-large") return tooLarge(facts);
  const { failure } = facts;
  const step = stepOf(words(failure["step"]));
  const repository = words(failure["repository"]);
  const code = codeOf(step, message ?? "");
  return {
    code,
    cause: `${happened(code, step, facts)}: ${said(message)}${placeWords(facts)}`,
    detail: `${step} ${message ?? ""}`,
    bootstrap: step !== "push",
    ...(code === "workspace_clone_failed" && {
      family: isNetwork(message ?? "") ? ("transient_upstream" as const) : null,
    }),
    conditions: [
      ...(isNetwork(message ?? "") ? (["network"] as const) : []),
      ...(lacksProgram(message ?? "") ? (["gitTools"] as const) : []),
      ...(isSshAddress(repository ?? "") ? (["ssh"] as const) : []),
    ],
    names: { repository },
  };
}

/** A later release may know more steps; before the agent is the place of most of them. */
function stepOf(step: string | null): WorkspaceStep {
  return step === "setup" || step === "push" ? step : "clone";
}

/** git has no exit codes for these: its words are all that there is. They are those of git 2.x in the C locale. */
const refused =
  /could not read (?:username|password)|authentication failed|invalid (?:username|credentials)|permission denied \(publickey|support for password authentication was removed|repository (?:.{1,200} )?not found|access denied|write access to repository not granted|http basic: access denied|requested url returned error: 40[13]|permission to .{1,200} denied|saml sso|host key verification failed|could not read from remote repository/i;
const noRef =
  /remote branch .{1,250} not found|couldn'?t find remote ref|not our ref|did not match any (?:file\(s\) known|refs?)|unknown revision|reference is not a tree|pathspec .{1,250} did not match|unadvertised object/i;
const network =
  /could not resolve (?:host|proxy)|couldn'?t resolve host|failed to connect|connection (?:timed out|refused|reset|was reset)|early eof|rpc failed|the remote end hung up|gnutls_handshake|ssl_error_syscall|operation timed out|network is unreachable|requested url returned error: (?:429|5\d\d)|no route to host|temporary failure in name resolution|kex_exchange_identification|connection closed by remote host/i;

/** What git needs beside itself, and git, are the image's: the shell and git say what it has not. OpenSSH wants its user to have a name. */
const noProgram =
  /\b(?:ssh|git|git-lfs): (?:command )?not found|cannot run (?:ssh|git-lfs)\b|'lfs' is not a git command|no user exists for uid \d|git-lfs.{0,20}: (?:command )?not found/i;

function lacksProgram(message: string): boolean {
  return noProgram.test(message);
}

/** With or without a scheme: `deploy@host:path` is one, too. */
function isSshAddress(repository: string): boolean {
  return /^(?:(?:git\+)?ssh:|[\w.-]{1,100}@[\w.-]{1,253}:(?!\/\/))/.test(repository);
}

function isNetwork(message: string): boolean {
  return network.test(message) && !lacksProgram(message);
}

type RepositoryCode = Exclude<
  WorkspaceCode,
  "workspace_too_large" | "workspace_copy_failed" | "workspace_fill_failed"
>;

function codeOf(step: WorkspaceStep, message: string): RepositoryCode {
  if (step === "setup") return "workspace_setup_failed";
  if (step === "clone" && noRef.test(message)) return "workspace_ref_not_found";
  // "Could not read from remote repository" also ends a connection that failed or an ssh that is not there: their words stand before it.
  const isElsewhere = isNetwork(message) || lacksProgram(message);
  if (refused.test(message) && !isElsewhere) return "workspace_credentials_refused";
  return step === "push" ? "workspace_push_failed" : "workspace_clone_failed";
}

function happened(code: RepositoryCode, step: WorkspaceStep, facts: Facts): string {
  const { failure } = facts;
  const repository = words(failure["repository"]);
  const ref = words(failure["ref"]);
  const exitCode = number(failure["exitCode"]);
  const exit = exitCode === null ? "" : ` (${exitWords(exitCode, null)})`;
  const where = repository === null ? "the repository" : oneLine(repository, 200);
  switch (code) {
    case "workspace_setup_failed": {
      const command = words(failure["command"]);
      return `The set-up command${command === null ? "" : ` \`${oneLine(command, 200)}\``} failed${exit}`;
    }
    case "workspace_ref_not_found":
      return `${where} has no ${ref === null ? "such ref" : `branch, tag or commit ${oneLine(ref, 200)}`}`;
    case "workspace_credentials_refused":
      return `git was refused ${step === "push" ? "to push to" : "to read"} ${where}${exit}`;
    case "workspace_push_failed":
      return `git could not push${ref === null ? "" : ` ${oneLine(ref, 200)}`} to ${where}${exit}`;
    case "workspace_clone_failed":
      return `git could not clone ${where}${exit}`;
  }
}

const troubles: Readonly<
  Record<string, { readonly words: string; readonly condition: FixCondition | null }>
> = {
  "no-exec": { words: "the cluster does not know exec, by which they are sent", condition: "exec" },
  "no-answer": { words: "the cluster answered every attempt with an error", condition: null },
  "program-failed": { words: "the program in the pod that takes them failed", condition: "program" },
  "pod-disk-full": { words: "the pod's disk is full", condition: "podDisk" },
  "server-disk-full": { words: "the server's disk is full", condition: "serverDisk" },
  "server-disk-failed": { words: "the server's disk refused it", condition: "serverDisk" },
  "folders-unknown": { words: "this server was not told which folders they are", condition: null },
};

/** The pod was there and waited, but what it waited for could not be sent. */
export function copyFailure(facts: Facts, message: string | null): Verdict {
  const { failure } = facts;
  const name = words(failure["trouble"]) ?? "";
  const trouble = troubles[name] ?? null;
  const seconds = number(failure["waitedSeconds"]) ?? 0;
  const tried = seconds < 1 ? "" : ` (tried for ${durationWords(seconds)})`;
  const why = trouble === null ? "" : `: ${trouble.words}`;
  return {
    code: "workspace_copy_failed",
    cause: `The agent's files could not be copied into the pod${why}${tried}: ${said(message)}${placeWords(facts)}`,
    detail: `${name} ${message ?? ""}`,
    conditions: trouble?.condition == null ? [] : [trouble.condition],
    ...(name === "no-answer" && { family: "transient_upstream" as const }),
  };
}

function tooLarge(facts: Facts): Verdict {
  const { failure } = facts;
  const entries = number(failure["limitEntries"]);
  const what = oneLine(words(failure["what"]) ?? "The workspace", 200);
  const bytes = number(failure["bytes"]);
  const limit = number(failure["limitBytes"]);
  const setting = words(failure["setting"]);
  const counted = entries === null ? null : countWords(entries, "file or folder", "files and folders");
  const allowed = counted ?? (limit === null ? "the limit" : byteWords(limit));
  const label = setting === null ? null : settingLabel(setting, facts.settingNames);
  return {
    code: "workspace_too_large",
    cause: `${what.charAt(0).toUpperCase()}${what.slice(1)} ${
      bytes === null ? `has more than ${allowed}` : `has ${byteWords(bytes)}, and ${allowed} are allowed`
    }${label === null ? "" : ` (setting "${label}")`}.${placeWords(facts)}`,
    detail: what,
  };
}
