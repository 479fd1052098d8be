/**
 * What runner and parser say goes into `diagnose` without conversion. The proof is that this file compiles: `diagnostics`
 * knows neither package, so nothing else would notice a field that no longer fits.
 */
import {
  diagnose,
  type Evidence,
  type ExitLike,
  type FailureLike,
  type SummaryLike,
} from "@claude-k8s/diagnostics";
import type { RunEvidence, RunExit, RunFailure, RunStart } from "@claude-k8s/k8s-runner";
import { emptySummary, type RunSummary } from "@claude-k8s/stream-parser";
import { expect, expectTypeOf, test } from "vitest";

type NotStarted = Extract<RunStart, { readonly kind: "busy" | "refused" }>;

test("types: every ending, failure, start that is none, and summary is evidence as it is", () => {
  expectTypeOf<RunExit>().toExtend<ExitLike>();
  expectTypeOf<NotStarted>().toExtend<ExitLike>();
  expectTypeOf<RunFailure>().toExtend<FailureLike>();
  expectTypeOf<RunSummary>().toExtend<SummaryLike>();
  expectTypeOf<{
    exit: RunExit | NotStarted;
    summary: RunSummary;
    settings: { namespace: string };
  }>().toExtend<Evidence>();
});

test("types: every kind of the runner's failures is known by name, not only by structure", () => {
  expectTypeOf<Exclude<RunFailure["kind"], FailureLike["kind"]>>().toEqualTypeOf<never>();
});

test("values: nothing is lost on the way", () => {
  const evidence: RunEvidence = {
    namespace: "agents",
    jobName: "claude-x",
    pod: null,
    otherPods: [],
    job: null,
    events: [],
    node: null,
    lastLines: [],
    gaps: [],
    logComplete: true,
    outputBytes: 0,
    timings: { createdAt: null, releasedAt: null, scheduledAt: null, startedAt: null, finishedAt: null },
    unavailable: [],
  };
  const exit: RunExit = {
    kind: "failed",
    failure: {
      kind: "unschedulable",
      message: "0/3 nodes are available: 3 Insufficient memory.",
      waitedSeconds: 1800,
    },
    started: false,
    exitCode: null,
    signal: null,
    evidence,
  };
  const diagnosis = diagnose({ exit, summary: emptySummary() });
  expect(diagnosis.code).toBe("k8s_unschedulable");
  expect(diagnosis.cause).toContain("3 Insufficient memory");
  expect(diagnosis.cause).toContain("30 min");
});
