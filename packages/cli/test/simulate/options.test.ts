import { describe, expect, test } from "vitest";

import { run } from "../run-program.ts";

describe("what simulate is asked for", () => {
  test("--help explains and exits with 0", async () => {
    const { exitCode, output, errors } = await run(["simulate", "--help"]);
    expect({ exitCode, errors }).toEqual({ exitCode: 0, errors: "" });
    for (const word of ["--kubeconfig", "--seed", "--fault", "SIGKILL"]) expect(output).toContain(word);
  });

  test.each([
    ["--seed", "-1"],
    ["--seed", "x"],
    ["--speed", "0"],
    ["--speed", "nan"],
    ["--port", "70000"],
    ["--context", "c"],
    ["--nonsense"],
    ["oom", "surplus"],
    ["no-such-scenario"],
    ["success", "--fault", "no-such-fault@3s"],
    ["success", "--fault", "cut-log@soon"],
  ])("%s %s is refused with a word why and exit code 2", async (...argv) => {
    const { exitCode, errors } = await run(["simulate", ...argv.filter((word) => word !== undefined)]);
    expect(exitCode).toBe(2);
    expect(errors).toMatch(/^(error|claude-k8s): .+/);
    expect(errors).not.toMatch(/ {4}at /);
  });

  test("--port has no meaning on a cluster that is there already", async () => {
    const { exitCode, errors } = await run(["simulate", "--kubeconfig", "k", "--port", "6443"]);
    expect({ exitCode, errors }).toEqual({
      exitCode: 2,
      errors: "claude-k8s: --port is the local cluster's: it has no meaning with --kubeconfig\n",
    });
  });
});
