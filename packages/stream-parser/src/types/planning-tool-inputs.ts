import type { JsonValue } from "../json.ts";

/** What the tools take with which Claude Code plans its work: lists of tasks, times, what is watched, and where it works. */
export interface PlanningToolInputs {
  readonly CronCreate: CronCreateInput;
  readonly CronDelete: CronDeleteInput;
  readonly CronList: NoToolInput;
  readonly EnterPlanMode: NoToolInput;
  readonly EnterWorktree: EnterWorktreeInput;
  readonly ExitPlanMode: ExitPlanModeInput;
  readonly ExitWorktree: ExitWorktreeInput;
  readonly Monitor: MonitorInput;
  readonly ProposeGoal: ProposeGoalInput;
  readonly RemoteTrigger: RemoteTriggerInput;
  readonly ReportFindings: ReportFindingsInput;
  readonly ScheduleWakeup: ScheduleWakeupInput;
  readonly TaskCreate: TaskCreateInput;
  readonly TaskGet: TaskGetInput;
  readonly TaskList: NoToolInput;
  readonly TaskUpdate: TaskUpdateInput;
  readonly TodoWrite: TodoWriteInput;
  readonly Workflow: WorkflowInput;
}

/** Of a tool that takes nothing. */
export type NoToolInput = Readonly<Record<string, never>>;

export interface CronCreateInput {
  /** Five fields, in local time. */
  readonly cron: string;
  readonly prompt: string;
  /** Default: true. */
  readonly recurring?: boolean;
  /** It outlives the process. */
  readonly durable?: boolean;
}

export interface CronDeleteInput {
  readonly id: string;
}

/** A new worktree of this name, or one that exists at `path`. */
export interface EnterWorktreeInput {
  readonly name?: string;
  readonly path?: string;
}

export interface ExitPlanModeInput {
  readonly plan?: string;
  /** Given by the model, and without effect. */
  readonly allowedPrompts?: readonly { readonly tool: string; readonly prompt: string }[];
}

export interface ExitWorktreeInput {
  readonly action: "keep" | "remove";
  readonly discard_changes?: boolean;
}

/** A command whose lines are watched, or a WebSocket whose frames are. */
export interface MonitorInput {
  readonly description: string;
  readonly timeout_ms: number;
  readonly command?: string;
  readonly ws?: { readonly url: string; readonly protocols?: readonly string[] };
}

export interface ProposeGoalInput {
  readonly condition: string;
  /** Default: true. */
  readonly ask_user?: boolean;
}

export interface RemoteTriggerInput {
  /** `list`, `get`, `create`, `update`, `run`, … */
  readonly action: string;
  readonly trigger_id?: string;
  readonly session_id?: string;
  /** Where the page before ended. */
  readonly cursor?: string;
  readonly body?: Readonly<Record<string, JsonValue>>;
}

export interface ReportFindingsInput {
  /** The effort of the review, `low` to `max`. */
  readonly level?: string;
  readonly findings: readonly {
    readonly file: string;
    /** From 1. */
    readonly line?: number;
    readonly summary: string;
    readonly short_summary?: string;
    readonly failure_scenario: string;
    readonly category?: string;
    /** `important`, `pre_existing`, `nit`. */
    readonly severity?: string;
    /** `CONFIRMED`, `PLAUSIBLE`. */
    readonly verdict?: string;
    /** What became of it: `fixed`, `skipped`, `no_change_needed`. */
    readonly outcome?: string;
  }[];
}

export interface ScheduleWakeupInput {
  /** From 60 to 3600. Absent only with `stop`, as is `reason`. */
  readonly delaySeconds?: number;
  readonly reason?: string;
  readonly prompt?: string;
  /** Ends the loop. */
  readonly stop?: boolean;
  /** Nothing had changed. */
  readonly noop?: boolean;
}

export interface TaskCreateInput {
  readonly subject: string;
  readonly description: string;
  /** The subject as it reads while the task is being done. */
  readonly activeForm?: string;
  readonly metadata?: Readonly<Record<string, JsonValue>>;
}

export interface TaskGetInput {
  readonly taskId: string;
}

export interface TaskUpdateInput {
  readonly taskId: string;
  readonly subject?: string;
  readonly description?: string;
  readonly activeForm?: string;
  readonly status?: "pending" | "in_progress" | "completed" | "deleted";
  /** Tasks that wait for this one. */
  readonly addBlocks?: readonly string[];
  /** Tasks that this one waits for. */
  readonly addBlockedBy?: readonly string[];
  readonly owner?: string;
  /** Merged; `null` removes a key. */
  readonly metadata?: Readonly<Record<string, JsonValue>>;
}

export interface TodoWriteInput {
  readonly todos: readonly {
    readonly content: string;
    readonly status: "pending" | "in_progress" | "completed";
    readonly activeForm?: string;
  }[];
}

/** One of `script`, `scriptPath` and `name` says what runs. */
export interface WorkflowInput {
  readonly script?: string;
  readonly scriptPath?: string;
  readonly name?: string;
  /** What the script finds as `args`: an object, as a rule. */
  readonly args?: JsonValue;
  /** The earlier run whose results are used again. */
  readonly resumeFromRunId?: string;
  /** Given by the model, and without effect. */
  readonly description?: string;
  /** Given by the model, and without effect. */
  readonly title?: string;
}
