export { catalog } from "./catalog/catalog.ts";
export type { CatalogEntry, ConditionalFix, FixCondition } from "./catalog/entry.ts";
export { type NoteEntry, noteCatalog } from "./catalog/notes.ts";
export type {
  ClaudeCode,
  ClusterCode,
  FailureCode,
  Family,
  NoteCode,
  OwnCode,
  SettingsCode,
  WorkspaceCode,
} from "./codes.ts";
export { diagnose } from "./diagnose.ts";
export type { Diagnosis, Failure, Finding, Note, SpendReport, Success } from "./diagnosis.ts";
export type {
  ClusterEvidence,
  ConditionLike,
  ContainerLike,
  ContainerStateLike,
  EventLike,
  JobLike,
  FilesLike,
  LeftOutLike,
  LogGapLike,
  NodeLike,
  PodLike,
  RepositoryLike,
} from "./evidence/cluster.ts";
export type { DiagnoseOptions, Evidence } from "./evidence/evidence.ts";
export { type ExitLike, type HolderLike, type StopReason, stopReasons } from "./evidence/exit.ts";
export type {
  FailureKind,
  FailureLike,
  SettingProblem,
  PodViolation,
  SettingRefusal,
  WorkspaceStep,
} from "./evidence/failure.ts";
export type {
  LastAssistantLike,
  RateLimitLike,
  ResultLike,
  SpendLike,
  SummaryLike,
} from "./evidence/summary.ts";
export { type CommentOptions, formatComment } from "./format/comment.ts";
export { formatJson, type JsonOptions } from "./format/json.ts";
export { formatLine, type LineOptions } from "./format/line.ts";
export { formatMarkdown, type MarkdownOptions } from "./format/markdown.ts";
export { formatPlain, type PlainOptions } from "./format/plain.ts";
export { formatText, type TextOptions } from "./format/text.ts";
export { formatWord, isFailureCode } from "./format/word.ts";
export { evidenceOf, type KubernetesObjects } from "./kubectl/evidence-of.ts";
export { type Secrets, shortestSecret } from "./redact/forms.ts";
export { createMask } from "./facts/mask.ts";
export { createRedactor, redact, type Redactor } from "./redact/redactor.ts";
export { type SettingName, settingNames } from "./setting-names.ts";
