import type { RepositoryCheckout } from "@claude-k8s/k8s-runner";

import { podPaths } from "../claude/paths.ts";
import { matchesAny } from "../operator/patterns.ts";
import { settingProblem } from "../settings/problem.ts";
import type { Settings } from "../settings/settings.ts";
import type { ModeChoice } from "./choose-mode.ts";
import { fileNotes } from "./copied.ts";
import { type WorkspaceRequest, forbidden, unusable } from "./request.ts";
import type { WorkspaceAnswer } from "./workspace.ts";

type Wishes = Settings["repository"];

/** Cloned in the pod before Claude starts. What outlives the pod is what was pushed. */
export async function openRepository(
  request: WorkspaceRequest,
  { why }: ModeChoice,
): Promise<WorkspaceAnswer> {
  const { prepared, folders, host } = request;
  const wishes = prepared.settings.repository;
  const given = wishes.url ?? folders.repoUrl;
  if (given === null) {
    const rule =
      "another mode, or together with repositoryUrl, as Paperclip names no repository for this run";
    return unusable(request, [settingProblem("workspaceMode", "repository", rule)]);
  }
  const address = readAddress(given);
  if (address === null)
    return unusable(request, [
      settingProblem(
        "repositoryUrl",
        null,
        "an address that git can clone: https://…, ssh://… or user@host:path",
      ),
    ]);
  const values = { company: host.agent.companyId, agent: host.agent.id };
  const trusted = prepared.rules.allow?.repositories ?? [];
  // Whoever names the address would be given the login otherwise.
  if (wishes.login !== null && !matchesAny(trusted, address.url, values))
    return forbidden(request, [
      {
        setting: "repositoryLogin",
        value: wishes.login,
        rule: `the login is given only to repositories that the operator lists, and ${address.url} is not among them`,
        allow: "allow.repositories",
      },
    ]);
  const repository = checkoutOf(request, address, wishes);
  return {
    kind: "ready",
    workspace: {
      mode: "repository",
      why,
      notes: notesOf(repository),
      workingDirectory: prepared.settings.pod.workingDirectory ?? repository.path,
      lastingHome: null,
      places: folders.folder === null ? [] : [{ server: folders.folder, pod: repository.path }],
      spec: { repository },
      lent: [],
      pin: null,
      collect: async (ending) => fileNotes(ending),
    },
  };
}

function checkoutOf(request: WorkspaceRequest, address: Address, wishes: Wishes): RepositoryCheckout {
  const { folders, host } = request;
  const ref = wishes.ref ?? folders.repoRef;
  const branch = branchOf(request, wishes);
  const credential = credentialOf(address, wishes);
  return {
    url: address.url,
    path: wishes.path ?? `${podPaths.workingDirectory}/${nameOf(address.url)}`,
    ...(ref !== null && { ref }),
    ...(branch !== null && { branch }),
    ...(wishes.depth !== null && { depth: wishes.depth }),
    submodules: wishes.submodules,
    lfs: wishes.lfs,
    ...(credential !== null && { credential }),
    ...(wishes.setUp !== null && { setUp: { command: wishes.setUp, seconds: wishes.setUpSeconds } }),
    ...(wishes.image !== null && { image: wishes.image }),
    ...(wishes.cache !== null && {
      cache: { name: "repository-cache", persistentVolumeClaim: { claimName: wishes.cache } },
    }),
    ...(wishes.push && {
      push: {
        message: `What the agent had not committed at the end of run ${host.runId}`,
        authorName: oneLine(host.agent.name) || "Claude",
        authorEmail: `${host.agent.id}@agents.invalid`,
      },
    }),
  };
}

function branchOf({ folders, slot, host }: WorkspaceRequest, wishes: Wishes): string | null {
  const pattern = wishes.branch ?? folders.branch ?? (wishes.push ? "agents/{task}" : null);
  const task = host.runtime.taskKey ?? slot.slice(slot.lastIndexOf("/") + 1);
  return pattern === null ? null : pattern.replaceAll("{task}", () => partOfRef(task));
}

/** As git allows it in the name of a branch. */
function partOfRef(task: string): string {
  const plain = task
    .replaceAll(/[^A-Za-z0-9_-]+/g, "-")
    .replaceAll(/^-+|(?<!-)-+$/g, "")
    .slice(0, 100);
  return plain === "" ? "task" : plain;
}

interface Address {
  /** Without user and password, where they are given apart. */
  readonly url: string;
  readonly isSsh: boolean;
  readonly login: { readonly userName: string; readonly password: string } | null;
}

/** `null`: git could not clone it, or it is of the pod's own disk. */
export function readAddress(given: string): Address | null {
  const text = given.trim();
  if (/^[A-Za-z0-9_.-]+@[A-Za-z0-9.-]+:[^\s-]\S*$/.test(text) && !text.includes("://"))
    return { url: text, isSsh: true, login: null };
  const url = URL.parse(text);
  if (url === null || url.hostname === "") return null;
  if (url.protocol === "ssh:") {
    url.password = "";
    return { url: url.href, isSsh: true, login: null };
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") return null;
  const { username, password } = url;
  url.username = "";
  url.password = "";
  return { url: url.href, isSsh: false, login: loginOf(decoded(username), decoded(password)) };
}

/** A token may stand in the place of the user, alone. */
function loginOf(userName: string, password: string): Address["login"] {
  if (password !== "") return { userName, password };
  return userName.length >= 20 ? { userName: "x-access-token", password: userName } : null;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function credentialOf(
  address: Address,
  wishes: Wishes,
): NonNullable<RepositoryCheckout["credential"]> | null {
  if (wishes.login === null) return address.login === null ? null : { kind: "given", ...address.login };
  const [secretName = "", key = ""] = wishes.login.split("/", 2);
  return address.isSsh
    ? {
        kind: "ssh",
        secretName,
        key,
        ...(wishes.knownHosts !== null && { knownHostsKey: wishes.knownHosts }),
      }
    : { kind: "token", secretName, key, ...(wishes.user !== null && { userName: wishes.user }) };
}

function nameOf(url: string): string {
  const last = url
    .replace(/(?<!\/)\/+$/, "")
    .replace(/^.*[/:]/, "")
    .replace(/\.git$/, "");
  return /^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$/.test(last) ? last : "repository";
}

function oneLine(text: string): string {
  return text
    .replaceAll(/[<>\p{Cc}]+/gu, " ")
    .trim()
    .slice(0, 100);
}

function notesOf({ url, ref, branch, push, credential }: RepositoryCheckout): readonly string[] {
  const from = ref === undefined ? "its default branch" : ref;
  return [
    `Cloned from ${url}, ${from}${branch === undefined ? "" : `, to work on ${branch}`}`,
    push === undefined
      ? "Nothing is pushed: what the agent leaves goes with the pod (setting pushBranch)"
      : `What the agent leaves is pushed to ${branch ?? ""}`,
    ...(credential?.kind === "ssh" ? ["An ssh login is within the agent's reach while it is pushed"] : []),
  ];
}
