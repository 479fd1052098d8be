/** What a run does after an attempt that ended before Claude worked, for a reason that the adapter itself brought in. Pure. */

import type { Ending } from "../ending.ts";

export type NextAttempt =
  | { readonly kind: "none" }
  /** The session that was to be resumed does not exist, or the API refuses what is stored in it, and no tool has run. */
  | { readonly kind: "fresh"; readonly why: "gone" | "refused" }
  /** The copies did not work in this pod; nothing ran that could not run again. */
  | { readonly kind: "without-copies"; readonly reason: string };

/** `session`: only the session's files travel. `workspace`: the agent's files, too, as somebody has chosen; `chosen`: by default. */
export type Copied = "nothing" | "session" | "workspace" | "chosen";

export function nextAttempt(
  { exit, diagnosis, summary }: Ending,
  tried: { readonly resumed: boolean; readonly copied: Copied },
): NextAttempt {
  if (tried.resumed && diagnosis.code === "session_unavailable") return { kind: "fresh", why: "gone" };
  if (tried.resumed && isRefusedHistory(diagnosis) && summary?.tools.calls === 0)
    return { kind: "fresh", why: "refused" };
  // Whoever chose that the agent works on a copy would not have it work on nothing.
  if (tried.copied === "nothing" || tried.copied === "workspace") return { kind: "none" };
  if ((summary?.frames ?? 0) > 0) return { kind: "none" };
  if (exit.kind !== "failed" && exit.kind !== "refused") return { kind: "none" };
  if (tried.copied === "chosen" && !neverWorksHere(exit.failure)) return { kind: "none" };
  const reason = copyTrouble(exit.failure);
  return reason === null ? { kind: "none" } : { kind: "without-copies", reason };
}

/** The same messages would be sent, and refused, by every run that resumes the session. */
function isRefusedHistory({ code, session }: Ending["diagnosis"]): boolean {
  return code === "claude_invalid_request" && session === "clear";
}

/** Not a matter of these files or of this moment: no run in this cluster and image could have copies. */
function neverWorksHere({ kind, trouble }: Readonly<Record<string, unknown>>): boolean {
  return kind !== "workspace-too-large" && (kind !== "start-timeout" || trouble === "no-exec");
}

/** The runner's init container that waits for the folders. */
const receiver = "files";

function copyTrouble(failure: Readonly<Record<string, unknown>>): string | null {
  const { kind, container, phase, resource, message } = failure;
  const said = typeof message === "string" && message !== "" ? `: ${message.slice(0, 300)}` : "";
  switch (kind) {
    case "init-container-failed":
      return container === receiver ? `the image has no Node.js that could receive files${said}` : null;
    case "start-timeout":
      return phase === "files" ? `nothing could be copied into the pod${said}` : null;
    case "workspace-too-large":
      return `nothing could be copied into the pod${said}`;
    case "forbidden":
      return resource === "pods/exec" ? `the server may not use pods/exec${said}` : null;
    // Rules of the cluster may know no second container.
    case "admission-rejected":
    case "create-rejected":
      return `the cluster refused the pod with the containers that copy files${said}`;
    default:
      return null;
  }
}
