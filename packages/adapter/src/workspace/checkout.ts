import type { RepositoryCheckout } from "@claude-k8s/k8s-runner";

import { podPaths } from "../claude/paths.ts";
import type { Settings } from "../settings/settings.ts";
import { fileNotes } from "./file-notes.ts";
import type { Workspace } from "./workspace.ts";

type Wishes = Settings["repository"];

/** What is known of a run beside its settings. */
export interface CheckoutOrigin {
  /** Where no setting says another one; `null`: nothing is said. */
  readonly ref: string | null;
  readonly branch: string | null;
  /** By which the branch of a task is named. */
  readonly task: string;
  readonly runId: string;
  /** Of the commit with what the agent did not commit itself. */
  readonly authorName: string;
  readonly authorEmail: string;
  /** The folder of the server that the repository stands for; `null`: none. */
  readonly folder: string | null;
}

/** An agent that works in a clone. The address is one that its login may be given to. */
export function clonedWorkspace(
  address: Address,
  settings: Pick<Settings, "repository" | "pod">,
  origin: CheckoutOrigin,
  why: string,
): Workspace {
  const repository = checkoutOf(address, settings.repository, origin);
  return {
    mode: "repository",
    why,
    notes: notesOf(repository),
    workingDirectory: settings.pod.workingDirectory ?? repository.path,
    lastingHome: null,
    places: origin.folder === null ? [] : [{ server: origin.folder, pod: repository.path }],
    spec: { repository },
    lent: [],
    pin: null,
    collect: async (ending) => fileNotes(ending),
  };
}

function checkoutOf(address: Address, wishes: Wishes, origin: CheckoutOrigin): RepositoryCheckout {
  const ref = wishes.ref ?? origin.ref;
  const branch = branchOf(origin, wishes);
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
        message: `What the agent had not committed at the end of run ${origin.runId}`,
        authorName: oneLine(origin.authorName) || "Claude",
        authorEmail: origin.authorEmail,
      },
    }),
  };
}

function branchOf({ branch, task }: CheckoutOrigin, wishes: Wishes): string | null {
  const pattern = wishes.branch ?? branch ?? (wishes.push ? "agents/{task}" : null);
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

export interface Address {
  /** Without user and password, where they are given apart. */
  readonly url: string;
  readonly isSsh: boolean;
  readonly login: { readonly userName: string; readonly password: string } | null;
}

/** `null`: git could not clone it, or it is of the pod's own disk. */
export function readAddress(given: string): Address | null {
  const text = given.trim();
  if (
    /^[A-Za-z0-9_.][A-Za-z0-9_.-]*@[A-Za-z0-9.][A-Za-z0-9.-]*:[^\s-]\S*$/.test(text) &&
    !text.includes("://")
  )
    return { url: text, isSsh: true, login: null };
  const url = URL.parse(text);
  if (url === null || url.hostname === "") return null;
  // A host, or a user before it, that begins like an option would be one to ssh.
  if (/^(?:-|%2d)/i.test(url.hostname) || /^(?:-|%2d)/i.test(url.username)) return null;
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
