/** What becomes of a run's session when its pod is gone. Pure. */

import type { RunSpec } from "@claude-k8s/k8s-runner";

import type { SessionChoice } from "../claude/session.ts";
import type { Settings } from "../settings/settings.ts";

export type Persistence =
  /** It comes back with the run, lies on the server, and goes along with the next one. */
  | { readonly kind: "copied" }
  /** In the pod's home, which may lie on a volume. */
  | { readonly kind: "home" }
  /** It goes with the pod. */
  | { readonly kind: "none"; readonly reason: string };

export interface PersistenceFacts {
  readonly sessionMode: Settings["life"]["sessionMode"];
  readonly podTemplate: Settings["pod"]["podTemplate"];
  /** The workspace brings a home on a volume that outlives the pod. */
  readonly homeLasts: boolean;
  /** May the server use `pods/exec`? `null`: the API server does not say. */
  readonly exec: boolean | null;
  /** There is a folder on the server for them. */
  readonly hasStore: boolean;
}

export const missingRight =
  "the server may not use pods/exec (verbs create and get) in the run's namespace, by which a session is kept on the server";

export function choosePersistence(facts: PersistenceFacts): Persistence {
  const { sessionMode, podTemplate, homeLasts, exec, hasStore } = facts;
  if (sessionMode === "home") return { kind: "home" };
  // Its home may lie there, and hold sessions of earlier runs that no copy has.
  if (sessionMode === null && (homeLasts || mountsLasting(podTemplate))) return { kind: "home" };
  if (!hasStore)
    return { kind: "none", reason: "the server has no folder below Paperclip's home to keep it in" };
  // Where nobody says, it is tried: a run that cannot have copies goes on without them.
  return exec === false ? { kind: "none", reason: missingRight } : { kind: "copied" };
}

/** Are the session's files where the next run finds them, so far as it is known? */
export function isLasting(
  { kind }: Persistence,
  { podTemplate, homeLasts }: Pick<PersistenceFacts, "podTemplate" | "homeLasts">,
): boolean {
  return kind === "copied" || (kind === "home" && (homeLasts || mountsLasting(podTemplate)));
}

/** Volumes that end with the pod, or that nothing is written to. */
const passing: ReadonlySet<string> = new Set([
  "configMap",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "gitRepo",
  "image",
  "projected",
  "secret",
]);

/** Has the overlay a volume that outlives the pod? */
export function mountsLasting(template: RunSpec["podTemplate"] | null): boolean {
  const volumes = template?.spec?.volumes;
  return (Array.isArray(volumes) ? volumes : []).some((volume) =>
    Object.entries(volume).some(([kind, value]) => kind !== "name" && value != null && !passing.has(kind)),
  );
}

export interface SessionFacts {
  readonly choice: SessionChoice;
  readonly persistence: Persistence;
  /** The transcript lies on the server; asked only where sessions are copied. */
  readonly isKept: boolean;
  /** The home is known to outlive the pod. */
  readonly homeLasts: boolean;
  /** The transcript is in the home; `null`: that is not known. */
  readonly inHome: boolean | null;
}

/** The session to be resumed, now that it is known where its files are: one that is certain to be missing costs no Job. */
export function resumable({ choice, persistence, isKept, homeLasts, inHome }: SessionFacts): SessionChoice {
  const { resume } = choice;
  if (resume === null) return choice;
  const fresh = (reason: string): SessionChoice => ({
    ...choice,
    resume: null,
    reason: `session ${resume} is not resumed: ${reason}`,
  });
  switch (persistence.kind) {
    case "copied":
      return isKept ? choice : fresh("its transcript is not on this server");
    case "home":
      if (inHome === false) return fresh("its transcript is not in the agent's home");
      return choice.wasGone && !homeLasts
        ? fresh("the pod's home directory does not outlive the pod")
        : choice;
    case "none":
      return fresh(`it went with its pod, as ${persistence.reason}`);
  }
}
