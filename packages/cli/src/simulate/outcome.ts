import { createHash } from "node:crypto";

import type { Diagnosis } from "@claude-k8s/diagnostics";

import { showDiagnosis } from "../screen/show.ts";
import type { Streams } from "../streams.ts";
import type { Scenario } from "./scenarios.ts";

/** What came of it, and whether it is what had to come. */
export interface Outcome {
  readonly code: string | null;
  readonly expected: string | null;
  readonly writtenLines: number;
  readonly deliveredLines: number;
  readonly lost: number;
  readonly repeated: number;
  /** Stretches of which the run itself said that they are lost. */
  readonly gapsTold: number;
  readonly holds: boolean;
  readonly diagnosis: Diagnosis;
}

/** What was delivered against what the container wrote: each line once, in order. A container that is cut down may leave the newest unread. */
export function outcomeOf(
  { expected }: Scenario,
  {
    diagnosis,
    written,
    delivered,
    gapsTold,
  }: {
    readonly diagnosis: Diagnosis;
    readonly written: string;
    readonly delivered: string;
    readonly gapsTold: number;
  },
): Outcome {
  const writtenLines = linesIn(written);
  const deliveredLines = linesIn(delivered);
  const isWhole = digest(written) === digest(delivered);
  // The line under way when the container died may be counted by one side only.
  const isBeginning = written.startsWith(delivered) || delivered.startsWith(written);
  const mustBeWhole = diagnosis.outcome === "success";
  // What cannot be had any more, as after a rotation, may be missing where that was said, and only there.
  const isHonest = gapsTold > 0 && isSubsequence(delivered.split("\n"), written.split("\n"));
  const repeated = isBeginning || isHonest ? 0 : Math.max(0, deliveredLines - writtenLines);
  const lost = mustBeWhole ? Math.max(0, writtenLines - deliveredLines) : 0;
  return {
    code: diagnosis.code,
    expected,
    writtenLines,
    deliveredLines,
    lost,
    repeated,
    gapsTold,
    holds: diagnosis.code === expected && (isHonest || (mustBeWhole ? isWhole : isBeginning)),
    diagnosis,
  };
}

function isSubsequence(some: readonly string[], all: readonly string[]): boolean {
  let at = 0;
  for (const line of all) if (line === some[at]) at += 1;
  return at === some.length;
}

function linesIn(text: string): number {
  return text.split("\n").length - 1;
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** Shows how the run ended, and whether that is what had to come. */
export function tellOutcome(outcome: Outcome, streams: Streams): void {
  showDiagnosis({ ...streams, errors: streams.output }, outcome.diagnosis, "text");
  const { writtenLines, deliveredLines, lost, repeated, gapsTold, holds, code, expected } = outcome;
  const delivery = `${writtenLines} lines written, ${deliveredLines} delivered, lost ${lost}${gapsTold > 0 ? " (and told)" : ""}, repeated ${repeated}`;
  streams.output.write(
    holds
      ? `\n✔ As it must be: ${code ?? "success"}; ${delivery}.\n`
      : `\n✘ Not as it must be: ${code ?? "success"}, expected ${expected ?? "success"}; ${delivery}.\n`,
  );
}
