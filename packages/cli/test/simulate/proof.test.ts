import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  accountOfFailure,
  compareLines,
  conclude,
  prove,
  type ProofInput,
} from "../../src/simulate/story/proof.ts";
import type { Truth } from "../../src/simulate/story/truth.ts";

const written = Buffer.from("one\ntwo\nthree\nfour\n");
const incidents = { logCuts: 2, supervisorKills: 1, adoptions: 1 };

function truthOf(bytes: Uint8Array): Truth {
  return {
    lines: Buffer.from(bytes).toString("latin1").split("\n").length - 1,
    bytes: bytes.length,
    sha256: createHash("sha256").update(bytes).digest("hex"),
    promptBytes: 12,
    promptSha256: "0".repeat(64),
  };
}

function input(changes: Partial<ProofInput> = {}): ProofInput {
  return {
    truth: truthOf(written),
    recording: written,
    firstLog: written.subarray(0, 6),
    finalLog: written,
    incidents,
    expectedIncidents: incidents,
    ...changes,
  };
}

describe("the proof", () => {
  test("holds when the final log is what the container counted", () => {
    expect(prove(input())).toMatchObject({
      holds: true,
      lost: 0,
      repeated: 0,
      foreign: 0,
      delivered: { lines: 4, bytes: 19 },
      firstSupervisor: { lines: 2, bytes: 6, isTruePrefix: true },
      failures: [],
    });
  });

  test.each([
    ["a lost line", "one\ntwo\nfour\n", { lost: 1, repeated: 0, foreign: 0 }],
    ["a repeated line", "one\ntwo\ntwo\nthree\nfour\n", { lost: 0, repeated: 1, foreign: 0 }],
    ["a torn line", "one\ntwo\nthr\nfour\n", { lost: 1, repeated: 0, foreign: 1 }],
    ["an empty log", "", { lost: 4, repeated: 0, foreign: 0 }],
  ])("fails and counts for %s", (_name, finalLog, counts) => {
    const proof = prove(input({ finalLog: Buffer.from(finalLog) }));
    expect(proof).toMatchObject({ holds: false, ...counts });
  });

  test("fails for lines in another order, of which none is lost or repeated", () => {
    const proof = prove(input({ finalLog: Buffer.from("two\none\nthree\nfour\n") }));
    expect(proof).toMatchObject({ holds: false, lost: 0, repeated: 0, foreign: 0 });
    expect(proof.failures).toEqual(["the delivered bytes are not those that the container wrote"]);
  });

  test("fails for a last line without its newline", () => {
    expect(prove(input({ finalLog: written.subarray(0, -1) })).holds).toBe(false);
  });

  test("fails without the container's count, however good the log looks", () => {
    const proof = prove(input({ truth: null }));
    expect(proof.failures).toEqual(["the container's own count is not in the pod's status"]);
  });

  test("fails when the container did not write the recording", () => {
    const proof = prove(input({ truth: { ...truthOf(written), sha256: "f".repeat(64) } }));
    expect(proof.failures).toContain("the container did not write the recording");
  });

  test("fails when the prompt did not reach the container", () => {
    const proof = prove(input({ truth: { ...truthOf(written), promptBytes: 0 } }));
    expect(proof.failures).toEqual(["the prompt did not arrive on the container's stdin"]);
  });

  test("fails when the first supervisor's log is no prefix", () => {
    const proof = prove(input({ firstLog: Buffer.from("one\nthree\n") }));
    expect(proof.firstSupervisor.isTruePrefix).toBe(false);
    expect(proof.holds).toBe(false);
  });

  test.each([
    [{ logCuts: 1 }, "log streams cut: 1 of 2"],
    [{ supervisorKills: 0 }, "supervisors killed: 0 of 1"],
    [{ adoptions: 0 }, "adoptions: 0 of 1"],
  ])("fails when an incident is missing: %j", (missing, failure) => {
    expect(prove(input({ incidents: { ...incidents, ...missing } })).failures).toEqual([failure]);
  });

  test("judges a container that was killed by what it had written until then", () => {
    const part = written.subarray(0, 8);
    expect(prove(input({ truth: truthOf(part), finalLog: part })).holds).toBe(true);
  });
});

describe("the conclusion", () => {
  const expectedCode = "k8s_oom_killed";
  const part = Buffer.from("one\ntwo\n");
  const failing = (code: string | null, log: Uint8Array = part) =>
    accountOfFailure(code, expectedCode, truthOf(part), log);

  test("holds when the account holds and the failing run was explained rightly", () => {
    expect(conclude(prove(input()), failing(expectedCode))).toMatchObject({
      type: "proof",
      holds: true,
      failures: [],
      failingRun: { code: expectedCode, writtenLines: 2, deliveredLines: 2, complete: true },
    });
  });

  test.each(["claude_truncated", null])("does not hold when the failing run ended as %s", (code) => {
    const proof = conclude(prove(input()), failing(code));
    expect(proof.holds).toBe(false);
    expect(proof.failures).toEqual([
      `the failing run ended as ${code ?? "nothing"}, expected k8s_oom_killed`,
    ]);
  });

  test("does not hold when the failing run's output is not whole", () => {
    const proof = conclude(prove(input()), failing(expectedCode, part.subarray(0, 4)));
    expect(proof.failures).toEqual(["the failing run's output is not what its container wrote"]);
  });

  test("does not hold when the account does not, whatever the failing run was", () => {
    const account = prove(input({ finalLog: Buffer.from("one\n") }));
    expect(conclude(account, failing(expectedCode)).holds).toBe(false);
  });
});

describe("lines compared", () => {
  const line = fc.constantFrom("a", "b", "c", "d");

  test("a shuffled copy has nothing lost, repeated or foreign", () => {
    fc.assert(
      fc.property(
        fc
          .array(line)
          .chain((lines) =>
            fc.tuple(
              fc.constant(lines),
              fc.shuffledSubarray(lines, { minLength: lines.length, maxLength: lines.length }),
            ),
          ),
        ([lines, shuffled]) => {
          expect(compareLines(lines, shuffled)).toEqual({ lost: 0, repeated: 0, foreign: 0 });
        },
      ),
    );
  });

  test("lost and surplus lines account for every difference in length", () => {
    fc.assert(
      fc.property(fc.array(line), fc.array(line), (lines, delivered) => {
        const { lost, repeated, foreign } = compareLines(lines, delivered);
        expect(lines.length - lost + repeated + foreign).toBe(delivered.length);
      }),
    );
  });
});
