import { createHash } from "node:crypto";

import type { RateLimitState } from "@claude-k8s/stream-parser";

/** What runs were last told of one account's limits. */
export interface SeenAccount {
  /** The agent whose run was told last. */
  readonly agentName: string;
  /** By the name of the window. Milliseconds since the epoch. */
  readonly windows: ReadonlyMap<string, { readonly state: RateLimitState; readonly seenAt: number }>;
}

/** Limits that Claude Code tells of in a run's output: they are the account's, not the run's. Kept while the process lives. */
export interface SeenLimits {
  note(run: {
    readonly credential: string | null;
    readonly agentName: string;
    readonly rateLimits: readonly RateLimitState[];
  }): void;
  accounts(): readonly SeenAccount[];
}

const mostAccounts = 20;
const mostWindows = 20;

export function createSeenLimits(now: () => number = Date.now): SeenLimits {
  const accounts = new Map<string, SeenAccount>();
  return {
    note({ credential, agentName, rateLimits }) {
      if (rateLimits.length === 0) return;
      const account = createHash("sha256")
        .update(credential ?? "")
        .digest("hex");
      const windows = new Map(accounts.get(account)?.windows);
      for (const state of rateLimits.slice(0, mostWindows))
        windows.set(state.window ?? "", { state, seenAt: now() });
      // The one that was told of last stands last.
      accounts.delete(account);
      accounts.set(account, { agentName, windows: new Map([...windows].slice(-mostWindows)) });
      for (const oldest of [...accounts.keys()].slice(0, -mostAccounts)) accounts.delete(oldest);
    },
    accounts: () => [...accounts.values()],
  };
}

/** The variables by which Claude Code proves whose account it uses, in its own order. */
const credentialNames = ["ANTHROPIC_AUTH_TOKEN", "ANTHROPIC_API_KEY", "CLAUDE_CODE_OAUTH_TOKEN"] as const;

export function credentialOf(variables: Readonly<Record<string, string>>): string | null {
  for (const name of credentialNames) {
    const value = variables[name]?.trim() ?? "";
    if (value !== "") return value;
  }
  return null;
}
