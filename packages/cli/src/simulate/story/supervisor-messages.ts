/** What the demo and its supervisor processes say to each other. */

export interface SupervisorJob {
  readonly type: "job";
  readonly number: number;
  readonly runId: string;
  /** The context for `execute()`, without its functions. */
  readonly context: Readonly<Record<string, unknown>>;
  /** The host's log of this run: chunks are appended and synced before `onLog` resolves. */
  readonly logPath: string;
}

export type ToSupervisor = SupervisorJob | { readonly type: "cancel"; readonly reason: string };

export type FromSupervisor =
  | { readonly type: "log"; readonly bytes: number }
  | { readonly type: "stderr"; readonly text: string }
  | { readonly type: "status"; readonly event: string; readonly message: string; readonly level: string }
  | { readonly type: "result"; readonly result: Readonly<Record<string, unknown>> };
