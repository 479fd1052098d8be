/** A repository to work in → what the pod needs for it. Pure. */

import { posix } from "node:path";
import type { V1Container, V1EnvVar, V1Volume, V1VolumeMount } from "../cluster/kubernetes-types.ts";
import { cloneScript } from "../repository/clone-script.ts";
import { setupScript } from "../repository/setup-script.ts";
import { closeScript } from "../repository/close-script.ts";
import { closingSecondsOf } from "../repository/closing-seconds.ts";
import { askpassScript } from "../repository/common-script.ts";
import type { RepositoryCheckout } from "../types/repository.ts";
import type { PayloadFile, RunSpec } from "../types/spec.ts";
import { escapeDollars } from "./escape.ts";
import { closingContainer, cloneContainer, setupContainer } from "./names.ts";
import type { Supervision } from "./supervision.ts";

export interface RepositoryPlan {
  readonly volumes: readonly V1Volume[];
  /** Of the command's container. */
  readonly mounts: readonly V1VolumeMount[];
  /** One after the other, before the command. */
  readonly preparing: readonly V1Container[];
  readonly closing: V1Container;
}

const root = "/run-repository";
const paths = {
  clone: `${root}/clone.sh`,
  setup: `${root}/setup.sh`,
  close: `${root}/close.sh`,
  askpass: `${root}/askpass.sh`,
  password: `${root}/password`,
  state: `${root}/state`,
  signal: `${root}/signal`,
  credential: `${root}/credential`,
  cache: `${root}/cache`,
} as const;
const mainFile = `${paths.signal}/main`;
const volumePrefix = "run-repository";
const stateVolume = `${volumePrefix}-state`;
const setUpStateVolume = `${volumePrefix}-setup-state`;
/** git packs in memory; a namespace with a quota admits only what has limits. */
const gitResources = { requests: { cpu: "50m", memory: "128Mi" }, limits: { cpu: "2", memory: "2Gi" } };
const defaultUser = 1000;
const startMarginSeconds = 300;
const defaultSetUpSeconds = 600;

/** Leaves the command's process id where the closing container finds it. */
export const announceRepositoryScript = `echo $$ > ${mainFile} && `;

/** The scripts, and a password that no Secret of the namespace has. */
export function repositoryPayload({ repository }: RunSpec): readonly PayloadFile[] {
  if (repository === undefined) return [];
  const { credential } = repository;
  return [
    { path: paths.clone, content: cloneScript },
    { path: paths.setup, content: setupScript },
    { path: paths.close, content: closeScript },
    { path: paths.askpass, content: askpassScript, mode: 0o555 },
    ...(credential?.kind === "given"
      ? [{ path: paths.password, content: credential.password, mode: 0o444 }]
      : []),
  ];
}

/** What only git may see: the command's container has not got it. */
export function isForGitAlone({ mountPath }: V1VolumeMount): boolean {
  return mountPath.startsWith(`${root}/`);
}

interface Own {
  readonly image?: string;
  readonly resources?: NonNullable<RunSpec["resources"]>;
  readonly user?: number;
  readonly state?: string;
}

export function planRepository(
  spec: RunSpec,
  supervision: Supervision,
  payloadMounts: readonly V1VolumeMount[],
): RepositoryPlan | null {
  const { repository } = spec;
  if (repository === undefined) return null;
  const folder = { name: volumePrefix, mountPath: posix.dirname(repository.path) };
  const signal = { name: `${volumePrefix}-signal`, mountPath: paths.signal };
  const secret = secretVolume(repository);
  const credential: readonly V1VolumeMount[] = [
    ...payloadMounts.filter(({ mountPath }) => mountPath === paths.askpass || mountPath === paths.password),
    ...(secret === null ? [] : [{ name: secret.name, mountPath: paths.credential, readOnly: true }]),
  ];
  const container = (
    name: string,
    script: string,
    more: readonly V1VolumeMount[],
    { image = repository.image ?? spec.image, resources = gitResources, user, state = stateVolume }: Own = {},
  ): V1Container => ({
    name,
    image,
    ...(spec.imagePullPolicy === undefined ? {} : { imagePullPolicy: spec.imagePullPolicy }),
    command: ["/bin/sh", script],
    env: environmentOf(repository, supervision),
    resources,
    volumeMounts: [
      ...payloadMounts.filter(({ mountPath }) => mountPath === script),
      folder,
      { name: state, mountPath: paths.state },
      ...more,
    ],
    ...(user === undefined ? {} : { securityContext: { runAsUser: user, runAsNonRoot: true } }),
  });
  // It runs what the repository brings, with the tools and within the limits of the command.
  const setup = container(setupContainer, paths.setup, [], {
    image: spec.image,
    resources: spec.resources ?? gitResources,
    // What it leaves there would be the configuration of whoever has the credential after it.
    state: setUpStateVolume,
  });
  const cache =
    repository.cache === undefined ? null : { name: repository.cache.name, mountPath: paths.cache };
  return {
    volumes: [
      { name: volumePrefix, emptyDir: {} },
      { name: `${volumePrefix}-signal`, emptyDir: {} },
      { name: stateVolume, emptyDir: {} },
      ...(repository.setUp === undefined ? [] : [{ name: setUpStateVolume, emptyDir: {} }]),
      ...(secret === null ? [] : [secret]),
      ...(repository.cache === undefined ? [] : [repository.cache]),
    ],
    mounts: [folder, signal],
    preparing: [
      container(cloneContainer, paths.clone, [...credential, ...(cache === null ? [] : [cache])]),
      ...(repository.setUp === undefined ? [] : [setup]),
    ],
    closing: container(
      closingContainer,
      paths.close,
      [signal, ...(repository.push === undefined ? [] : credential)],
      apartFromCommand(repository) ? { user: (spec.runAsUser ?? defaultUser) + 1 } : {},
    ),
  };
}

/**
 * Processes of one pod see each other; another user's they cannot look into, so that the command does not get at the credential. `ssh`
 * works only for a user that the image knows.
 */
function apartFromCommand({ credential }: RepositoryCheckout): boolean {
  return credential !== undefined && credential.kind !== "ssh";
}

function secretVolume({ credential }: RepositoryCheckout): V1Volume | null {
  if (credential === undefined || credential.kind === "given") return null;
  const { secretName, key } = credential;
  const known = credential.kind === "ssh" ? credential.knownHostsKey : undefined;
  return {
    name: `${volumePrefix}-credential`,
    secret: {
      secretName,
      defaultMode: 0o440,
      items: [
        { key, path: "credential" },
        ...(known === undefined ? [] : [{ key: known, path: "known_hosts" }]),
      ],
    },
  };
}

function environmentOf(repository: RepositoryCheckout, { graceSeconds, budgets }: Supervision): V1EnvVar[] {
  const { credential, push, setUp } = repository;
  const address = addressOf(repository.url);
  const values: Readonly<Record<string, string>> = {
    URL: repository.url,
    SCHEME: address.scheme,
    HOST: address.host,
    REF: repository.ref ?? "",
    BRANCH: repository.branch ?? "",
    PATH: repository.path,
    DEPTH: repository.depth === undefined ? "" : String(repository.depth),
    SUBMODULES: repository.submodules === true ? "yes" : "",
    LFS: repository.lfs === true ? "yes" : "",
    SETUP: setUp?.command ?? "",
    SETUP_SECONDS: String(setUp?.seconds ?? defaultSetUpSeconds),
    PUSH: push === undefined ? "" : "yes",
    MESSAGE: push?.message ?? "",
    AUTHOR: push?.authorName ?? "",
    EMAIL: push?.authorEmail ?? "",
    CACHE: repository.cache === undefined ? "" : paths.cache,
    CREDENTIAL_KIND: credential === undefined ? "" : credential.kind === "ssh" ? "ssh" : "token",
    CREDENTIAL: credential?.kind === "given" ? paths.password : `${paths.credential}/credential`,
    USER: userOf(credential),
    KNOWN_HOSTS:
      credential?.kind === "ssh" && credential.knownHostsKey !== undefined
        ? `${paths.credential}/known_hosts`
        : "",
    ASKPASS: paths.askpass,
    STATE: paths.state,
    MAIN: mainFile,
    REPORT: "/dev/termination-log",
    GRACE_SECONDS: String(graceSeconds),
    START_SECONDS: String(budgets.imagePullSeconds + budgets.startSeconds + startMarginSeconds),
    CLOSING_SECONDS: String(closingSecondsOf(repository)),
  };
  return Object.entries(values).map(([name, value]) => ({
    name: `REPOSITORY_${name}`,
    value: escapeDollars(value),
  }));
}

function userOf(credential: RepositoryCheckout["credential"]): string {
  if (credential?.kind === "given") return credential.userName;
  return credential?.kind === "token" ? (credential.userName ?? "x-access-token") : "";
}

/** As git writes them when it asks for a password. */
function addressOf(url: string): { readonly scheme: string; readonly host: string } {
  const match = /^(https?):\/\/(?:[^@/]*@)?([^/?#]+)/.exec(url);
  return { scheme: match?.[1] ?? "", host: match?.[2] ?? "" };
}
