/** Where a run works that a person starts at a terminal: the modes of an agent, without a host that names folders. */

import {
  type ClaimSpec,
  type ClaimView,
  type Cluster,
  type RunFailure,
  type RunSpec,
  ensureClaim,
} from "@claude-k8s/k8s-runner";

import { claudeCommand, inHomeOfItsOwn } from "../claude/arguments.ts";
import { emptyBundle } from "../claude/empty-bundle.ts";
import { homeVariables } from "../claude/environment.ts";
import { specOfSettings } from "../claude/settings-spec.ts";
import { settingProblem } from "../settings/problem.ts";
import type { SettingProblem, Settings } from "../settings/settings.ts";
import { applyWorkspace } from "./apply.ts";
import { type CarriedPlace, carriedWorkspace } from "./carried.ts";
import { clonedWorkspace, readAddress } from "./checkout.ts";
import { claimNameOf, claimWorkspace } from "./claim/claim.ts";
import { cacheAnnotation, cacheNameOf, cached } from "./copy-cache.ts";
import { emptyWorkspace } from "./empty.ts";
import { namedClaimWorkspace } from "./shared/named-claim.ts";
import type { Workspace } from "./workspace.ts";

/** `why` is a clause. */
export type HandChoice = { readonly why: string } & (
  | { readonly mode: "copied"; readonly folder: CarriedPlace }
  | { readonly mode: "repository" }
  /** Of the slot's own, made at its first run. */
  | { readonly mode: "claim" }
  /** One that exists. */
  | { readonly mode: "shared"; readonly claim: string }
  | { readonly mode: "empty" }
);

export interface HandRun {
  readonly settings: Settings;
  readonly choice: HandChoice;
  /** At most one live run has it; claims and branches are named by it. */
  readonly slot: string;
  readonly runId: string;
}

export type HandAnswer =
  | { readonly kind: "ready"; readonly workspace: Workspace }
  | { readonly kind: "unusable"; readonly problems: readonly SettingProblem[] }
  | { readonly kind: "refused"; readonly failure: RunFailure };

export interface HandPlace {
  readonly namespace: string;
  /** `null`: it is only asked what would be, and nothing is made. */
  readonly cluster: Pick<Cluster, "get" | "create" | "server"> | null;
  readonly signal?: AbortSignal;
}

/** Whose home lies on a claim that several have; people at terminals have one together. */
const owner = "cli";

/** Rejects with `signal.reason` only. */
export async function workspaceByHand(run: HandRun, place: HandPlace): Promise<HandAnswer> {
  const { settings, choice } = run;
  const { why } = choice;
  switch (choice.mode) {
    case "copied":
      return carried(run, await carriedWorkspace(choice.folder, null, settings, why), place);
    case "repository":
      return cloned(run);
    case "claim":
      return ownClaim(run, place);
    case "shared":
      return ready(namedClaimWorkspace(choice.claim, settings, owner, null, { mode: "shared", why }));
    case "empty":
      return ready(emptyWorkspace(settings, why));
  }
}

function cloned({ settings, choice, slot, runId }: HandRun): HandAnswer {
  const { url } = settings.repository;
  const address = url === null ? null : readAddress(url);
  if (address === null) {
    const rule = "an address that git can clone: https://…, ssh://… or user@host:path";
    return { kind: "unusable", problems: [settingProblem("repositoryUrl", null, rule)] };
  }
  const origin = {
    ref: null,
    branch: null,
    task: slot.slice(slot.lastIndexOf("/") + 1),
    runId,
    authorName: "Claude",
    authorEmail: "claude@agents.invalid",
    folder: null,
  };
  return ready(clonedWorkspace(address, settings, origin, choice.why));
}

/** With a cache of the slot's own, where there is to be one. */
async function carried(run: HandRun, workspace: Workspace, place: HandPlace): Promise<HandAnswer> {
  const size = run.settings.copies.cacheSize;
  if (size === null) return ready(workspace);
  const spec = { ...claimOf(run, place, cacheNameOf(run.slot)), size };
  const annotations = { ...spec.annotations, ...cacheAnnotation };
  return withClaim({ ...spec, annotations }, place, "copyCache", (claim) => cached(workspace, claim));
}

async function ownClaim(run: HandRun, place: HandPlace): Promise<HandAnswer> {
  const chosen = { mode: "claim", why: run.choice.why } as const;
  const spec = claimOf(run, place, claimNameOf(run.slot));
  return withClaim(spec, place, "workspaceMode", (claim) => claimWorkspace(claim, run.settings, chosen));
}

function claimOf({ settings, slot }: HandRun, { namespace }: HandPlace, name: string): ClaimSpec {
  const { claimSize: size, claimClass, claimAccess } = settings.workspace;
  return {
    namespace,
    name,
    size,
    accessMode: claimAccess,
    ...(claimClass !== null && { storageClass: claimClass }),
    annotations: { "paperclip.io/agent-name": slot },
  };
}

async function withClaim(
  spec: ClaimSpec,
  { cluster, signal }: HandPlace,
  setting: "copyCache" | "workspaceMode",
  on: (claim: Pick<ClaimView, "name" | "size">) => Workspace,
): Promise<HandAnswer> {
  if (cluster === null) return ready(on(spec));
  const answer = await ensureClaim(cluster, spec, { ...(signal !== undefined && { signal }) });
  if (answer.kind === "refused") return answer;
  if (answer.kind !== "taken") return ready(on(answer.claim));
  const why = answer.claim.isOwn ? "is being removed" : "was made by somebody else";
  const problem =
    setting === "copyCache"
      ? settingProblem(setting, null, `nothing for now, as claim ${spec.name} ${why}`)
      : settingProblem(setting, "claim", `a mode without claim ${spec.name}, which ${why}`);
  return { kind: "unusable", problems: [problem] };
}

function ready(workspace: Workspace): HandAnswer {
  return { kind: "ready", workspace };
}

/** The run itself. `resume`: a session whose files are in the pod; `null`: a new one. */
export function specByHand(
  { settings, slot, runId }: HandRun,
  workspace: Workspace,
  {
    namespace,
    prompt,
    resume,
  }: { readonly namespace: string; readonly prompt: string; readonly resume: string | null },
): RunSpec {
  const { env } = settings;
  const command = claudeCommand(settings.claude, env, emptyBundle, resume);
  const spec: RunSpec = {
    ...specOfSettings(settings, workspace),
    namespace,
    slot,
    runId,
    command: workspace.lastingHome === null ? command : inHomeOfItsOwn(command),
    stdin: prompt,
    env: homeVariables(settings, workspace, env),
    secretEnv: env,
  };
  return applyWorkspace(spec, workspace);
}
