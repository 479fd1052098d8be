/**
 * What the command line is built from, and nobody else: runs and settings are the same there. It is bundled from these
 * sources, so that the package has no second copy of them.
 */
export { runOnce } from "./attempt.ts";
export { claudeCommand } from "./claude/arguments.ts";
export type { Bundle } from "./claude/bundle.ts";
export { specOfSettings } from "./claude/settings-spec.ts";
export { connectRunner } from "./connect.ts";
export type { Connection } from "./connections.ts";
export type { Cancellation } from "./host/cancellation.ts";
export { duration, waitNews } from "./host/wait-words.ts";
export { secretsOfJob } from "./host/job-secrets.ts";
export { knownValues } from "./host/secrets.ts";
export { createRedaction } from "./output/redaction.ts";
export type { NamedSecrets, Redaction } from "./output/redaction.ts";
export { settingFields } from "./settings/fields.ts";
export { nearestName } from "./settings/near-names.ts";
export { parseSettings } from "./settings/parse.ts";
export type { Settings } from "./settings/settings.ts";
export { isObject } from "./settings/values.ts";
