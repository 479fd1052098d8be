import { type BundleReading, type Bundle, readBundle } from "./claude/bundle.ts";
import type { Ending } from "./ending.ts";
import { judgeImage } from "./guards/claude-version.ts";
import type { ExecutionContext } from "./host/contract.ts";
import { knownSecrets } from "./host/secrets.ts";
import type { NamedSecrets } from "./output/redaction.ts";
import { record } from "./claude/wake.ts";
import { type HostServer, fileAccessOf } from "./host/server.ts";
import { type Inheritance, nothingInherited } from "./own-pod/inherit.ts";
import { type Permits, askOperator, layersOf } from "./operator/permits.ts";
import type { OperatorFile } from "./operator/file-schema.ts";
import { fileUnusable } from "./operator/unusable.ts";
import { quantityValue } from "./operator/quantities.ts";
import { type Placement, placeRun } from "./place-run.ts";
import { type Refusal, refusalOf } from "./refusal.ts";
import type { SettingKey } from "./settings/fields.ts";
import { type SettingOrigin, effectiveConfig } from "./settings/layers.ts";
import { parseSettings } from "./settings/parse.ts";
import type { Settings } from "./settings/settings.ts";
import { emptyWorkspace } from "./workspace/empty.ts";

/** Everything about a run that can be known without the cluster; until that has been asked, its workspace is an empty one. */
export interface Prepared extends Placement {
  readonly kind: "ready";
  readonly settings: Settings;
  /** The settings as they were given, by whoever gave them; for the words of a diagnosis. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly permits: Permits;
  /** `null`: there is none. */
  readonly operatorFile: string | null;
  readonly rules: OperatorFile;
  /** Who gave each setting. */
  readonly origins: ReadonlyMap<SettingKey, SettingOrigin>;
  readonly envOrigins: Readonly<Record<string, SettingOrigin>>;
  /** From the server's own pod. */
  readonly inherited: Inheritance;
  readonly bundle: Bundle;
  readonly secrets: NamedSecrets;
  readonly warnings: readonly string[];
}

export async function prepare(
  host: ExecutionContext,
  server: HostServer,
): Promise<Prepared | { readonly kind: "refused"; readonly ending: Ending }> {
  const word = await server.operator.word();
  if (word.kind === "unusable") return refused(host, fileUnusable(word));
  const owner = { companyId: host.agent.companyId, agentId: host.agent.id };
  const layers = layersOf(host.config, word, owner.companyId);
  // The server's own pod may have one.
  const parsed = parseSettings(layers, { imageMayBeMissing: true });
  if (parsed.kind === "invalid")
    return refused(host, { kind: "settings-invalid", problems: parsed.problems });
  const answer = await askOperator({
    parsed,
    owner,
    word,
    config: host.config,
    stored: record(host.agent.adapterConfig),
    environment: server.environment,
    mcpServers: host.runtimeMcp?.getServers() ?? [],
  });
  const { file } = word;
  if (answer.kind === "not-allowed") return refused(host, { ...answer, file });
  const { settings } = answer.permits;
  const release = judgeImage(settings);
  if (release.kind === "refused")
    return refused(host, {
      kind: "claude-version-unsupported",
      version: release.version,
      range: release.range,
    });
  const { fileFolders = [], maximum } = word.rules;
  const maximumBytes = maximum?.files === undefined ? null : quantityValue(maximum.files);
  const access = fileAccessOf(server, owner, fileFolders, maximumBytes);
  const reading: BundleReading = await readBundle(host, settings, access);
  if (reading.kind === "skill-missing") {
    const { skill, message, available } = reading;
    return refused(host, { kind: "skill-not-found", skill, message, available });
  }
  if (reading.kind === "not-allowed") return refused(host, { ...reading, file });
  if (reading.kind === "invalid")
    return refused(host, { kind: "settings-invalid", problems: reading.problems });
  const { bundle } = reading;
  return {
    kind: "ready",
    settings,
    config: effectiveConfig(layers),
    permits: answer.permits,
    operatorFile: file,
    rules: word.rules,
    origins: parsed.origins,
    envOrigins: parsed.envOrigins,
    inherited: nothingInherited,
    bundle,
    ...placeRun(host, { settings, bundle }, emptyWorkspace(settings, "the cluster has not been asked")),
    secrets: knownSecrets(host, settings.env),
    warnings: [
      ...(release.warning === null ? [] : [release.warning]),
      ...parsed.warnings,
      ...bundle.warnings,
    ],
  };
}

function refused(
  host: ExecutionContext,
  failure: Refusal,
): { readonly kind: "refused"; readonly ending: Ending } {
  return { kind: "refused", ending: refusalOf(failure, host.config) };
}
