import type { SettingKey, SettingValue } from "./fields.ts";
import type { SettingOrigin } from "./layers.ts";
import { noQuantity } from "./values.ts";

/** The settings of one agent, checked. `null`: not set; the cluster, the image or Claude Code decides. */
export type Settings = ReturnType<typeof settingsFrom>;

/** What the settings are made of beside their fields: maps whose keys nobody can list beforehand. */
interface Maps {
  /** As the host resolved it: may hold secrets and the server's own paths. */
  readonly env: Readonly<Record<string, string>>;
  /** Resources of other names than CPU, memory and scratch space. */
  readonly requests: Readonly<Record<string, string>>;
  readonly limits: Readonly<Record<string, string>>;
  readonly withoutResources: readonly string[];
}

/** Reads a setting; `null`: it is not set, or it cannot be used, which is then among the problems. */
export type Take = <K extends SettingKey>(key: K) => SettingValue<K> | null;

export function settingsFrom(take: Take, { env, requests, limits, withoutResources }: Maps) {
  return {
    cluster: {
      /** Name of a cluster of the operator's file, or path of a kubeconfig on the server; `null`: the server's own. */
      kubeconfig: take("kubeconfig"),
      namespace: take("namespace"),
    },
    pod: {
      image: take("image") ?? "",
      imagePullPolicy: take("imagePullPolicy"),
      serviceAccountName: take("serviceAccountName"),
      resources: {
        requests: { ...standardQuantities(take, "requests"), ...requests },
        limits: { ...standardQuantities(take, "limits"), ...limits },
      },
      /** `limits.memory`: wished to be without, so that no default stands there. */
      withoutResources,
      labels: take("labels") ?? {},
      nodeSelector: take("nodeSelector") ?? {},
      tolerations: take("tolerations") ?? [],
      podTemplate: take("podTemplate"),
      priorityClassName: take("priorityClassName"),
      runtimeClassName: take("runtimeClassName"),
      affinity: take("affinity"),
      topologySpreadConstraints: take("topologySpreadConstraints") ?? [],
      hostAliases: take("hostAliases") ?? [],
      /** Secrets with which images are pulled. */
      registryLogins: take("registryLogins") ?? [],
      initContainers: take("initContainers") ?? [],
      extraContainers: take("extraContainers") ?? [],
      /** Of the empty volumes for temporary files and caches. */
      temporarySize: take("temporarySize") ?? "10Gi",
      cacheSize: take("cacheSize") ?? "10Gi",
      /** Of the server's own pod; `null`: all that can be. */
      inherit: take("inherit"),
      /** Of Kueue. */
      queueName: take("queueName"),
      /** Absolute path in the pod. */
      workingDirectory: take("cwd"),
      /** Absolute path in the pod; `null`: as the image gives it. */
      homeDirectory: take("homeDirectory"),
    },
    workspace: workspaceFrom(take),
    copies: copiesFrom(take),
    repository: repositoryFrom(take),
    life: lifeFrom(take),
    recordOutput: take("recordOutput") ?? false,
    guards: {
      /** Seconds; `null`: no limit. */
      lingerSeconds: (take("lingerSec") ?? 30) || null,
      stallSeconds: (take("stallSec") ?? 1800) || null,
      toolStallSeconds: (take("toolStallSec") ?? 7800) || null,
      /** Dollars; `null`: no limit. */
      dailyBudgetUsd: take("dailyBudgetUsd"),
    },
    claude: claudeFrom(take),
    env,
    /** Variables that lie in Secrets of the namespace. */
    envReferences: take("envReferences") ?? {},
  };
}

function lifeFrom(take: Take) {
  return {
    /** `null`: no deadline. */
    deadlineSeconds: take("timeoutSec"),
    graceSeconds: take("graceSec") ?? 30,
    /** How long to wait for a slot that another run still holds. */
    busyWaitSeconds: take("busyWaitSec") ?? 45,
    /** At most one live Job for each task of an agent, or one for the agent. */
    concurrency: take("concurrency") ?? "task",
    /** `null`: no limit. */
    maxConcurrentRuns: take("maxConcurrentRuns"),
    maxConcurrentRunsPer: take("maxConcurrentRunsPer") ?? "agent",
    /** May the Job of a server that has died be taken over? */
    adoptsOrphans: take("reattachOrphanedJobs") ?? true,
    /** Which finished Jobs stay until their time to live; the others go with their run. */
    retain: take("retain") ?? (take("retainJobs") === true ? "always" : "never"),
    /** Seconds; `null`: the runner's own budget. */
    queueWaitSeconds: take("queueWaitSec"),
    nodeWaitSeconds: take("nodeWaitSec"),
    imageWaitSeconds: take("imageWaitSec"),
    ttlSecondsAfterFinished: take("ttlSecondsAfterFinished") ?? 3600,
    /** Where sessions are kept: on the server, or in the pod's home. `null`: whatever can be. */
    sessionMode: take("sessionMode"),
    /** "Test" also runs the image once. */
    testRun: take("testRun") ?? false,
    /** What the host is told that was invoked: a conversation type keeps the issue open across a restart of the server. */
    invocationType: take("invocationType") ?? "claude_local",
  };
}

function claudeFrom(take: Take) {
  return {
    model: take("model"),
    effort: take("effort"),
    maxTurns: take("maxTurnsPerRun"),
    /** Dollars; `null`: no limit. */
    maxBudgetUsd: take("maxBudgetUsd"),
    /** As npm reads ranges; `null`: any release will do. */
    versionRange: take("claudeVersion"),
    versionMismatch: take("claudeVersionMismatch") ?? "fail",
    skipPermissions: take("dangerouslySkipPermissions") ?? true,
    /** As Claude Code's rules of permission name them. */
    allowedTools: take("allowedTools") ?? [],
    disallowedTools: take("disallowedTools") ?? [],
    fallbackModel: take("fallbackModel"),
    /** `null`: the answer may be any text. */
    jsonSchema: take("jsonSchema"),
    extraArgs: take("extraArgs") ?? [],
    promptTemplate: take("promptTemplate"),
    bootstrapPromptTemplate: take("bootstrapPromptTemplate"),
    instructionsFilePath: take("instructionsFilePath"),
    /** Address of Paperclip's API as the pod reaches it. */
    paperclipApiUrl: take("paperclipApiUrl"),
  };
}

const standardNames = ["cpu", "memory", "ephemeral-storage"] as const;

function workspaceFrom(take: Take) {
  return {
    /** `null`: whatever can be had. */
    mode: take("workspaceMode"),
    scope: take("workspaceScope") ?? "company",
    /** Of the namespace; `null`: what the server's own pod has. */
    claim: take("workspaceClaim"),
    mountPath: take("workspaceMountPath"),
    subPath: take("workspaceSubPath"),
    claimPer: take("workspaceClaimPer") ?? "agent",
    claimSize: take("workspaceClaimSize") ?? "10Gi",
    claimClass: take("workspaceClaimClass"),
    claimAccess: take("workspaceClaimAccess") ?? "ReadWriteOnce",
  };
}

function repositoryFrom(take: Take) {
  return {
    /** May hold a password. */
    url: take("repositoryUrl"),
    ref: take("repositoryRef"),
    branch: take("repositoryBranch"),
    /** Secret and entry. */
    login: take("repositoryLogin"),
    user: take("repositoryUser"),
    knownHosts: take("repositoryKnownHosts"),
    depth: take("repositoryDepth"),
    submodules: take("repositorySubmodules") ?? false,
    lfs: take("repositoryLfs") ?? false,
    setUp: take("repositorySetUp"),
    setUpSeconds: take("repositorySetUpSec") ?? 600,
    image: take("repositoryImage"),
    path: take("repositoryPath"),
    cache: take("repositoryCache"),
    push: take("pushBranch") ?? false,
  };
}

function copiesFrom(take: Take) {
  return {
    exclude: take("copyExclude") ?? [],
    /** A quantity. */
    maxSize: take("copyMaxSize") ?? "10Gi",
    maxFiles: take("copyMaxFiles") ?? 1_000_000,
    holdSeconds: take("copyHoldSec") ?? 900,
    /** Of a claim, as a quantity; `null`: none. */
    cacheSize: take("copyCache"),
  };
}

function standardQuantities(take: Take, part: "requests" | "limits"): Record<string, string> {
  return Object.fromEntries(
    standardNames.flatMap((name) => {
      const value = take(`resources.${part}.${name}`);
      return value === null || value === noQuantity ? [] : [[name, value]];
    }),
  );
}

/** One setting that cannot be used. `value` is shown to people: never a value of `env`. */
export interface SettingProblem {
  readonly field: string;
  /** As it was given, cut to 200 characters; `null`: not given. */
  readonly value: string | null;
  /** What a value must be. */
  readonly rule: string;
  readonly example: string;
}

export type ParsedSettings =
  | {
      readonly kind: "valid";
      readonly settings: Settings;
      readonly warnings: readonly string[];
      /** Who gave each setting that is set. */
      readonly origins: ReadonlyMap<SettingKey, SettingOrigin>;
      /** Who gave each variable of `env`. */
      readonly envOrigins: Readonly<Record<string, SettingOrigin>>;
    }
  | { readonly kind: "invalid"; readonly problems: readonly SettingProblem[] };
