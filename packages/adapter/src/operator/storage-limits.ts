import type { SettingRefusal } from "@claude-k8s/diagnostics";

import type { SettingKey } from "../settings/fields.ts";
import type { SettingOrigin } from "../settings/layers.ts";
import type { Settings } from "../settings/settings.ts";
import type { OperatorFile } from "./file-schema.ts";
import { compareQuantities } from "./quantities.ts";

/** What a workspace takes: of a claim that is made and stays, and of the server's disk and network with each copy. */
export function storageWithin(
  { workspace, copies }: Pick<Settings, "workspace" | "copies">,
  origins: ReadonlyMap<SettingKey, SettingOrigin>,
  maximum: NonNullable<OperatorFile["maximum"]>,
): {
  readonly settings: Pick<Settings, "workspace" | "copies">;
  readonly refusals: readonly SettingRefusal[];
} {
  const refusals: SettingRefusal[] = [];
  const atMost = <T extends string | number>(
    setting: SettingKey,
    value: T,
    key: "claimSize" | "copySize" | "copyFiles",
  ): T => {
    const most = maximum[key] as T | undefined;
    if (most === undefined || compareQuantities(String(value), String(most)) <= 0) return value;
    if (!origins.has(setting)) return most;
    refusals.push({ setting, value, rule: `at most ${most}`, allow: `maximum.${key}` });
    return value;
  };
  return {
    settings: {
      workspace: {
        ...workspace,
        claimSize: atMost("workspaceClaimSize", workspace.claimSize, "claimSize"),
      },
      copies: {
        ...copies,
        maxSize: atMost("copyMaxSize", copies.maxSize, "copySize"),
        cacheSize: copies.cacheSize === null ? null : atMost("copyCache", copies.cacheSize, "claimSize"),
        maxFiles: atMost("copyMaxFiles", copies.maxFiles, "copyFiles"),
      },
    },
    refusals,
  };
}
