import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { fileURLToPath } from "node:url";

import { type LocalCluster, startLocalCluster } from "@claude-k8s/local-cluster";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { runProgram } from "../src/program.ts";
import { type World, createWorld, recordingText } from "../../adapter/test/scenario/world.ts";

const recordings = fileURLToPath(new URL("../../stream-parser/test/fixtures/recordings/", import.meta.url));

async function run(
  args: readonly string[],
  options: {
    readonly input?: string;
    readonly environment?: Record<string, string>;
    readonly signal?: AbortSignal;
    readonly onError?: (text: string) => void;
  } = {},
) {
  let output = "";
  let errors = "";
  const exitCode = await runProgram(
    args,
    {
      input: (async function* () {
        yield Buffer.from(options.input ?? "");
      })(),
      output: { write: (text) => (output += text) },
      errors: {
        write: (text) => {
          errors += text;
          options.onError?.(text);
        },
      },
      environment: options.environment ?? {},
    },
    { version: "9.9.9", signal: options.signal ?? new AbortController().signal },
  );
  return { exitCode, output, errors };
}

describe("without a cluster", () => {
  test("help and version go to the output, mistakes to the errors with exit code 2", async () => {
    expect(await run(["--version"])).toEqual({ exitCode: 0, output: "9.9.9\n", errors: "" });
    expect((await run(["run", "--help"])).output).toContain("--pod-template");
    expect(await run(["rum"])).toMatchObject({
      exitCode: 2,
      output: "",
      errors: expect.stringContaining("rum"),
    });
    expect(await run(["list", "--nope"])).toMatchObject({
      exitCode: 2,
      errors: expect.stringContaining("--nope"),
    });
  });

  test("format shows a recording without colours, from a file and from a pipe", async () => {
    const file = await run(["format", path.join(recordings, "tool-parallel.ndjson")]);
    expect(file.output).toContain("Reading in parallel.");
    expect(file.output).not.toContain("\u001B");
    const piped = await run(["format"], { input: recordingText("tool-parallel") });
    expect(piped.output).toBe(file.output);
    const colored = await run(["format"], {
      input: recordingText("tool-parallel"),
      environment: { FORCE_COLOR: "1" },
    });
    expect(colored.output).toContain("\u001B");
  });

  test("explain judges output and exit code", async () => {
    const file = path.join(recordings, "model-404.ndjson");
    expect((await run(["explain", file, "--exit-code", "1"])).output).toContain("model_not_found");
    const { output } = await run([
      "explain",
      "--json",
      "--exit-code",
      "0",
      path.join(recordings, "simple-text.ndjson"),
    ]);
    expect(JSON.parse(output)).toMatchObject({ outcome: "success" });
    expect(await run(["explain", "/nowhere"])).toMatchObject({
      exitCode: 2,
      errors: expect.stringContaining("/nowhere"),
    });
    expect(await run(["explain", file, "--exit-code", "x"])).toMatchObject({ exitCode: 2 });
  });

  test("format and explain read what became of a recording", async () => {
    const text = recordingText("tool-parallel");
    const lines = text.trimEnd().split("\n");
    const plain = (await run(["format"], { input: text })).output;
    const forms = [
      lines.map((line) => `2026-11-20T10:00:00.123456789Z ${line}\n`).join(""),
      lines.map((line) => `2026-11-20T10:00:00.123456789Z stdout F ${line}\n`).join(""),
      lines
        .map((line) => `${JSON.stringify({ log: `${line}\n`, stream: "stdout", time: "2026" })}\n`)
        .join(""),
      JSON.stringify(
        lines.map((line): unknown => JSON.parse(line)),
        null,
        2,
      ),
    ];
    for (const input of forms) {
      expect((await run(["format"], { input })).output).toBe(plain);
      const { output } = await run(["explain", "--json", "--exit-code", "0"], { input });
      expect(JSON.parse(output)).toMatchObject({ outcome: "success" });
    }
  });

  test("explain reads a packed file, and says of words alone what is missing", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "explain-"));
    const packed = path.join(folder, "run.ndjson.gz");
    writeFileSync(packed, gzipSync(recordingText("simple-text")));
    expect((await run(["explain", "--exit-code", "0", packed])).exitCode).toBe(0);
    writeFileSync(packed, Buffer.from([0x1f, 0x8b, 1, 2, 3]));
    expect(await run(["explain", packed])).toMatchObject({
      exitCode: 2,
      errors: expect.stringContaining("cannot be unpacked"),
    });
    rmSync(folder, { recursive: true });
    const words = await run(["explain"], { input: "<html>\u001B[2J\n<body>\n" });
    expect(words).toMatchObject({ exitCode: 2, errors: expect.stringContaining("is no stream-json") });
    expect(words.errors).toContain("--exit-code");
    expect(words.errors).not.toContain("\u001B");
  });

  test("plan prints a Job without prompt and variables", async () => {
    const key = ["sk", "test", "0123456789abcdef"].join("-");
    const { output, exitCode } = await run(
      ["plan", "--image", "x:1", "-e", "KEY", "--json", "a secret prompt"],
      {
        environment: { KEY: key },
      },
    );
    expect(exitCode).toBe(0);
    expect(JSON.parse(output)).toMatchObject({ kind: "Job", spec: { backoffLimit: 0 } });
    expect(output).not.toContain(key);
    expect(output).not.toContain("a secret prompt");
  });

  test("settings that cannot be used are told all at once", async () => {
    const { exitCode, errors } = await run(["run", "--timeout", "soon", "--memory", "4 GB", "x"]);
    expect(exitCode).toBe(2);
    for (const field of ["image", "timeoutSec", "resources.limits.memory"]) expect(errors).toContain(field);
    expect(await run(["run", "--image", "x", "-e", "ABSENT", "y"])).toMatchObject({
      exitCode: 2,
      errors: expect.stringContaining("ABSENT"),
    });
  });

  test("a kubeconfig that is not there", async () => {
    const { exitCode, errors } = await run(["list", "--kubeconfig", "/nowhere"]);
    expect(exitCode).toBe(2);
    expect(errors).toContain("kubeconfig_invalid");
  });
});

describe("on the local cluster", () => {
  let cluster: LocalCluster;
  let world: World;
  const folder = mkdtempSync(path.join(tmpdir(), "adapter-cli-"));
  beforeAll(async () => {
    cluster = await startLocalCluster();
    world = await createWorld({ name: "local", kubeconfig: cluster.kubeconfig, image: "lab/base:1" });
  });
  afterAll(async () => {
    await world.close();
    await cluster.close();
    rmSync(folder, { recursive: true });
  });

  const where = () => ["--kubeconfig", world.kubeconfig, "-n", world.namespace];
  const configFor = (plan: object): string => {
    const file = path.join(folder, "config.json");
    const { kubeconfig: _kubeconfig, ...settings } = world.settings(plan);
    writeFileSync(file, JSON.stringify(settings));
    return file;
  };

  test("run shows the output and explains the ending", async () => {
    const config = configFor({ recording: "tool-parallel" });
    const raw = await run(["run", ...where(), "--config", config, "--raw", "hello"]);
    expect(raw.output).toBe(recordingText("tool-parallel"));
    expect(raw).toMatchObject({ exitCode: 0, errors: expect.stringContaining("The run succeeded") });
    expect(await run(["list", ...where()])).toMatchObject({
      output: "",
      errors: expect.stringContaining("no runs"),
    });
  });

  test("Ctrl-C stops the run and leaves no Job", async () => {
    const config = configFor({ recording: "long-bash", pauseAt: 4, next: "hang" });
    const interruption = new AbortController();
    const { exitCode } = await run(["run", ...where(), "--config", config, "hello"], {
      signal: interruption.signal,
      onError: (text) => {
        if (text.includes("is on node")) interruption.abort(new Error("SIGINT"));
      },
    });
    expect(exitCode).toBe(130);
    expect((await run(["list", ...where(), "--json"])).output).toBe("[]\n");
  });

  test("a retained Job can be listed, and its output read again", async () => {
    const config = configFor({ recording: "simple-text" });
    await run(["run", ...where(), "--config", config, "--retain", "--slot", "kept", "hello"]);
    const [listed] = JSON.parse((await run(["list", ...where(), "--json"])).output) as {
      ref: { jobName: string };
      state: string;
    }[];
    expect(listed).toMatchObject({ state: "finished" });
    const job = listed?.ref.jobName ?? "";
    expect(await run(["logs", ...where(), job])).toMatchObject({
      exitCode: 0,
      output: recordingText("simple-text"),
    });
    const attached = await run(["attach", ...where(), "--json", "--raw", job]);
    expect(attached.exitCode).toBe(0);
    expect(attached.output).toContain('"outcome":"success"');
    expect((await run(["logs", ...where(), "absent"])).exitCode).not.toBe(0);
  });

  test("doctor tells what is allowed, and prints a Role", async () => {
    expect(await run(["doctor", ...where()])).toMatchObject({
      exitCode: 0,
      output: expect.stringMatching(/Permissions: \d+ of \d+ are given[^]*A run works here/),
    });
    expect((await run(["doctor", ...where(), "--role"])).output).toContain("kind: Role");
    expect((await run(["clean", ...where()])).output).toBe("nothing to clean\n");
  });
});
