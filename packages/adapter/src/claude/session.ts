import type { HostRuntime } from "../host/contract.ts";
import type { Bundle } from "./bundle.ts";
import { words } from "./wake.ts";

/** What is kept of a session between runs. No key of it may be one that the host reads itself (`cwd`, `workspaceId`, …). */
export interface SessionRecord {
  readonly sessionId: string;
  readonly promptBundleKey: string;
  readonly mcpServerIdentity: string;
  readonly podWorkingDirectory: string;
  /** Its files were not there when we came back: the pod's home does not outlive the pod, so the next run begins afresh. */
  readonly volatile?: true;
}

export interface SessionChoice {
  /** To be resumed; `null`: begin a new one. */
  readonly resume: string | null;
  /** Why an earlier session is not resumed, for the log. */
  readonly reason: string | null;
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** May the task's last session be gone on with? Only what is certain to fail, or to mislead, is left out. */
export function chooseSession(runtime: HostRuntime, bundle: Bundle, workingDirectory: string): SessionChoice {
  const stored = runtime.sessionParams ?? {};
  const sessionId = words(stored["sessionId"]) ?? words(runtime.sessionId);
  if (sessionId === null) return { resume: null, reason: null };
  const fresh = (reason: string): SessionChoice => ({
    resume: null,
    reason: `session ${sessionId} is not resumed: ${reason}`,
  });
  if (!uuid.test(sessionId)) return fresh("its id is not a UUID");
  if (stored["volatile"] === true) return fresh("the pod's home directory does not outlive the pod");
  const { promptBundleKey, mcpServerIdentity, podWorkingDirectory } = stored;
  if (words(promptBundleKey) !== null && promptBundleKey !== bundle.key)
    return fresh("its instructions or skills have changed");
  // The host hands a follow-up of its own only the session's id: what is not told is taken to be the same.
  if (words(mcpServerIdentity) !== null && mcpServerIdentity !== bundle.mcpIdentity)
    return fresh("its MCP servers have changed");
  if (words(podWorkingDirectory) !== null && podWorkingDirectory !== workingDirectory)
    return fresh(`it belongs to ${String(podWorkingDirectory)}`);
  return { resume: sessionId, reason: null };
}
