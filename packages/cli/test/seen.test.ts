/** What a person sees of a run that is read again, and of a plan that the API server has answered, on the local cluster. */
import { stripVTControlCharacters } from "node:util";

import { connect } from "@claude-k8s/k8s-runner";
import { describe, expect, test } from "vitest";

import { recordingText } from "../../adapter/test/scenario/world.ts";
import { createInterrupts } from "../src/interrupts.ts";
import { localRuns } from "./local-runs.ts";
import { type Ran, type RunOptions, run } from "./run-program.ts";

const refusing = "refusing";
const planned = "planned";

const local = localRuns({
  namespaces: [refusing, planned],
  admission: { webhook: ({ namespace }) => (namespace === refusing ? "no Jobs on a Friday" : null) },
});
/** The Job of a run that this process no longer follows. */
async function started(name: string, plan: object): Promise<string> {
  const config = local.configFor(plan);
  const left = await run(["run", ...local.where(), "--config", config, "--slot", name, "--detach", "hello"]);
  expect(left.exitCode).toBe(0);
  return left.output.trim();
}
const linesOf = (recording: string): readonly string[] =>
  recordingText(recording)
    .trimEnd()
    .split("\n")
    .map((line) => `${line}\n`);
const hanging = { recording: "long-bash", pauseAt: 4, next: "hang" };

describe("attach --tail", () => {
  test.each([1, 3, 1000])("of a run that is over: its last %d lines, and how it ended", async (count) => {
    const job = await started(`tail-${count}`, { recording: "simple-text" });
    // Whoever follows it sees its end.
    const whole = await run(["logs", ...local.where(), "-f", job]);
    expect(whole).toMatchObject({ exitCode: 0, output: recordingText("simple-text") });
    const attached = await run(["attach", ...local.where(), "--raw", "--tail", String(count), job]);
    expect(attached).toMatchObject({ exitCode: 0, errors: expect.stringContaining("The run succeeded") });
    expect(attached.output).toBe(linesOf("simple-text").slice(-count).join(""));
  });

  test("of a run that lives: the last line so far, then Ctrl-C lets go and the Job goes on", async () => {
    const job = await started("tail-lives", hanging);
    const shown = linesOf("long-bash").slice(0, 4);
    await followed(job, shown.join(""));
    const interrupts = createInterrupts();
    const attached = await run(["attach", ...local.where(), "--raw", "--tail", "1", job], {
      interrupts,
      onOutput: (text) => {
        if (text.endsWith("\n")) interrupts.interrupt("Ctrl-C");
      },
    });
    expect(attached).toMatchObject({ exitCode: 130, output: shown.at(-1) });
    expect(attached.errors).toContain(`Job ${job} goes on`);
    expect((await run(["stop", ...local.where(), job, "--grace", "1s"])).exitCode).toBe(0);
  });
});

/** Follows a run until it has printed this, and lets go. */
async function followed(job: string, expected: string): Promise<Ran> {
  const interrupts = createInterrupts();
  let output = "";
  const ran = await run(["logs", ...local.where(), "-f", job], {
    interrupts,
    onOutput: (text) => {
      output += text;
      if (output.length >= expected.length) interrupts.interrupt("Ctrl-C");
    },
  });
  expect(ran.output).toBe(expected);
  return ran;
}

describe("logs -f", () => {
  test("lets go at Ctrl-C, and the run goes on", async () => {
    const job = await started("follow-left", hanging);
    const { exitCode } = await followed(job, linesOf("long-bash").slice(0, 4).join(""));
    expect(exitCode).toBe(130);
    expect((await run(["list", ...local.where(), "-o", "name"])).output).toContain(job);
    expect((await run(["stop", ...local.where(), job, "--grace", "1s"])).exitCode).toBe(0);
  });

  test("ends with the run, which somebody else stops, and has shown all of it once", async () => {
    const job = await started("follow-ends", hanging);
    const shown = linesOf("long-bash").slice(0, 4).join("");
    let output = "";
    const stops: Promise<Ran>[] = [];
    const { exitCode } = await run(["logs", ...local.where(), "-f", job], {
      columns: 80,
      onOutput: (text) => {
        output += text;
        if (output.length >= shown.length && stops.length === 0)
          stops.push(run(["stop", ...local.where(), job, "--grace", "1s"]));
      },
    });
    expect(exitCode).toBe(0);
    expect(output).toBe(shown);
    expect(await Promise.all(stops)).toMatchObject([{ exitCode: 0 }]);
  });
});

describe("plan --server", () => {
  test("marks what the API server adds, and makes nothing", async () => {
    const at = ["--kubeconfig", local.world.kubeconfig, "-n", planned];
    const config = local.configFor({});
    const answered = await run(["plan", ...at, "--config", config, "--server", "hello"], { columns: 80 });
    expect(answered.exitCode).toBe(0);
    expect(answered.output).toContain("As the API server would store it (dry run)");
    // Every Job that is made without a selector is given one.
    expect(answered.output).toMatch(/# added by the API server\n *selector:/);
    const own = await run(["plan", ...at, "--config", config, "hello"], { columns: 80 });
    expect(own).toMatchObject({ exitCode: 0, output: expect.not.stringContaining("by the API server") });
    const connection = await connect({ kubeconfig: local.cluster.kubeconfig });
    for (const resource of ["jobs", "secrets", "pods"] as const)
      expect(await connection.list(resource, planned, {})).toMatchObject({
        kind: "ok",
        value: { items: [] },
      });
    await connection.close();
  });

  test("says a refusal in the words of the API server", async () => {
    const at = ["--kubeconfig", local.world.kubeconfig, "-n", refusing];
    const config = local.configFor({});
    const refused = await run(["plan", ...at, "--config", config, "--server", "hello"]);
    expect(refused).toMatchObject({ exitCode: 2, output: "" });
    expect(refused.errors).toMatch(/the API server would refuse this Job \(\d+\): .*no Jobs on a Friday/);
    expect(refused.errors).not.toMatch(/ {4}at /);
  });
});

test("doctor says that no program can be started in a pod, and what to look at", async () => {
  // The API server of this cluster has no exec.
  const { output } = await run(["doctor", ...local.where(), "--image", "lab/base:1", "-o", "json"]);
  const { checks } = JSON.parse(output) as { readonly checks: readonly { readonly code: string }[] };
  const checkOf = (code: string) => checks.find((check) => check.code === code);
  expect(checkOf("round-trip")).toMatchObject({ level: "ok" });
  expect(checkOf("log")).toMatchObject({ level: "ok" });
  expect(checkOf("exec")).toMatchObject({
    level: "warning",
    found: expect.stringContaining("copied folders"),
    fix: [
      expect.stringContaining("kubectl auth can-i create pods/exec -n"),
      expect.stringContaining("proxy"),
    ],
  });
});

// A status line moves the cursor on every terminal; colours are what NO_COLOR speaks of.
const colorPattern = new RegExp(String.raw`\u001B\[[\d;]*m`);

test("colours of each command come with a terminal, go with --no-color and NO_COLOR, and change no word", async () => {
  const job = await started("colours", { recording: "simple-text" });
  expect((await run(["logs", ...local.where(), "-f", job])).exitCode).toBe(0);
  const seen = async (args: readonly string[], options: RunOptions) => {
    const { output, errors } = await run(args, options);
    return { isColored: colorPattern.test(output + errors), output };
  };
  for (const args of [
    ["attach", ...local.where(), job],
    ["explain", ...local.where(), job],
    ["logs", ...local.where(), "--pretty", job],
    ["doctor", ...local.where()],
  ]) {
    const [command] = args;
    const colored = await seen(args, { columns: 80 });
    expect({ command, isColored: colored.isColored }).toEqual({ command, isColored: true });
    const output = stripVTControlCharacters(colored.output);
    for (const plain of [
      await seen([...args, "--no-color"], { columns: 80 }),
      await seen(args, { columns: 80, environment: { NO_COLOR: "1" } }),
      await seen(args, { columns: 80, environment: { TERM: "dumb" } }),
    ])
      expect({ command, ...plain }).toEqual({ command, isColored: false, output });
    expect({ command, ...(await seen(args, {})) }).toMatchObject({ command, isColored: false });
    const forced = await seen(args, { environment: { FORCE_COLOR: "1" } });
    expect({ command, ...forced }).toMatchObject({ command, isColored: true });
  }
});
