/**
 * What the command line is built from, and nobody else: runs and settings are the same there. It is bundled from these
 * sources, so that the package has no second copy of them.
 */
export { runOnce } from "./attempt.ts";
export { emptyBundle } from "./claude/empty-bundle.ts";
export { type ClusterConnection, openCluster } from "./cluster-connection.ts";
export { connectRunner } from "./connect.ts";
export type { Connection } from "./connections.ts";
export type { Ending } from "./ending.ts";
export type { Cancellation } from "./host/cancellation.ts";
export { takenOverFrom } from "./adoption/taken-over.ts";
export { secretsOfJob } from "./host/job-secrets.ts";
export { knownValues } from "./host/secrets.ts";
export { duration, waitNews } from "./host/wait-words.ts";
export { createRedaction } from "./output/redaction.ts";
export type { NamedSecrets, Redaction } from "./output/redaction.ts";
export { readRunNote, runNote, usageOf } from "./output/run-note.ts";
export type { RunNote, RunUsage } from "./output/run-note.ts";
export { refusalOf } from "./refusal.ts";
export type { SettingProblem, Settings } from "./settings/settings.ts";
export type { HandChoice, HandPlace } from "./workspace/by-hand.ts";
export type { Workspace } from "./workspace/workspace.ts";

/** What Paperclip's server loads. */
export const loadAdapter = () => import("./index.ts");

/** How settings are read, and what of a run they decide. Loaded when it is needed: most commands need none of it. */
export const loadSettings = () => import("./cli-settings.ts");
