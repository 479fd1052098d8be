/** With a record beside it, a log that is rotated, cut and read by ever new processes is whole, and has no gap. */

import * as fc from "fast-check";
import { expect, test } from "vitest";
import { fuzzOnce } from "../fuzz.ts";
import type { FuzzConfig } from "../fuzz.ts";

/** The same runs every time; others: `FUZZ_SEED=7 FUZZ_RUNS=5000 pnpm test whole-by-record`. */
const seed = Number(process.env["FUZZ_SEED"] ?? 20_261_129);
const runs = Number(process.env["FUZZ_RUNS"] ?? 150);

const config: fc.Arbitrary<FuzzConfig> = fc.record({
  recorded: fc.constant(true),
  seed: fc.nat(),
  lines: fc.integer({ min: 1, max: 400 }),
  pauseMilliseconds: fc.integer({ min: 10, max: 800 }),
  rotateBytes: fc.oneof(fc.constant(0), fc.integer({ min: 500, max: 15_000 })),
  rotateAtExit: fc.boolean(),
  clockNanoseconds: fc.constantFrom(1, 1_000_000, 4_000_000),
  offset: fc.constantFrom("Z" as const, "+05:30" as const),
  // Equal lines are what makes a place ambiguous.
  duplicatePercent: fc.constantFrom(0, 10, 60, 95, 100),
  partialPercent: fc.constantFrom(0, 0, 10),
  reorderPercent: fc.constantFrom(0, 5),
  clockStepSeconds: fc.constantFrom(0, 0, 0, 3, 20),
  clockReturnsAfterLines: fc.constantFrom(0, 0, 20),
  faultPercent: fc.constantFrom(0, 20, 50),
  withoutFollow: fc.constantFrom(0, 0, 5, 1000),
  lastNewline: fc.boolean(),
  kills: fc.integer({ min: 0, max: 5 }),
  consumerMilliseconds: fc.constantFrom(0, 0, 30),
  memoryBytes: fc.constantFrom(2 ** 20, 2000),
  overflow: fc.boolean(),
  resume: fc.constantFrom("cursor" as const, "spool" as const, "both" as const),
});

test(
  `nothing is missing, repeated or out of order, and there is no gap (FUZZ_SEED=${seed})`,
  { timeout: 120_000 + runs * 1000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(config, async (drawn) => {
        const { problems } = await fuzzOnce(drawn);
        expect(problems).toEqual([]);
      }),
      { seed, numRuns: runs },
    );
  },
);
