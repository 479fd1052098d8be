import type { SettingRefusal } from "@claude-k8s/diagnostics";

import { type Permits, askOperator, layersOf } from "../operator/permits.ts";
import { fileUnusable } from "../operator/unusable.ts";
import { effectiveConfig } from "../settings/layers.ts";
import { unknownKeys } from "../settings/near-names.ts";
import { parseSettings } from "../settings/parse.ts";
import type { EnvironmentCheck, EnvironmentTestContext } from "../host/contract.ts";
import { outsideRule, refusalWords } from "../host/file-access.ts";
import { type HostServer, fileAccessOf, operatorVariable } from "../host/server.ts";
import { readServerFile } from "../host/server-files.ts";

export type JudgedSettings =
  | {
      readonly kind: "permitted";
      readonly permits: Permits;
      /** The operator's file. */
      readonly file: string | null;
      /** The settings as they were given, by whoever gave them; for the words of a diagnosis. */
      readonly config: Readonly<Record<string, unknown>>;
      readonly checks: readonly EnvironmentCheck[];
    }
  | { readonly kind: "stopped"; readonly checks: readonly EnvironmentCheck[] };

/** The part of "Test" that needs no cluster: the operator's file, the settings, what the one allows of the others. */
export async function judgeSettings(
  { companyId, config }: EnvironmentTestContext,
  server: HostServer,
): Promise<JudgedSettings> {
  const word = await server.operator.word();
  if (word.kind === "unusable") {
    const { refusals, file } = fileUnusable(word);
    return { kind: "stopped", checks: refusals.map((refusal) => refusalCheck(refusal, file)) };
  }
  const { file, rules } = word;
  const layers = layersOf(config, word, companyId);
  const parsed = parseSettings(layers, { imageMayBeMissing: true });
  if (parsed.kind === "invalid")
    return {
      kind: "stopped",
      checks: parsed.problems.map((problem) => ({
        code: "settings_invalid",
        level: "error",
        message: `${problem.field}: ${problem.value === null ? "is not set" : `${problem.value} cannot be used`}`,
        hint: `It must be ${problem.rule}, for example ${problem.example}.`,
      })),
    };
  // The host does not say whose settings they are: of an agent's own folders only its company is known.
  const owner = { companyId, agentId: "unknown" };
  const answer = await askOperator({
    parsed,
    owner,
    word,
    config,
    // The form sends what it would store.
    stored: config,
    environment: server.environment,
    mcpServers: [],
  });
  const problems = word.problems.map((problem): EnvironmentCheck => ({
    code: "operator_file_invalid",
    level: "warn",
    message: `The operator's file ${file ?? ""} cannot be used as it is now: ${problem}`,
    hint: "The rules that it had before stay in force.",
  }));
  if (answer.kind === "not-allowed")
    return {
      kind: "stopped",
      checks: [...problems, ...answer.refusals.map((each) => refusalCheck(each, file))],
    };
  const { settings } = answer.permits;
  const { files } = fileAccessOf(server, owner, rules.fileFolders ?? [], null);
  return {
    kind: "permitted",
    permits: answer.permits,
    file,
    config: effectiveConfig(layers),
    checks: [
      ...problems,
      settings.pod.image === "" ? imageMissing : settingsValid,
      ...parsed.warnings.map((message): EnvironmentCheck => ({
        code: "settings_warning",
        level: "warn",
        message,
      })),
      ...unknownSettings(config),
      ...(await instructionChecks(settings.claude.instructionsFilePath, files, file)),
    ],
  };
}

const settingsValid: EnvironmentCheck = {
  code: "settings_valid",
  level: "info",
  message: "The settings can be used.",
};

/** No error: the host's wizard asks before it shows any field for an image, and an error would end it for good. */
const imageMissing: EnvironmentCheck = {
  code: "image_not_set",
  level: "warn",
  message: "No image is set yet, and no run can start without one.",
  hint: `Set Image under "Edit configuration" of the agent, or \`defaults.image\` in the operator's file (${operatorVariable}) for all agents.`,
};

/** No warning: what another version of the host writes is not known here. */
function unknownSettings(config: Readonly<Record<string, unknown>>): readonly EnvironmentCheck[] {
  const names = unknownKeys(config).map((key) => key.slice(0, 80));
  if (names.length === 0) return [];
  const shown = [...names.slice(0, 10), ...(names.length > 10 ? [`${names.length - 10} more`] : [])].join(
    ", ",
  );
  const message =
    names.length === 1
      ? `${shown}: no setting of this adapter has this name, and it is left alone.`
      : `${shown}: no settings of this adapter have these names, and they are left alone.`;
  return [{ code: "settings_unknown", level: "info", message }];
}

async function instructionChecks(
  path: string | null,
  fences: Parameters<typeof readServerFile>[1]["fences"],
  file: string | null,
): Promise<readonly EnvironmentCheck[]> {
  if (path === null) return [];
  const read = await readServerFile(path, { fences, maximumBytes: 1024 * 1024 });
  if (read.kind === "read") return [];
  const setting = "instructionsFilePath";
  if (read.kind === "outside")
    return [refusalCheck({ setting, value: path, rule: outsideRule, allow: "fileFolders" }, file)];
  return [{ code: "settings_warning", level: "warn", message: `${setting}: ${refusalWords(read)}` }];
}

/** In the words in which a run would be refused. */
export function refusalCheck(
  { setting, value, rule, allow }: SettingRefusal,
  file: string | null,
): EnvironmentCheck {
  const given = value === undefined || value === null ? "" : ` = ${JSON.stringify(value)}`;
  const where = file ?? `a file that ${operatorVariable} names in the server's environment`;
  return {
    code: "not_allowed_by_operator",
    level: "error",
    message: `${setting}${given.slice(0, 200)} is not allowed: ${rule}.`,
    hint:
      allow === null ? `Correct ${where}.` : `The operator of the server can allow it: ${allow} in ${where}.`,
  };
}
