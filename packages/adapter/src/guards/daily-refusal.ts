import type { Ending } from "../ending.ts";
import type { ExecutionContext } from "../host/contract.ts";
import { refusalOf } from "../refusal.ts";
import type { Settings } from "../settings/settings.ts";
import { type DailyLedger, endOfDay } from "./daily-budget.ts";

/** The budget of an agent's day, before anything exists in the cluster; `null`: there is none, or something is left of it. */
export async function dailyRefusal(
  host: ExecutionContext,
  { guards: { dailyBudgetUsd: budgetUsd } }: Settings,
  { ledger, now = () => new Date() }: { readonly ledger?: DailyLedger; readonly now?: () => Date },
): Promise<Ending | null> {
  if (budgetUsd === null || ledger === undefined) return null;
  const spentUsd = await ledger.spent({ companyId: host.agent.companyId, agentId: host.agent.id }, now());
  if (spentUsd < budgetUsd) return null;
  const resetsAt = endOfDay(now()).toISOString();
  return refusalOf({ kind: "daily-budget-reached", spentUsd, budgetUsd, resetsAt }, host.config);
}
