/** Every scenario ends as its row says, and nothing of it is lost or told twice. */
import { catalog } from "@claude-k8s/diagnostics";
import { describe, expect, test } from "vitest";

import { faults } from "../../src/simulate/faults.ts";
import { scenarios } from "../../src/simulate/scenarios.ts";
import { run } from "../run-program.ts";

interface Proof {
  readonly code: string | null;
  readonly holds: boolean;
  readonly lost: number;
  readonly repeated: number;
  readonly gapsTold: number;
}

async function proofOf(
  args: readonly string[],
): Promise<{ readonly exitCode: number; readonly proof: Proof }> {
  const { exitCode, output } = await run(["simulate", ...args, "--json", "--speed", "10", "--seed", "7"]);
  return { exitCode, proof: JSON.parse(output.trimEnd().split("\n").at(-1) ?? "null") as Proof };
}

describe("scenarios", { timeout: 120_000 }, () => {
  test.each(Object.entries(scenarios))("%s", async (name, { expected }) => {
    const { exitCode, proof } = await proofOf([name]);
    expect(proof).toMatchObject({ code: expected, holds: true, repeated: 0 });
    expect(proof.lost === 0 || proof.gapsTold > 0).toBe(true);
    expect(exitCode).toBe(0);
  });

  test("every code that they end with is one of the catalogue", () => {
    const known = new Set<string>(catalog.map(({ code }) => code));
    const codes = Object.values(scenarios).flatMap(({ expected }) => expected ?? []);
    expect(codes.filter((code) => !known.has(code))).toEqual([]);
    expect(new Set(codes).size).toBeGreaterThan(20);
  });

  test.each(Object.entries(faults).filter(([, { ends }]) => !ends))("a run outlives %s", async (name) => {
    const { proof } = await proofOf(["success", "--fault", `${name}@3s`]);
    expect(proof).toMatchObject({ code: null, holds: true, repeated: 0 });
  });

  test("the list has all of them, and a fault that is none is refused", async () => {
    const { output } = await run(["simulate", "--list"]);
    for (const name of ["story", ...Object.keys(scenarios), ...Object.keys(faults)])
      expect(output).toMatch(new RegExp(`^${name} `, "m"));
    for (const fault of ["no-such-fault@3s", "cut-log@soon"])
      expect(await run(["simulate", "success", "--fault", fault])).toMatchObject({
        exitCode: 2,
        errors: expect.stringContaining(fault),
      });
  });
});
