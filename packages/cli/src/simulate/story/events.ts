import type { Diagnosis } from "@claude-k8s/diagnostics";
import type { Account, Proof } from "./proof.ts";

/** Everything that the demo tells, in the order in which it happens. `--json` prints them as they are. */
export type DemoEvent =
  | {
      readonly type: "world";
      readonly cluster: "local" | "real";
      readonly server: string;
      readonly proxy: string;
      readonly namespace: string;
      readonly image: string;
      readonly seed: number;
      readonly recordedLines: number;
      readonly recordedBytes: number;
    }
  | { readonly type: "act"; readonly act: "run" | "failing-run"; readonly title: string }
  | { readonly type: "supervisor"; readonly number: number; readonly pid: number }
  /** What the adapter told its host beside the log: run events and progress. */
  | { readonly type: "status"; readonly supervisor: number; readonly event: string; readonly message: string }
  | {
      readonly type: "incident";
      readonly kind: "log-cut" | "supervisor-killed" | "run-adopted" | "out-of-memory";
      readonly message: string;
    }
  /** One line of the transcript, when it is delivered for the first time. `line` counts from 1. */
  | { readonly type: "output"; readonly supervisor: number; readonly line: number; readonly text: string }
  /** A later supervisor delivered again, into a fresh log, what an earlier one had delivered already. */
  | {
      readonly type: "replayed";
      readonly supervisor: number;
      readonly lines: number;
      readonly identical: boolean;
    }
  | ({ readonly type: "progress" } & Progress)
  | ({ readonly type: "result" } & RunResult)
  | ({ readonly type: "account" } & Account)
  /** Why a run failed and what to do; `diagnosis` is `null` when the adapter gave none. */
  | { readonly type: "diagnosis"; readonly diagnosis: Diagnosis | null; readonly text: string }
  | { readonly type: "notice"; readonly message: string }
  | { readonly type: "error"; readonly message: string }
  | Proof;

export interface Progress {
  readonly elapsedSeconds: number;
  readonly lines: number;
  readonly ofLines: number;
  /** Tokens in (cached ones included) and out so far. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costUsd: number | null;
  readonly activity: string;
}

/** What `execute()` returned, as far as the demo shows it. */
export interface RunResult {
  readonly outcome: "succeeded" | "failed";
  readonly exitCode: number | null;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  readonly sessionId: string | null;
  readonly model: string | null;
  readonly inputTokens: number | null;
  readonly cachedInputTokens: number | null;
  readonly outputTokens: number | null;
  readonly costUsd: number | null;
  readonly summary: string | null;
}
