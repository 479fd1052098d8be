import { stopReasons } from "@claude-k8s/diagnostics";
import type { ClaudeEvent } from "@claude-k8s/stream-parser";
import satisfies from "semver/functions/satisfies.js";

import type { Settings } from "../settings/settings.ts";

export type VersionVerdict = "in" | "out" | "unknown";

/** A prerelease of a release in the range is in it, too. */
export function judgeVersion(version: string | null, range: string): VersionVerdict {
  if (version === null || !/^\d+\.\d+\.\d+/.test(version)) return "unknown";
  return satisfies(version, range, { includePrerelease: true }) ? "in" : "out";
}

/**
 * The release of Claude Code that an image's name tells. A version alone is that of the image: it is Claude Code's where the image
 * is named after it, or the tag says so.
 */
export function versionInImage(image: string): string | null {
  const [plain = ""] = image.split("@", 1);
  const [name = "", tag = ""] = plain.slice(plain.lastIndexOf("/") + 1).split(":");
  const isNamed = name === "claude" || name === "claude-code";
  const form = isNamed
    ? /^(?:claude-(?:code-)?)?v?(\d{1,9}\.\d{1,9}\.\d{1,9})(?:-[a-z][\w.-]{0,127})?$/
    : /^(?:[\w.-]{0,127}-)?claude-(?:code-)?v?(\d{1,9}\.\d{1,9}\.\d{1,9})(?:-[a-z][\w.-]{0,127})?$/;
  return form.exec(tag)?.[1] ?? null;
}

/** What the image's name says of the range that is demanded, before there is a Job. */
export function judgeImage({
  claude,
  pod,
}: Settings):
  | { readonly kind: "go-on"; readonly warning: string | null }
  | { readonly kind: "refused"; readonly version: string; readonly range: string } {
  const { versionRange: range } = claude;
  const version = range === null ? null : versionInImage(pod.image);
  if (range === null || version === null || judgeVersion(version, range) !== "out")
    return { kind: "go-on", warning: null };
  if (claude.versionMismatch === "fail") return { kind: "refused", version, range };
  return { kind: "go-on", warning: outsideWords(version, range) };
}

export interface VersionGuard {
  readonly event: (event: ClaudeEvent) => void;
}

/** The first frame of a run says its release, before the first request of the agent's. */
export function createVersionGuard(
  { versionRange: range, versionMismatch }: Settings["claude"],
  act: { readonly warn: (message: string) => void; readonly stop: (reason: string) => void },
): VersionGuard {
  let judged = range === null;
  return {
    event(event) {
      if (judged || range === null || event.type !== "init") return;
      judged = true;
      const verdict = judgeVersion(event.cliVersion, range);
      if (verdict === "unknown")
        act.warn(`Claude Code does not say its release; setting claudeVersion demands ${range}`);
      if (verdict !== "out") return;
      const words = outsideWords(event.cliVersion ?? "", range);
      if (versionMismatch === "fail") act.stop(`${stopReasons.claudeVersion}: ${words}`);
      else act.warn(words);
    },
  };
}

function outsideWords(version: string, range: string): string {
  return `Claude Code ${version} is outside of what setting claudeVersion demands, ${range}`;
}
