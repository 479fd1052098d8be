/** Runs that are left, found again, read and explained, on the local cluster. */

import { expect, test, vi } from "vitest";
import { parse } from "yaml";

import { createInterrupts } from "../src/interrupts.ts";
import { recordingText } from "../../adapter/test/scenario/world.ts";
import { localRuns } from "./local-runs.ts";
import { run } from "./run-program.ts";

const local = localRuns();
const hanging = { recording: "long-bash", pauseAt: 4, next: "hang" };

test("a run that is detached is named, found, looked at, read and stopped by its name", async () => {
  const left = await run([
    "run",
    ...local.where(),
    "--config",
    local.configFor(hanging),
    "--detach",
    "hello",
  ]);
  expect(left.exitCode).toBe(0);
  const job = left.output.trim();
  expect(job).toMatch(/^run-[a-z0-9]+$/);
  expect(left.errors).toContain(`claude-k8s attach ${job} -n ${local.world.namespace}`);

  expect((await run(["list", ...local.where(), "-o", "name"])).output).toBe(`job/${job}\n`);
  const listed = await run(["list", ...local.where()]);
  expect(listed.output).toMatch(/^JOB .* AGE .*\n/);
  expect(listed.output).not.toMatch(/\d{4}-\d\d-\d\dT/);
  expect((await run(["list", ...local.where(), "-A"])).output).toContain(local.world.namespace);

  // Its process may not have begun yet.
  const live = await run(["explain", ...local.where(), job]);
  expect(live).toMatchObject({ exitCode: 0, output: expect.stringContaining("has not ended") });
  const top = await run(["top", ...local.where(), "--once", "-o", "json"]);
  expect(JSON.parse(top.output)).toMatchObject([{ job }]);

  const stopped = await run(["stop", ...local.where(), `job/${job}`, "--grace", "1s"]);
  expect(stopped).toMatchObject({ exitCode: 0, output: `job/${job} stopped\n` });
  expect((await run(["list", ...local.where(), "-o", "name"])).output).toBe("");

  // Gone with its pod: the events that are left tell that it ran, and not how it ended.
  const gone = await run(["explain", ...local.where(), job]);
  expect(gone.exitCode).toBe(1);
  expect(gone.output).toMatch(/^● How the run ended cannot be said any more/);
  expect(gone.output).toMatch(/ago: SuccessfulCreate on job\//);
  expect(gone.output + gone.errors).not.toContain("failed");
  const json = await run(["explain", ...local.where(), job, "-o", "json"]);
  expect(JSON.parse(json.output)).toMatchObject({ job, state: "gone", events: expect.any(Array) });
  const yaml = await run(["explain", ...local.where(), job, "-o", "yaml"]);
  expect(parse(yaml.output)).toEqual(JSON.parse(json.output));
});

test("of a run that the cluster has taken away and that is gone, its events say so", async () => {
  const left = await run(["run", ...local.where(), "--config", local.configFor(hanging), "-d", "hello"]);
  const job = left.output.trim();
  const live = await untilItRuns(job);
  expect(parse((await run(["explain", ...local.where(), job, "-o", "yaml"])).output)).toMatchObject({ job });
  await local.cluster.kubelet.evict({ namespace: local.world.namespace, name: live });
  expect((await run(["stop", ...local.where(), job])).exitCode).toBe(0);

  const gone = await run(["explain", ...local.where(), job, "-o", "json"]);
  expect(JSON.parse(gone.output)).toMatchObject({ code: "k8s_pod_evicted" });
  expect(gone.exitCode).toBe(75);
});

/** Resolves with the name of its pod. */
async function untilItRuns(job: string): Promise<string> {
  return vi.waitFor(
    async () => {
      const { output } = await run(["explain", ...local.where(), job, "-o", "json"]);
      const live = JSON.parse(output) as { readonly state: string; readonly pod: string };
      expect(live.state).toBe("running");
      return live.pod;
    },
    { timeout: 30_000, interval: 100 },
  );
}

test("when nobody reads any more, the run goes on, and how to come back is said", async () => {
  const interrupts = createInterrupts();
  const gone = await run(["run", ...local.where(), "--config", local.configFor(hanging), "hello"], {
    interrupts,
    onErrors: (text) => {
      if (text.includes("is on node")) interrupts.leave("nobody reads the output any more");
    },
  });
  expect(gone.exitCode).toBe(141);
  const job = /claude-k8s attach (run-\w+)/.exec(gone.errors)?.[1] ?? "";
  expect(gone.errors).toContain("Nobody reads the output any more.");
  expect((await run(["list", ...local.where(), "-o", "name"])).output).toBe(`job/${job}\n`);
  expect((await run(["stop", ...local.where(), job, "--grace", "1s"])).exitCode).toBe(0);
});

test.each([
  ["d", 0, 1],
  ["s", 130, 0],
])("Ctrl-C asks once: %s", async (key, exitCode, jobsLeft) => {
  const interrupts = createInterrupts();
  const asked: string[] = [];
  const ended = await run(["run", ...local.where(), "--config", local.configFor(hanging), "hello"], {
    interrupts,
    ask: async (keys) => {
      asked.push(keys);
      return key;
    },
    onErrors: (text) => {
      if (text.includes("is on node")) interrupts.interrupt("Ctrl-C");
    },
  });
  expect(asked).toEqual(["dsg"]);
  expect(ended.exitCode).toBe(exitCode);
  const left = (await run(["list", ...local.where(), "-o", "name"])).output
    .split("\n")
    .filter((line) => line !== "");
  expect(left).toHaveLength(jobsLeft);
  for (const job of left)
    expect((await run(["stop", ...local.where(), job, "--grace", "1s"])).exitCode).toBe(0);
});

test("a mistyped Job is told with the one that was meant, and without advice on lost pods", async () => {
  const config = local.configFor({ recording: "model-404", exitCode: 1 });
  const failed = await run([
    "run",
    ...local.where(),
    "--config",
    config,
    "--retain",
    "--slot",
    "kept",
    "hello",
  ]);
  expect(failed.exitCode).toBe(1);
  const job = (await run(["list", ...local.where(), "-o", "name"])).output.trim().replace("job/", "");
  const mistyped = `${job.slice(0, -1)}${job.endsWith("x") ? "y" : "x"}`;
  // The runner looks twice, seconds apart, before it says that a Job is missing.
  for (const command of ["attach", "stop"]) {
    const { exitCode, errors, output } = await run([command, ...local.where(), mistyped]);
    expect({ command, exitCode, output }).toEqual({ command, exitCode: 1, output: "" });
    expect(errors).toContain(`did you mean ${job}?`);
    expect(errors).not.toContain("k8s_pod_reattach_failed");
  }

  // What has ended is explained with the exit code of the run, and read whole or in part.
  const explained = await run(["explain", ...local.where(), job, "-o", "json"]);
  expect(explained.exitCode).toBe(1);
  expect(JSON.parse(explained.output)).toMatchObject({ code: "model_not_found" });
  const text = recordingText("model-404");
  expect((await run(["logs", ...local.where(), job])).output).toBe(text);
  const last = `${text.trimEnd().split("\n").at(-1) ?? ""}\n`;
  expect((await run(["logs", ...local.where(), "--tail", "1", job])).output).toBe(last);
});

test("--verbose shows each request, and no secret", async () => {
  const { errors } = await run(["list", ...local.where(), "--verbose"]);
  expect(errors).toMatch(new RegExp(`› list jobs/${local.world.namespace} .* → ok \\(\\d+ ms\\)`));
  expect(errors).not.toContain(local.cluster.token);
});

test("doctor: what is missing comes with the command that mends it", async () => {
  const missing = await run(["doctor", "--kubeconfig", local.world.kubeconfig, "-n", "not-there"]);
  expect(missing).toMatchObject({
    exitCode: 1,
    output: expect.stringContaining("kubectl create namespace not-there"),
  });
  const rbac = await run(["doctor", ...local.where(), "--rbac"]);
  for (const kind of ["ServiceAccount", "Role", "RoleBinding"])
    expect(rbac.output).toContain(`kind: ${kind}\n`);
  const json = await run(["doctor", ...local.where(), "-o", "json"]);
  expect(JSON.parse(json.output)).toMatchObject({ ok: true, namespace: local.world.namespace });
});
