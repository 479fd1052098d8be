import type { SessionRecord } from "../claude/session.ts";
import { record, words } from "../claude/wake.ts";
import type { SessionCodec } from "./contract.ts";

/** Keeps only keys of our own: the host reads `cwd`, `workspaceId`, `repoUrl` and `repoRef` as paths on its own machine. */
export const sessionCodec: SessionCodec = {
  deserialize: read,
  serialize: read,
  getDisplayId: (params) => read(params)?.["sessionId"] ?? null,
};

function read(raw: unknown): ({ sessionId: string } & Record<string, string | true>) | null {
  const stored = record(raw);
  const sessionId = words(stored["sessionId"]) ?? words(stored["session_id"]);
  if (sessionId === null) return null;
  const kept = [
    "promptBundleKey",
    "mcpServerIdentity",
    "podWorkingDirectory",
    "claudeModel",
    "claudeImage",
    "claudeVersion",
  ] as const;
  const pairs = kept.flatMap((key): [string, string][] => {
    const value = words(stored[key]);
    return value === null ? [] : [[key, value]];
  });
  return {
    sessionId,
    ...Object.fromEntries(pairs),
    ...(stored["volatile"] === true && { volatile: true as const }),
  };
}

export function sessionParams(session: SessionRecord): Record<string, unknown> {
  return { ...read(session) };
}
