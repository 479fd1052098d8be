import { describe, expect, test } from "vitest";
import { parseOptions } from "../scripts/demo/options.ts";

function parse(...argv: string[]) {
  const printed = { out: "", err: "" };
  const parsed = parseOptions(argv, 42, {
    out: (text) => void (printed.out += text),
    err: (text) => void (printed.err += text),
  });
  return { parsed, ...printed };
}

describe("the demo's arguments", () => {
  test("without any it runs locally, at natural pace, with the random seed", () => {
    expect(parse().parsed).toEqual({
      kind: "run",
      options: {
        kubeconfig: null,
        context: null,
        namespace: null,
        image: null,
        seed: 42,
        speed: 1,
        port: 0,
        json: false,
      },
    });
  });

  test("all of them", () => {
    const argv =
      "--kubeconfig k.yaml --context c --namespace n --image i:1 --seed 7 --speed 2.5 --json".split(" ");
    expect(parse(...argv).parsed).toEqual({
      kind: "run",
      options: {
        kubeconfig: "k.yaml",
        context: "c",
        namespace: "n",
        image: "i:1",
        seed: 7,
        speed: 2.5,
        port: 0,
        json: true,
      },
    });
  });

  test("--help explains and exits with 0", () => {
    const { parsed, out, err } = parse("--help");
    expect(parsed).toEqual({ kind: "exit", code: 0 });
    expect(err).toBe("");
    for (const word of ["--kubeconfig", "--seed", "SIGKILL", "Exit codes", "NO_COLOR"]) {
      expect(out).toContain(word);
    }
  });

  test.each([
    ["--seed", "-1"],
    ["--seed", "x"],
    ["--speed", "0"],
    ["--speed", "nan"],
    ["--port", "70000"],
    ["--context", "c"],
    ["--nonsense"],
    ["surplus"],
  ])("%s %s is refused with a word why and exit code 2", (...argv) => {
    const { parsed, err } = parse(...argv.filter((word) => word !== undefined));
    expect(parsed).toEqual({ kind: "exit", code: 2 });
    expect(err).toMatch(/^error: .+/u);
  });

  test("--port has no meaning on a cluster that is there already", () => {
    expect(parse("--kubeconfig", "k", "--port", "6443").err).toBe(
      "error: --port is the local cluster's: it has no meaning with --kubeconfig\n",
    );
  });
});
