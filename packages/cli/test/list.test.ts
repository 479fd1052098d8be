/** What runs have used, as `list` and `top` say it, on the local cluster. */

import { summarizeStream } from "@claude-k8s/stream-parser";
import { usageOf } from "paperclip-adapter-claude-k8s/cli-parts";
import stringWidth from "string-width";
import { expect, test } from "vitest";

import { recordingText } from "../../adapter/test/scenario/world.ts";
import { createInterrupts } from "../src/interrupts.ts";
import { localRuns } from "./local-runs.ts";
import { run } from "./run-program.ts";

const local = localRuns();

interface Listed {
  readonly ref: { readonly jobName: string };
  readonly state: string;
  readonly usage: object | null;
}

test("a run that is kept, one that lives and one that nobody collected all say what they have used", async () => {
  const whole = recordingText("long-bash");
  const expected = usageOf(await summarizeStream([whole]));
  expect(expected).toMatchObject({ estimated: false });

  const collected = await run([
    "run",
    ...local.where(),
    "--config",
    local.configFor({ recording: "long-bash" }),
    "--retain",
    "--slot",
    "kept",
    "hello",
  ]);
  expect(collected.exitCode).toBe(0);
  const lives = await start("lives", { recording: "long-bash", pauseAt: 4, next: "hang" });
  const over = await start("over", { recording: "long-bash" });
  // Their ends are seen by who follows them.
  expect((await run(["logs", ...local.where(), "-f", over])).output).toBe(whole);

  const listed = async (): Promise<readonly Listed[]> =>
    JSON.parse((await run(["list", ...local.where(), "-o", "json"])).output) as readonly Listed[];
  const runs = await listed();
  expect(runs).toHaveLength(3);
  const usage = (name: string) => runs.find(({ ref }) => ref.jobName === name)?.usage;
  expect(usage(over)).toEqual({ ...expected, partial: false });
  const keptName = runs.find(({ ref }) => ref.jobName !== lives && ref.jobName !== over)?.ref.jobName ?? "";
  expect(usage(keptName)).toEqual({ ...expected, partial: false });
  expect(usage(lives)).not.toEqual({ ...expected, partial: false });

  const table = await run(["list", ...local.where(), "--sort-by", "cost"]);
  const [head = "", first = ""] = table.output.split("\n");
  expect(head.split(/ {2,}/)).toEqual(["JOB", "AGENT", "TASK", "STATE", "AGE", "TOKENS", "COST", "NODE"]);
  expect(first).not.toContain(lives);
  expect(first).toContain("$");
  // The note stands for the log of the one that was collected.
  const { errors } = await run(["list", ...local.where(), "-v"]);
  expect(errors.match(/\/log/g)).toHaveLength(2);
  expect((await run(["stop", ...local.where(), lives, "--grace", "1s"])).exitCode).toBe(0);
});

/** The name of its Job. */
async function start(slot: string, plan: object): Promise<string> {
  const config = ["--config", local.configFor(plan)];
  const left = await run(["run", ...local.where(), ...config, "--slot", slot, "--detach", "hello"]);
  expect(left.exitCode).toBe(0);
  return left.output.trim();
}

interface Ended {
  readonly ref: { readonly jobName: string };
  readonly podName: string;
  readonly ending: { readonly code: string | null; readonly word: string } | null;
}

test("list says how each run ended, by the code that explain has for it", async () => {
  const at = local.where();
  const listed = async (job: string): Promise<Ended> => {
    const runs = JSON.parse((await run(["list", ...at, "-o", "json"])).output) as readonly Ended[];
    return runs.find(({ ref }) => ref.jobName === job) as Ended;
  };
  /** Killed for memory once it has printed something. */
  const struck = async (slot: string): Promise<string> => {
    const job = await start(slot, { recording: "long-bash", pauseAt: 4, next: "hang" });
    const strikes: Promise<void>[] = [];
    await run(["logs", ...at, "-f", job], {
      onOutput: () => {
        if (strikes.length > 0) return;
        const { namespace } = local.world;
        strikes.push(
          listed(job).then(({ podName }) => local.cluster.kubelet.oomKill({ namespace, name: podName })),
        );
      },
    });
    await Promise.all(strikes);
    return job;
  };
  const over = async (slot: string, plan: object): Promise<string> => {
    const job = await start(slot, plan);
    await run(["logs", ...at, "-f", job]);
    return job;
  };
  const stopped = async (slot: string): Promise<string> => {
    const job = await start(slot, { recording: "long-bash", pauseAt: 4, next: "hang" });
    expect((await run(["stop", ...at, job, "--keep"])).output).toBe(`job/${job} stopped\n`);
    return job;
  };
  const [well, error0, error1, memory, kept] = await Promise.all([
    over("well", { recording: "simple-text" }),
    over("error-exit-0", { recording: "model-404" }),
    over("error-exit-1", { recording: "model-404", exitCode: 1 }),
    struck("memory"),
    stopped("kept-stop"),
  ]);
  const expected: readonly (readonly [job: string, code: string | null, word: string])[] = [
    [well, null, "ok"],
    [error0, "model_not_found", "no such model"],
    [error1, "model_not_found", "no such model"],
    [memory, "k8s_oom_killed", "out of memory"],
    [kept, "cancelled", "stopped"],
  ];
  const table = (await run(["list", ...at, "-o", "wide"])).output.split("\n");
  for (const [job, code, word] of expected) {
    const outcome = code === null ? "success" : "failure";
    expect({ job, ...(await listed(job)).ending }).toEqual({ job, outcome, code, word });
    const explained = JSON.parse((await run(["explain", ...at, "-o", "json", job])).output) as object;
    expect({ job, ...explained }).toMatchObject({ job, outcome, code });
    const cells = (table.find((line) => line.startsWith(job)) ?? "").split(/ {2,}/);
    expect(cells).toEqual(expect.arrayContaining(code === null ? [word] : [word, code]));
  }
  // Whoever reads a stopped run again does not forget that it was stopped.
  expect((await run(["attach", ...at, "--raw", kept])).errors).toContain("stopped");
  expect((await listed(kept)).ending?.code).toBe("cancelled");
  const byState = (await run(["list", ...at, "--sort-by", "state", "-o", "name"])).output;
  expect(byState.indexOf(memory)).toBeLessThan(byState.indexOf(kept));
});

test.each([
  [80, "list", /^JOB {2,}AGENT {2,}STATE {2,}AGE {2,}TOKENS {2,}COST$/],
  [200, "list", /^JOB {2,}AGENT {2,}TASK {2,}STATE {2,}AGE {2,}TOKENS {2,}COST {2,}NODE$/],
  [80, "top", /^JOB {2,}.*STATE {2,}AGE {2,}.*COST {2,}COST\/MIN/],
])("on a terminal of %d columns %s draws itself anew within them", async (columns, command, head) => {
  const plan = local.configFor({ recording: "long-bash", pauseAt: 4, next: "hang" });
  const slot = ["--slot", `slot-of-many-words/${command}-${columns}`];
  const left = await run(["run", ...local.where(), "--config", plan, ...slot, "--detach", "hello"]);
  const job = left.output.trim();
  const interrupts = createInterrupts();
  let screens = 0;
  const args = command === "list" ? ["list", "-w"] : ["top"];
  const { exitCode, output } = await run([...args, ...local.where()], {
    columns,
    interrupts,
    environment: { NO_COLOR: "1" },
    onOutput(text) {
      if (text.includes("JOB")) screens += 1;
      if (screens === 2) interrupts.interrupt("Ctrl-C");
    },
  });
  expect(exitCode).toBe(130);
  // Home, and what a line had before is cleared: the screen is whole after each drawing.
  const [, ...drawn] = output.split("\u001B[H");
  expect(drawn.length).toBeGreaterThanOrEqual(2);
  const lines = (drawn.at(-1) ?? "").replaceAll("\u001B[K", "").replaceAll("\u001B[J", "").split("\n");
  expect(lines.find((line) => line.startsWith("JOB"))).toMatch(head);
  expect(lines.filter((line) => line.startsWith(job))).toHaveLength(1);
  expect(lines.filter((line) => stringWidth(line) > columns)).toEqual([]);
  expect((await run(["stop", ...local.where(), job, "--grace", "1s"])).exitCode).toBe(0);
});

test("a selector of what no label can be, and a column that is none, are refused with what there is", async () => {
  for (const args of [
    ["-l", "a"],
    ["-l", "a in (b)"],
    ["-l", "=b"],
    ["--sort-by", "size"],
  ]) {
    const { exitCode, errors, output } = await run(["list", ...local.where(), ...args]);
    expect({ args, exitCode, output }).toEqual({ args, exitCode: 2, output: "" });
    expect(errors).toMatch(/label=value|name, age, state/);
  }
});
