import { createHash } from "node:crypto";

import { readWake, record, words } from "../claude/wake.ts";
import { settingFields } from "../settings/fields.ts";
import type { Circumstances } from "./failure-chain.ts";
import type { ExecutionContext } from "./contract.ts";
import type { TaskName } from "./failure-memory.ts";

export function taskOf({ agent, runtime }: ExecutionContext): TaskName {
  return { companyId: agent.companyId, agentId: agent.id, taskKey: runtime.taskKey };
}

/** `effective`: the settings with what the operator's file adds. */
export function circumstancesOf(
  host: ExecutionContext,
  effective: Readonly<Record<string, unknown>>,
): Circumstances {
  return {
    settings: fingerprint(host, effective),
    commentId: readWake(host.context).commentId,
    isRetry: words(host.context["retryReason"]) !== null,
  };
}

/**
 * Equal for equal settings. Of variables only those that the agent's own configuration names: the host adds paths that differ
 * with each run. A new value of a secret counts as a change.
 */
function fingerprint(
  { agent, config }: ExecutionContext,
  effective: Readonly<Record<string, unknown>>,
): string {
  const named = Object.keys(record(record(agent.adapterConfig)["env"])).toSorted();
  const variables = record(config["env"]);
  const others = settingFields
    .filter(({ key }) => key !== "env")
    .map(({ key, alias }) => [
      key,
      effective[key] ?? (alias === undefined ? null : effective[alias]) ?? null,
    ]);
  const resources = effective["resources"] ?? null;
  const told = JSON.stringify([others, resources, named.map((name) => [name, variables[name] ?? null])]);
  return createHash("sha256").update(told).digest("hex");
}
