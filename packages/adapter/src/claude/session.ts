import type { HostRuntime } from "../host/contract.ts";
import { words } from "./wake.ts";

/** What is kept of a session between runs. No key of it may be one that the host reads itself (`cwd`, `workspaceId`, …). */
export interface SessionRecord extends SessionCircumstances {
  readonly sessionId: string;
  /** Of the command line that wrote it; `null`: it did not say. */
  readonly claudeVersion: string | null;
  /** Its files were not there when we came back: the pod's home does not outlive the pod, so the next run begins afresh. */
  readonly volatile?: true;
}

/** What must be the same for a session to be gone on with. */
export interface SessionCircumstances {
  readonly promptBundleKey: string;
  readonly mcpServerIdentity: string;
  readonly podWorkingDirectory: string;
  /** As configured; `default`: Claude Code's own choice. */
  readonly claudeModel: string;
  readonly claudeImage: string;
}

export interface SessionChoice {
  /** To be resumed; `null`: begin a new one. */
  readonly resume: string | null;
  /** Why an earlier session is not resumed, for the log. */
  readonly reason: string | null;
  /** A session of this task was not in the pod's home before. */
  readonly wasGone: boolean;
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * May the task's last session be gone on with, so far as settings and the host tell? Only what is certain to fail, or to mislead,
 * is left out. The host hands a follow-up of its own only the session's id: what is not told is taken to be the same.
 */
export function chooseSession(runtime: HostRuntime, now: SessionCircumstances): SessionChoice {
  const stored = runtime.sessionParams ?? {};
  const wasGone = stored["volatile"] === true;
  const sessionId = words(stored["sessionId"]) ?? words(runtime.sessionId);
  if (sessionId === null) return { resume: null, reason: null, wasGone };
  const difference = uuid.test(sessionId) ? differenceOf(stored, now) : "its id is not a UUID";
  return difference === null
    ? { resume: sessionId, reason: null, wasGone }
    : { resume: null, reason: `session ${sessionId} is not resumed: ${difference}`, wasGone };
}

function differenceOf(stored: Readonly<Record<string, unknown>>, now: SessionCircumstances): string | null {
  const isOther = (key: keyof SessionCircumstances): boolean =>
    words(stored[key]) !== null && stored[key] !== now[key];
  if (isOther("promptBundleKey")) return "its instructions or skills have changed";
  if (isOther("mcpServerIdentity")) return "its MCP servers have changed";
  if (isOther("podWorkingDirectory")) return `it belongs to ${String(stored["podWorkingDirectory"])}`;
  if (isOther("claudeModel")) return `it was begun with the model ${String(stored["claudeModel"])}`;
  return isOther("claudeImage") ? versionDifference(stored, now.claudeImage) : null;
}

/** Transcripts of another major version may be read wrongly. Which version an image has, only its tag tells before it runs. */
function versionDifference(stored: Readonly<Record<string, unknown>>, image: string): string | null {
  const before = majorOf(words(stored["claudeVersion"]));
  const after = majorOf(/^v?(\d{1,9}\.\d{1,9}\.\d{1,9})(?!\d)/.exec(tagOf(image))?.[1] ?? null);
  if (before === null || after === null || before === after) return null;
  return `it was begun with Claude Code ${before}, and the image has ${after}`;
}

/** `ghcr.io:5000/acme/claude:2.1.330@sha256:…` → `2.1.330`; without one an empty text. */
function tagOf(image: string): string {
  const [name = ""] = image.split("@", 1);
  const at = name.lastIndexOf(":");
  return at > name.lastIndexOf("/") ? name.slice(at + 1) : "";
}

function majorOf(version: string | null): number | null {
  const major = /^(\d+)\./.exec(version ?? "")?.[1];
  return major === undefined ? null : Number(major);
}
