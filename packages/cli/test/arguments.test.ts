/** What people type, and what they are told: without a cluster. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { ageWords } from "../src/screen/age.ts";
import { cutTo, table } from "../src/screen/table.ts";
import { run } from "./run-program.ts";

const recordings = new URL("../../stream-parser/test/fixtures/recordings/", import.meta.url);
const recording = (name: string): string => new URL(`${name}.ndjson`, recordings).pathname;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "cli-arguments-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const file = (name: string, content: string): string => {
  const at = path.join(folder, name);
  writeFileSync(at, content);
  return at;
};

describe("run and plan", () => {
  test("a variable takes one value, and the prompt stays the prompt", async () => {
    const { exitCode, output } = await run(["plan", "--image", "x:1", "-e", "KEY", "the prompt"], {
      environment: { KEY: "a-value-of-the-shell" },
    });
    expect(exitCode).toBe(0);
    expect(output).toContain("name: KEY");
    const twice = await run(["plan", "--image", "x:1", "-e", "A=1", "-e", "B=2", "the", "prompt"]);
    expect(twice.output).toContain("name: A");
    expect(twice.output).toContain("name: B");
  });

  test.each([
    ["words that are blank", ["  "], {}],
    ["an empty pipe", [], { input: "" }],
    ["a pipe of line ends", [], { input: "\n\n" }],
    ["a terminal that nobody types at", [], { inputIsTerminal: true }],
  ])("%s are no prompt", async (_name, words, options) => {
    const { exitCode, errors } = await run(["run", "--image", "x:1", ...words], options);
    expect(exitCode).toBe(2);
    expect(errors).toMatch(/prompt/);
  });

  test("every key of the settings file that is no setting is named", async () => {
    const config = file("run.yaml", "image: x:1\nmodle: opus\nfavouriteColour: blue\n");
    const { exitCode, errors } = await run(["plan", "--config", config, "-n", "agents", "x"]);
    expect(exitCode).toBe(0);
    expect(errors).toMatch(/"modle" is no setting.*did you mean model\?/);
    expect(errors).toMatch(/"favouriteColour" is no setting.*claude-k8s settings/);
    expect((await run(["settings", "-o", "name"])).output.split("\n")).toContain("model");
  });

  test("a settings file that is neither YAML nor JSON is no stack trace", async () => {
    const { exitCode, errors } = await run(["plan", "--config", file("bad.yaml", "image: [x"), "x"]);
    expect(exitCode).toBe(2);
    expect(errors).toContain("bad.yaml");
    expect(errors).not.toMatch(/ {4}at /);
  });

  test("a plan says where each part comes from", async () => {
    const config = file("plan.yaml", "image: x:1\ngraceSec: 12\n");
    const args = ["plan", "--config", config, "--memory", "3Gi", "-n", "agents", "x"];
    const { output } = await run(args);
    expect(output).toMatch(/image: x:1 # image in .*plan\.yaml/);
    expect(output).toMatch(/memory: 3Gi # --memory/);
    expect(output).toMatch(/terminationGracePeriodSeconds: 12 # graceSec in .*plan\.yaml/);
    expect(output).toMatch(/ttlSecondsAfterFinished: 3600 # ttlSecondsAfterFinished is not set: the default/);
    expect(output).toMatch(/namespace: agents # --namespace/);
  });
});

describe("values that cannot be used are refused", () => {
  test.each([
    [["clean", "--older-than", "abc"], "--older-than"],
    [["clean", "--older-than", "-5"], "--older-than"],
    [["stop", "job", "--grace", "soon"], "--grace"],
    [["logs", "job", "--since", "yesterday"], "--since"],
    [["logs", "job", "--tail", "1.5"], "--tail"],
    [["explain", "--exit-code", "300", "-"], "--exit-code"],
    [["list", "-o", "xml"], "--output"],
    [["list", "--sort-by", "colour"], "--sort-by"],
    [["completion", "tcsh"], "tcsh"],
  ])("%j", async (args, named) => {
    const { exitCode, errors, output } = await run(args);
    expect({ exitCode, output }).toEqual({ exitCode: 2, output: "" });
    expect(errors).toContain(named);
  });

  test("a selector that says more than equality", async () => {
    const { exitCode, errors } = await run(["list", "-l", "a in (b)"]);
    expect(exitCode).toBe(2);
    expect(errors).toContain("label=value");
  });
});

describe("explain", () => {
  test("its exit code is the run's", async () => {
    expect((await run(["explain", recording("simple-text"), "--exit-code", "0"])).exitCode).toBe(0);
    expect((await run(["explain", recording("model-404"), "--exit-code", "1"])).exitCode).toBe(1);
    expect(
      (await run(["explain", "--exit-code", "1", "-o", "markdown", recording("model-404")])).output,
    ).toMatch(/^### ❌/);
  });

  test("objects of kubectl, also as YAML, are evidence", async () => {
    const pod = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "p", namespace: "n" },
      spec: { containers: [{ name: "main", resources: { limits: { memory: "64Mi" } } }] },
      status: {
        phase: "Failed",
        containerStatuses: [
          {
            name: "main",
            restartCount: 0,
            state: { terminated: { exitCode: 137, reason: "OOMKilled", startedAt: "2026-11-20T10:00:00Z" } },
          },
        ],
      },
    };
    const input = JSON.stringify({ apiVersion: "v1", kind: "List", items: [pod] });
    const json = await run(["explain", "-"], { input });
    expect(json).toMatchObject({ exitCode: 1, output: expect.stringContaining("k8s_oom_killed") });
    const yaml = Object.entries(pod)
      .map(([key, value]) => `${key}: ${JSON.stringify(value)}\n`)
      .join("");
    expect((await run(["explain", "-"], { input: yaml })).output).toContain("k8s_oom_killed");
  });

  test("nothing at all is said to be nothing", async () => {
    expect(await run(["explain"], { input: "" })).toMatchObject({
      exitCode: 2,
      errors: expect.stringContaining("is empty"),
    });
    expect(await run(["explain"], { inputIsTerminal: true })).toMatchObject({ exitCode: 2 });
  });
});

describe("format", () => {
  test("usage by model, and as JSON", async () => {
    const { output } = await run(["format", "--usage", recording("tool-parallel")]);
    expect(output).toMatch(/^WHO .* COST\n/);
    expect(output).toMatch(/\nall .*\$/);
    const json = JSON.parse(
      (await run(["format", "--usage", "--json", recording("tool-parallel")])).output,
    ) as object;
    expect(json).toHaveProperty("costUsd");
  });

  test("a comment of the answer, or of the failure", async () => {
    const answered = await run(["format", "--markdown", recording("simple-text")]);
    expect(answered.output).toMatch(/<sub>.*tokens.*<\/sub>/);
    const failed = await run(["format", "--markdown", recording("model-404")]);
    expect(failed.output).toMatch(/^\*\*.*\*\*/);
  });
});

describe("help", () => {
  test("every command has a description and examples, and names no file that is not there", async () => {
    const { output } = await run(["--help"]);
    const names = [...output.matchAll(/^ {2}([a-z]+)(?:\|\w+)? /gm)].map(([, name = ""]) => name);
    const commands = names.filter((name) => !["claude", "help"].includes(name));
    expect(commands.length).toBeGreaterThan(11);
    for (const command of commands) {
      const help = await run([command, "--help"]);
      expect(help.exitCode).toBe(0);
      expect(help.output).toMatch(/Examples:\n {2}\S/);
      expect(help.output).not.toContain("docs/");
    }
    for (const code of [0, 1, 2, 75, 130, 141]) expect(output).toMatch(new RegExp(`^ {2}${code} `, "m"));
  });

  test("completion knows each command, its options and their values", async () => {
    for (const shell of ["bash", "zsh", "fish"]) {
      const { output } = await run(["completion", shell]);
      for (const word of ["attach", "doctor", "markdown", "list -o name"]) expect(output).toContain(word);
      expect(output).toMatch(/--all-namespaces|-l all-namespaces/);
    }
  });
});

describe("on a screen", () => {
  test.each([
    [0, "0s"],
    [119, "119s"],
    [120, "2m"],
    [125, "2m5s"],
    [600, "10m"],
    [3 * 3600, "3h"],
    [3 * 3600 + 1260, "3h21m"],
    [47 * 3600, "47h"],
    [3 * 86_400 + 7200, "3d2h"],
    [30 * 86_400, "30d"],
    [Number.NaN, "-"],
  ])("an age of %d seconds is %s", (seconds, words) => {
    expect(ageWords(seconds)).toBe(words);
  });

  test("wide characters take two columns, and a cut never halves one", () => {
    expect(table([{ head: "名" }, { head: "B" }], [["日本語", "x"]])).toBe("名       B\n日本語   x\n");
    expect(cutTo("日本語日本語", 6)).toBe("日本…");
    expect(cutTo("👩‍👩‍👧 family", 4)).toBe("👩‍👩‍👧 …");
  });

  test("a narrow terminal loses what can be missed first, then letters; a pipe loses nothing", () => {
    const columns = [{ head: "NAME" }, { head: "NODE", least: 4, dispensable: 1 }, { head: "WHY", least: 6 }];
    const rows = [["run-a", "node-with-a-long-name", "because of something"]];
    for (const width of [60, 40, 24, 16])
      for (const line of table(columns, rows, width).trimEnd().split("\n"))
        expect(line.length).toBeLessThanOrEqual(width);
    expect(table(columns, rows, 40)).toContain("NODE");
    expect(table(columns, rows, 16)).not.toContain("NODE");
    expect(table(columns, rows, 16)).toContain("run-a");
    expect(table(columns, rows, null)).toContain("because of something");
  });
});
