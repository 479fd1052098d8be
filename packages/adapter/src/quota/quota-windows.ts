import type { RateLimitState } from "@claude-k8s/stream-parser";

import type { QuotaResult, QuotaWindow } from "../host/contract.ts";
import type { HostServer } from "../host/server.ts";
import { type FetchUrl, fetchJson } from "../models/fetch-json.ts";
import { type Variables, providerOf, variablesOfAllPods } from "../models/provider.ts";
import { isObject } from "../settings/values.ts";
import type { SeenAccount, SeenLimits } from "./seen-limits.ts";

export interface QuotaOptions {
  readonly server: Pick<HostServer, "operator" | "environment">;
  readonly seen: SeenLimits;
  /** Default: the system's. */
  readonly fetch?: FetchUrl;
  readonly now?: () => number;
}

const provider = "anthropic";

/**
 * How much of a subscription is used up. Of the token that the operator gives to all pods, or that the server itself has, Anthropic
 * is asked; of all others it is known what their runs were told. A cloud and an API key have no such windows.
 */
export async function quotaWindows({
  server,
  seen,
  fetch = globalThis.fetch,
  now = Date.now,
}: QuotaOptions): Promise<QuotaResult> {
  const pods = variablesOfAllPods(await server.operator.word());
  const own = providerOf(pods) ?? providerOf(server.environment);
  if (own === "bedrock" || own === "vertex") return { provider, source: own, ok: true, windows: [] };
  const token = tokenOf(pods) ?? tokenOf(server.environment);
  const told = seenWindows(seen.accounts(), now());
  if (token === null) return { provider, source: "runs", ok: true, windows: told };
  const answer = await fetchJson(
    "https://api.anthropic.com/api/oauth/usage",
    { authorization: `Bearer ${token}`, "anthropic-beta": "oauth-2025-04-20" },
    fetch,
  );
  if (answer.kind === "json") {
    const windows = windowsOf(answer.body);
    return { provider, source: "anthropic-oauth", ok: true, windows: windows.length > 0 ? windows : told };
  }
  // A token of `claude setup-token` may run Claude and may not ask this.
  if (told.length > 0) return { provider, source: "runs", ok: true, windows: told };
  return { provider, source: "anthropic-oauth", ok: false, error: answer.reason, windows: [] };
}

function tokenOf(variables: Variables): string | null {
  return variables["CLAUDE_CODE_OAUTH_TOKEN"]?.trim() || null;
}

const labels: Readonly<Record<string, string>> = {
  five_hour: "Current session",
  seven_day: "Current week (all models)",
  seven_day_sonnet: "Current week (Sonnet only)",
  seven_day_opus: "Current week (Opus only)",
};

function windowsOf(body: unknown): QuotaWindow[] {
  if (!isObject(body)) return [];
  const windows = Object.entries(labels).flatMap(([name, label]): QuotaWindow[] => {
    const window = body[name];
    if (!isObject(window)) return [];
    const { utilization, resets_at: resetsAt } = window;
    return [
      {
        label,
        usedPercent: typeof utilization === "number" ? percentOf(utilization) : null,
        resetsAt: typeof resetsAt === "string" ? resetsAt : null,
        valueLabel: null,
      },
    ];
  });
  const extra = body["extra_usage"];
  return isObject(extra) ? [...windows, extraUsage(extra)] : windows;
}

/** Amounts are cents. */
function extraUsage(extra: Readonly<Record<string, unknown>>): QuotaWindow {
  const { is_enabled: isEnabled, utilization, monthly_limit: limit, used_credits: used } = extra;
  const label = "Extra usage";
  if (isEnabled === false) return { label, usedPercent: null, resetsAt: null, valueLabel: "Not enabled" };
  const dollars = (cents: number): string => `$${(cents / 100).toFixed(2)}`;
  return {
    label,
    usedPercent: typeof utilization === "number" ? percentOf(utilization) : null,
    resetsAt: null,
    valueLabel:
      typeof used === "number" && typeof limit === "number" ? `${dollars(used)} / ${dollars(limit)}` : null,
  };
}

function percentOf(value: number): number {
  return Math.min(100, Math.max(0, Math.round(value)));
}

/** A window that has begun anew since says nothing any more. */
function seenWindows(accounts: readonly SeenAccount[], now: number): QuotaWindow[] {
  return accounts.flatMap(({ agentName, windows }) =>
    [...windows.values()]
      .filter(({ state }) => state.resetsAt === null || state.resetsAt * 1000 > now)
      .map(({ state, seenAt }): QuotaWindow => {
        const label = labels[state.window ?? ""] ?? (state.window ?? "Limit").replaceAll("_", " ");
        return {
          label: accounts.length > 1 ? `${label}, ${agentName}` : label,
          usedPercent: usedOf(state),
          resetsAt: state.resetsAt === null ? null : new Date(state.resetsAt * 1000).toISOString(),
          valueLabel: state.status === "rejected" ? "Used up" : null,
          detail: `as a run of ${agentName} was told at ${new Date(seenAt).toISOString()}`,
        };
      }),
  );
}

function usedOf({ status, utilization }: RateLimitState): number | null {
  if (utilization !== null) return percentOf(utilization * 100);
  return status === "rejected" ? 100 : null;
}
