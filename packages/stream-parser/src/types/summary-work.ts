export interface Compactions {
  readonly count: number;
  readonly failed: number;
  /** The last 10. */
  readonly last: readonly CompactionSummary[];
}

export interface CompactionSummary {
  /** `manual` or `auto`. */
  readonly trigger: string | null;
  readonly preTokens: number | null;
  readonly postTokens: number | null;
  readonly durationMs: number | null;
}

export interface ToolSummary {
  readonly calls: number;
  readonly failed: number;
  /** Calls without a result yet, oldest first, at most 200. After the end of a run: what it was doing when it ended. */
  readonly open: readonly OpenToolCall[];
  /** By tool name; names beyond the first 100 are added up under `other`. */
  readonly byName: Readonly<Record<string, ToolStats>>;
}

export interface OpenToolCall {
  readonly id: string;
  readonly name: string;
  /** ISO 8601, where the release tells it. */
  readonly startedAt: string | null;
  readonly parentToolUseId: string | null;
  /** Seconds, from the newest `tool_progress`. */
  readonly elapsedSeconds: number | null;
}

export interface ToolStats {
  readonly calls: number;
  readonly failed: number;
  /** Milliseconds between call and result, of the calls whose frames carry timestamps. */
  readonly totalMs: number;
  readonly longestMs: number;
}

export interface SubagentSummary {
  readonly spawned: number;
  readonly completed: number;
  readonly failed: number;
  readonly killed: number;
  /** The newest 20. */
  readonly last: readonly SubagentState[];
}

export interface SubagentState {
  readonly toolUseId: string;
  readonly type: string | null;
  readonly description: string | null;
  readonly status: "running" | "completed" | "failed" | "stopped";
  readonly totalTokens: number | null;
  readonly toolUses: number | null;
  readonly durationMs: number | null;
  /** It runs beside the main loop: the tool call's result says only that it was launched. */
  readonly background: boolean;
}

export interface BackgroundTaskSummary {
  readonly started: number;
  readonly completed: number;
  readonly failed: number;
  readonly stopped: number;
  /** Those running now, at most 100. While one runs the process stays, also after its result. */
  readonly open: readonly OpenBackgroundTask[];
}

export interface OpenBackgroundTask {
  readonly taskId: string;
  /** `local_bash`, `local_agent`, … */
  readonly taskType: string | null;
  readonly description: string | null;
}

export interface Refusals {
  readonly count: number;
  /** The last 10. */
  readonly last: readonly RefusalSummary[];
}

export interface RefusalSummary {
  readonly originalModel: string | null;
  /** `null` = no other model took over. */
  readonly fallbackModel: string | null;
  readonly category: string | null;
  readonly explanation: string | null;
}

export interface ModelFallback {
  readonly trigger: string | null;
  readonly originalModel: string | null;
  readonly fallbackModel: string | null;
}

export interface SessionWritesLost {
  /** `ENOSPC` or `EDQUOT`. */
  readonly errorCode: string | null;
  readonly lost: number;
}
