/**
 * What Paperclip's server and this adapter say to each other: the part of `@paperclipai/adapter-utils` that we use.
 * Written down here because that package is 42 MB, wants a newer Node than our command line, and older servers lack some
 * members: everything that a server from 2026.707.0 on may not know is optional. A type test holds it against the original.
 */

export interface HostAgent {
  readonly id: string;
  readonly companyId: string;
  readonly name: string;
  readonly adapterType: string | null;
  /** Raw, with unresolved bindings (`secret_ref`): read only to learn which variables are secrets. */
  readonly adapterConfig: unknown;
}

export interface HostRuntime {
  readonly sessionId: string | null;
  readonly sessionParams: Record<string, unknown> | null;
  readonly sessionDisplayId: string | null;
  /** The issue, or another key of work. Sessions are per agent, adapter type and task. */
  readonly taskKey: string | null;
}

export interface HostMcpServer {
  readonly name: string;
  readonly url: string;
  readonly token: string;
  readonly connectionId: string;
}

export interface HostEvent {
  eventType: string;
  stream?: "system" | "stdout" | "stderr";
  level?: "info" | "warn" | "error";
  message?: string;
  payload?: Record<string, unknown>;
}

export interface HostInvocation {
  adapterType: string;
  command: string;
  cwd?: string;
  commandArgs?: string[];
  commandNotes?: string[];
  env?: Record<string, string>;
  prompt?: string;
  promptMetrics?: Record<string, number>;
  context?: Record<string, unknown>;
}

export type HostProgressPhase =
  | "git_sync"
  | "config_sync"
  | "adapter_startup"
  | "restore"
  | "export"
  | "finalize";

export interface ExecutionContext {
  readonly runId: string;
  readonly agent: HostAgent;
  readonly runtime: HostRuntime;
  /** Resolved settings of this run; `env` holds plain strings, secrets included. */
  readonly config: Record<string, unknown>;
  /** The wake and what surrounds it. Holds bearer tokens: never to be logged whole. */
  readonly context: Record<string, unknown>;
  readonly onLog: (stream: "stdout" | "stderr", chunk: string) => Promise<void>;
  readonly onMeta?: (meta: HostInvocation) => Promise<void>;
  readonly onEvent?: (event: HostEvent) => Promise<void>;
  readonly onRuntimeProgress?: (update: { phase: HostProgressPhase; message: string }) => unknown;
  readonly onDispatch?: () => void;
  /** Aborted with an `Error` whose message is the reason. Since 2026.916.1. */
  readonly signal?: AbortSignal;
  readonly onCancellationReady?: () => Promise<void>;
  readonly runtimeMcp?: { getServers(): HostMcpServer[] };
  /** The run's own token for Paperclip's API; lives 48 hours. */
  readonly authToken?: string;
}

export type HostErrorFamily = "transient_upstream" | "provider_quota" | "model_refusal";
export type HostBillingType = "api" | "subscription" | "metered_api" | "unknown";

export interface ExecutionResult {
  exitCode: number | null;
  /** Any value makes the run a failure, also with exit code 0. */
  signal: string | null;
  timedOut: boolean;
  errorMessage?: string | null;
  errorCode?: string | null;
  errorFamily?: HostErrorFamily | null;
  /** ISO 8601. */
  retryNotBefore?: string | null;
  executionRecovery?: { kind: "bootstrap"; providerWorkStarted: false };
  usage?: { inputTokens: number; outputTokens: number; cachedInputTokens?: number };
  usageBasis?: "per_run" | "session_cumulative" | null;
  costUsd?: number | null;
  provider?: string | null;
  biller?: string | null;
  model?: string | null;
  billingType?: HostBillingType | null;
  sessionId?: string | null;
  sessionParams?: Record<string, unknown> | null;
  sessionDisplayId?: string | null;
  clearSession?: boolean;
  summary?: string | null;
  resultJson?: Record<string, unknown> | null;
}

export interface EnvironmentCheck {
  code: string;
  level: "info" | "warn" | "error";
  message: string;
  detail?: string | null;
  hint?: string | null;
}

export interface EnvironmentTestContext {
  readonly companyId: string;
  readonly adapterType: string;
  readonly config: Record<string, unknown>;
}

export interface EnvironmentTestResult {
  adapterType: string;
  status: "pass" | "warn" | "fail";
  checks: EnvironmentCheck[];
  testedAt: string;
}

export interface SessionCodec {
  deserialize(raw: unknown): Record<string, unknown> | null;
  serialize(params: Record<string, unknown> | null): Record<string, unknown> | null;
  getDisplayId(params: Record<string, unknown> | null): string | null;
}

export interface ConfigField {
  key: string;
  label: string;
  type: "text" | "select" | "toggle" | "number" | "textarea" | "combobox";
  options?: { label: string; value: string }[];
  default?: unknown;
  hint?: string;
  required?: boolean;
  group?: string;
  meta?: Record<string, unknown>;
}

export interface SkillContext {
  readonly agentId: string;
  readonly companyId: string;
  readonly adapterType: string;
  readonly config: Record<string, unknown>;
}

export interface SkillEntry {
  key: string;
  runtimeName: string | null;
  desired: boolean;
  managed: boolean;
  state: "available" | "configured" | "installed" | "missing" | "stale" | "external";
  detail?: string | null;
  sourcePath?: string | null;
  targetPath?: string | null;
}

export interface SkillSnapshot {
  adapterType: string;
  supported: boolean;
  mode: "unsupported" | "persistent" | "ephemeral";
  desiredSkills: string[];
  entries: SkillEntry[];
  warnings: string[];
}

export interface HostModel {
  id: string;
  label: string;
}

export interface DetectedModel {
  model: string;
  provider: string;
  source: string;
}

export interface QuotaWindow {
  label: string;
  /** 0 to 100. */
  usedPercent: number | null;
  /** ISO 8601. */
  resetsAt: string | null;
  valueLabel: string | null;
  detail?: string | null;
}

export interface QuotaResult {
  provider: string;
  source?: string | null;
  ok: boolean;
  error?: string;
  windows: QuotaWindow[];
}

export interface SessionManagement {
  supportsSessionResume: boolean;
  nativeContextManagement: "confirmed";
  defaultSessionCompaction: {
    enabled: boolean;
    maxSessionRuns: number;
    maxRawInputTokens: number;
    maxSessionAgeHours: number;
  };
}

export interface ServerAdapter {
  type: string;
  execute(context: ExecutionContext): Promise<ExecutionResult>;
  testEnvironment(context: EnvironmentTestContext): Promise<EnvironmentTestResult>;
  sessionCodec: SessionCodec;
  supportsLocalAgentJwt: boolean;
  runtimeToolDelivery: "native_mcp";
  supportsInstructionsBundle: boolean;
  instructionsPathKey: string;
  requiresMaterializedRuntimeSkills: boolean;
  sessionManagement: SessionManagement;
  models: HostModel[];
  listModels(): Promise<HostModel[]>;
  refreshModels(): Promise<HostModel[]>;
  detectModel(): Promise<DetectedModel | null>;
  getQuotaWindows(): Promise<QuotaResult>;
  listSkills(context: SkillContext): Promise<SkillSnapshot>;
  syncSkills(context: SkillContext, desired: string[]): Promise<SkillSnapshot>;
  getConfigSchema(): Promise<{ fields: ConfigField[] }>;
  agentConfigurationDoc: string;
}
