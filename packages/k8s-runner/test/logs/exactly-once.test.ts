import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { LogDefects } from "../../src/logs/follow/follow-context.ts";
import { fuzzOnce } from "./fuzz.ts";
import type { FuzzConfig } from "./fuzz.ts";

/** The same runs every time; others: `FUZZ_SEED=7 FUZZ_RUNS=5000 pnpm test exactly-once`. */
const seed = Number(process.env["FUZZ_SEED"] ?? 20_261_122);
const runs = Number(process.env["FUZZ_RUNS"] ?? 300);
const timeout = 120_000 + runs * 1000;

/** Every value shrinks towards a cluster without surprises. */
const config: fc.Arbitrary<FuzzConfig> = fc.record({
  seed: fc.nat(),
  lines: fc.integer({ min: 1, max: 500 }),
  pauseMilliseconds: fc.integer({ min: 10, max: 800 }),
  rotateBytes: fc.oneof(fc.constant(0), fc.integer({ min: 3000, max: 25_000 })),
  rotateAtExit: fc.boolean(),
  clockNanoseconds: fc.constantFrom(1, 1_000_000, 4_000_000),
  offset: fc.constantFrom("Z" as const, "+05:30" as const, "-03:00" as const),
  duplicatePercent: fc.integer({ min: 0, max: 40 }),
  partialPercent: fc.integer({ min: 0, max: 10 }),
  reorderPercent: fc.constantFrom(0, 5),
  clockStepSeconds: fc.constantFrom(0, 0, 0, 1, 3, 20),
  clockReturnsAfterLines: fc.constantFrom(0, 0, 5, 20),
  faultPercent: fc.constantFrom(0, 20, 50, 80),
  withoutFollow: fc.constantFrom(0, 0, 5, 1000),
  lastNewline: fc.boolean(),
  kills: fc.integer({ min: 0, max: 5 }),
  consumerMilliseconds: fc.constantFrom(0, 0, 30),
  memoryBytes: fc.constantFrom(2 ** 20, 2000),
  overflow: fc.boolean(),
  resume: fc.constantFrom("cursor" as const, "spool" as const, "both" as const),
});

/** Runs that once lost or repeated lines. */
const examples: [FuzzConfig][] = [
  {
    seed: 1854,
    lines: 203,
    pauseMilliseconds: 623,
    rotateBytes: 20971,
    rotateAtExit: true,
    clockNanoseconds: 1000000,
    offset: "Z" as const,
    duplicatePercent: 38,
    partialPercent: 9,
    reorderPercent: 5,
    clockStepSeconds: 0,
    clockReturnsAfterLines: 0,
    faultPercent: 20,
    withoutFollow: 5,
    lastNewline: true,
    kills: 1,
    consumerMilliseconds: 30,
    memoryBytes: 1048576,
    overflow: true,
    resume: "both" as const,
  },
  {
    seed: 1647,
    lines: 454,
    pauseMilliseconds: 464,
    rotateBytes: 0,
    rotateAtExit: true,
    clockNanoseconds: 4000000,
    offset: "+05:30" as const,
    duplicatePercent: 13,
    partialPercent: 9,
    reorderPercent: 0,
    clockStepSeconds: 1,
    clockReturnsAfterLines: 0,
    faultPercent: 80,
    withoutFollow: 0,
    lastNewline: false,
    kills: 4,
    consumerMilliseconds: 0,
    memoryBytes: 1048576,
    overflow: false,
    resume: "spool" as const,
  },
  {
    seed: 3063,
    lines: 241,
    pauseMilliseconds: 374,
    rotateBytes: 8823,
    rotateAtExit: true,
    clockNanoseconds: 1000000,
    offset: "-03:00" as const,
    duplicatePercent: 12,
    partialPercent: 2,
    reorderPercent: 0,
    clockStepSeconds: 1,
    clockReturnsAfterLines: 0,
    faultPercent: 80,
    withoutFollow: 0,
    lastNewline: false,
    kills: 5,
    consumerMilliseconds: 30,
    memoryBytes: 2000,
    overflow: false,
    resume: "cursor" as const,
  },
  {
    seed: 338242296,
    lines: 259,
    pauseMilliseconds: 26,
    rotateBytes: 0,
    rotateAtExit: false,
    clockNanoseconds: 1000000,
    offset: "+05:30" as const,
    duplicatePercent: 16,
    partialPercent: 1,
    reorderPercent: 5,
    clockStepSeconds: 3,
    clockReturnsAfterLines: 0,
    faultPercent: 80,
    withoutFollow: 5,
    lastNewline: false,
    kills: 3,
    consumerMilliseconds: 0,
    memoryBytes: 1048576,
    overflow: false,
    resume: "cursor" as const,
  },
  {
    seed: 1190502718,
    lines: 490,
    pauseMilliseconds: 10,
    rotateBytes: 0,
    rotateAtExit: false,
    clockNanoseconds: 1,
    offset: "Z" as const,
    duplicatePercent: 1,
    partialPercent: 9,
    reorderPercent: 5,
    clockStepSeconds: 0,
    clockReturnsAfterLines: 0,
    faultPercent: 80,
    withoutFollow: 5,
    lastNewline: false,
    kills: 5,
    consumerMilliseconds: 30,
    memoryBytes: 2000,
    overflow: false,
    resume: "cursor" as const,
  },
  {
    seed: 53,
    lines: 450,
    pauseMilliseconds: 100,
    rotateBytes: 0,
    rotateAtExit: false,
    clockNanoseconds: 1,
    offset: "Z" as const,
    duplicatePercent: 5,
    partialPercent: 10,
    reorderPercent: 0,
    clockStepSeconds: 20,
    clockReturnsAfterLines: 5,
    faultPercent: 20,
    withoutFollow: 1000,
    lastNewline: true,
    kills: 0,
    consumerMilliseconds: 0,
    memoryBytes: 1048576,
    overflow: true,
    resume: "cursor" as const,
  },
].map((drawn) => [drawn]);

describe(`the follower over a model of the kubelet (FUZZ_SEED=${seed})`, () => {
  test(
    "delivers every line once, and announces what rotation took",
    async () => {
      await fc.assert(
        fc.asyncProperty(config, async (drawn) => {
          const { problems } = await fuzzOnce(drawn);
          expect(problems).toEqual([]);
        }),
        { seed, numRuns: runs, examples },
      );
    },
    timeout,
  );

  test.each([
    ["without alignment", { withoutAlignment: true }],
    ["without the final sweep", { withoutFinalSweep: true }],
  ] satisfies [string, LogDefects][])(
    "finds a follower %s",
    async (_name, defects) => {
      let found: readonly string[] = [];
      for (const drawn of fc.sample(config, { seed, numRuns: 100 })) {
        found = (await fuzzOnce({ ...drawn, lines: Math.min(drawn.lines, 150) }, defects)).problems;
        if (found.length > 0) break;
      }
      expect(found).not.toEqual([]);
    },
    timeout,
  );
});
