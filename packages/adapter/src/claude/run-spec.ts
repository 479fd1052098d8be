import { createHash } from "node:crypto";

import type { CopiedFolders, RunSpec } from "@claude-k8s/k8s-runner";

import { successorReason, waitingRunAnnotation, wakeAnnotation, wakeMarkOf } from "../adoption/wake-mark.ts";
import { adapterType } from "../host/adapter-type.ts";
import type { ExecutionContext } from "../host/contract.ts";
import { applyWorkspace } from "../workspace/apply.ts";
import { hostWorkspaceOf } from "../workspace/host-workspace.ts";
import { podPathOf } from "../workspace/pod-path.ts";
import { isAtOrBelow } from "../workspace/shared/parts.ts";
import type { Workspace } from "../workspace/workspace.ts";
import type { Settings } from "../settings/settings.ts";
import { sessionLimits, sessionPatterns } from "../sessions/store.ts";
import { after, claudeCommand, inHomeOfItsOwn, keepingSessions } from "./arguments.ts";
import type { Bundle } from "./bundle.ts";
import type { PodEnvironment } from "./environment.ts";
import { podPaths } from "./paths.ts";
import { specOfSettings } from "./settings-spec.ts";
import { readWake } from "./wake.ts";

export interface RunPlan {
  readonly namespace: string;
  readonly settings: Settings;
  readonly bundle: Bundle;
  readonly environment: PodEnvironment;
  readonly workspace: Workspace;
  readonly prompt: string;
  /** To be resumed; `null`: a new session. */
  readonly sessionId: string | null;
  /** Folder of the server that sessions are kept in, and travel from; `null`: none travel. */
  readonly sessionFolder?: string | null;
  readonly attempt: AttemptNumber;
}

/** An agent's work on one task, which its sessions belong to. A wake without a task has a slot of its own kind. */
export function taskSlotOf(host: ExecutionContext): string {
  return `${agentSlotOf(host)}/${taskOf(host)}`;
}

function agentSlotOf({ agent }: ExecutionContext): string {
  return `paperclip/${agent.companyId}/${agent.id}`;
}

function taskOf({ runtime, context }: ExecutionContext): string {
  return runtime.taskKey ?? readWake(context).taskId ?? "no-task";
}

/** At most one live Job: for each task of an agent, or for the agent. */
export function slotOf(host: ExecutionContext, { life }: Pick<Settings, "life">): string {
  return life.concurrency === "agent" ? agentSlotOf(host) : taskSlotOf(host);
}

/** Files beside the agent's instructions, which these name, where they are in the pod. */
function foldersBeside(host: ExecutionContext, workspace: Workspace): readonly string[] {
  const folder = podPathOf(hostWorkspaceOf(host).instructionsFolder, workspace);
  return folder === null || isAtOrBelow(folder, workspace.workingDirectory) ? [] : [folder];
}

/** What comes before Claude Code, in the same container. */
function preparedCommand(
  command: readonly string[],
  { workspace, sessionFolder }: Pick<RunPlan, "workspace" | "sessionFolder">,
): readonly string[] {
  const kept = sessionFolder ? keepingSessions(command) : command;
  const housed = workspace.lastingHome === null ? kept : inHomeOfItsOwn(kept);
  return workspace.before === undefined ? housed : after(workspace.before, housed);
}

/** Everything about one run, in the runner's words. */
export function buildRunSpec(host: ExecutionContext, plan: RunPlan): RunSpec {
  const { settings, environment, bundle, workspace } = plan;
  const mark = wakeMarkOf(host, settings);
  const known = { ...environment.open, ...environment.secret };
  const folders = foldersBeside(host, workspace);
  const command = claudeCommand(settings.claude, known, bundle, plan.sessionId, folders);
  const spec: RunSpec = {
    ...specOfSettings(settings, workspace),
    namespace: plan.namespace,
    slot: slotOf(host, settings),
    ...adoptionOf(host, settings),
    ...capOf(host, settings),
    runId: `${host.runId}${attemptSuffix[plan.attempt]}`,
    command: preparedCommand(command, plan),
    ...(plan.sessionFolder && { copies: copiesOf(plan.sessionFolder) }),
    stdin: plan.prompt,
    env: environment.open,
    secretEnv: environment.secret,
    secretEnvFrom: withoutNames(settings.envReferences, known),
    files: [...bundle.files, ...environment.files],
    labels: {
      ...settings.pod.labels,
      ...paperclipLabels(host),
      ...(!settings.life.adoptsOrphans && { [reattachLabel]: "never" }),
    },
    adoptionAnnotations: {
      // Asked for by nothing but the Job itself, such a run has nothing to say that could be lost.
      ...(mark.reason !== successorReason && { [waitingRunAnnotation]: host.runId }),
    },
    annotations: {
      [wakeAnnotation]: JSON.stringify(mark),
      "paperclip.io/agent-name": host.agent.name,
      ...(plan.sessionId !== null && { "paperclip.io/session-id": plan.sessionId }),
    },
  };
  return applyWorkspace(spec, workspace);
}

/** Its name is read by people when the wait takes too long. */
function capOf({ agent }: ExecutionContext, { life }: Pick<Settings, "life">): Pick<RunSpec, "cap"> {
  const { maxConcurrentRuns: limit, maxConcurrentRunsPer: per } = life;
  if (limit === null) return {};
  const names = {
    agent: `runs of agent ${agent.companyId}/${agent.id}`,
    company: `runs of company ${agent.companyId}`,
    namespace: "runs of the namespace",
  };
  return { cap: { name: names[per], limit } };
}

/** Says that nobody is to be woken for this Job when its server is gone. */
export const reattachLabel = "paperclip.io/reattach";

/** Where tasks share a slot, what a run of one task does is no news for the issue of another one. */
function adoptionOf(
  host: ExecutionContext,
  { life }: Pick<Settings, "life">,
): Pick<RunSpec, "adopt" | "adoptOnlyWith"> {
  if (!life.adoptsOrphans) return { adopt: "never" };
  return life.concurrency === "agent" ? { adoptOnlyWith: { [taskKeyLabel]: hashed(taskOf(host)) } } : {};
}

/** The task as the slot has it: not every key of work is a label's value. */
const taskKeyLabel = "paperclip.io/task-key";

function hashed(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 40);
}

/**
 * 1, 2 for the one retry with a fresh session, 3 for the one without copies. 4 to 6 are the same for the run's own prompt after the
 * Job of an earlier run.
 */
export type AttemptNumber = 1 | 2 | 3 | 4 | 5 | 6;

const attemptSuffix: Readonly<Record<AttemptNumber, string>> = {
  1: "",
  2: ".fresh",
  3: ".bare",
  4: ".own",
  5: ".own.fresh",
  6: ".own.bare",
};

function copiesOf(folder: string): CopiedFolders {
  return {
    folders: [{ path: podPaths.sessions, folder, only: sessionPatterns }],
    limits: sessionLimits,
  };
}

/** The run's own variables stand: whose it is and where its token goes is nothing that a reference may say. */
function withoutNames<T>(values: Readonly<Record<string, T>>, names: object): Record<string, T> {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !Object.hasOwn(names, name)));
}

function paperclipLabels(host: ExecutionContext): Record<string, string> {
  const labels = {
    "paperclip.io/adapter-type": adapterType,
    "paperclip.io/agent-id": labelValue(host.agent.id),
    "paperclip.io/company-id": labelValue(host.agent.companyId),
    "paperclip.io/run-id": labelValue(host.runId),
    [taskKeyLabel]: hashed(taskOf(host)),
    "paperclip.io/task-id": labelValue(readWake(host.context).taskId ?? ""),
  };
  return Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== ""));
}

/** What Kubernetes allows as a label's value: 63 characters, letters or digits at both ends. */
function labelValue(text: string): string {
  return text
    .replaceAll(/[^A-Za-z0-9._-]/g, "")
    .slice(0, 63)
    .replaceAll(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, "");
}
