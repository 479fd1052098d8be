/** What a caller's code looks like: defaults, disposal, streams, and mistakes that are named. */

import { startLocalCluster } from "@claude-k8s/local-cluster";
import { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { expect, onTestFinished, test } from "vitest";
import {
  connect,
  createRunner,
  InvalidRunSpecError,
  RunnerClosedError,
  validateRunSpec,
} from "../src/index.ts";
import type { Run, Runner, RunSpec } from "../src/index.ts";
import { drain, runOf, shell } from "./world.ts";

const spec: RunSpec = {
  namespace: "default",
  slot: "s",
  runId: "r",
  image: "lab/base:1",
  command: shell("echo hello"),
  graceSeconds: 2,
};

async function kubeconfig(): Promise<string> {
  const local = await startLocalCluster();
  onTestFinished(() => local.close());
  return local.kubeconfig;
}

test("runner and cluster are closed at the end of their block", async () => {
  let left: { runner: Runner; run: Run } | null = null;
  {
    await using cluster = await connect({ kubeconfig: await kubeconfig() });
    await using runner = createRunner({ cluster });
    const run = runOf(await runner.start({ ...spec, command: shell("sleep 100") }));
    left = { runner, run };
  }
  await expect(left.runner.start(spec)).rejects.toSatisfy((error) => RunnerClosedError.isInstance(error));
  await expect(left.run.exit).rejects.toSatisfy((error) => RunnerClosedError.isInstance(error));
});

test("stop needs no words", async () => {
  await using cluster = await connect({ kubeconfig: await kubeconfig() });
  await using runner = createRunner({ cluster });
  const run = runOf(await runner.start({ ...spec, command: shell("echo up; sleep 100") }));
  const ended = await drain(run, () => void run.stop());
  expect(ended.exit).toMatchObject({
    kind: "stopped",
    by: "caller",
    reason: "the caller asked for it",
    graceSeconds: 2,
  });
});

test("the output as a Node stream", async () => {
  await using cluster = await connect({ kubeconfig: await kubeconfig() });
  await using runner = createRunner({ cluster });
  const run = runOf(await runner.start({ ...spec, command: shell("echo one; echo two") }));
  const chunks: Buffer[] = [];
  const sink = new Writable({
    write(chunk: Buffer, _, done) {
      chunks.push(chunk);
      done();
    },
  });
  await pipeline(run.outputStream(), sink);
  expect(Buffer.concat(chunks).toString()).toBe("one\ntwo\n");
  expect(await run.exit).toMatchObject({ kind: "exited", exitCode: 0 });
});

test("attach waits for the process that supervises", async () => {
  await using cluster = await connect({ kubeconfig: await kubeconfig() });
  await using second = createRunner({ cluster });
  const first = createRunner({ cluster });
  const run = runOf(await first.start({ ...spec, command: shell("echo up; sleep 4; echo end") }));
  expect(await second.attach(run.ref)).toMatchObject({ kind: "busy", holder: { supervised: true } });
  const attached = second.attach(run.ref, { waitSeconds: 60 });
  await first.close();
  expect((await drain(runOf(await attached))).output).toBe("up\nend\n");
});

test.each([
  [{ imagepullPolicy: "Always" }, "imagepullPolicy", "did you mean imagePullPolicy?"],
  [{ enviroment: {} }, "enviroment", "is no field"],
  [{ secretenv: { KEY: "value" } }, "secretenv", "did you mean secretEnv?"],
  [{ deadlineSecond: 3 }, "deadlineSecond", "did you mean deadlineSeconds?"],
  [{ graceSecs: 3 }, "graceSecs", "did you mean graceSeconds?"],
  [{ budgets: { imageSeconds: 3 } }, "budgets.imageSeconds", "is no field"],
  [{ budgets: { initSecond: 3 } }, "budgets.initSecond", "did you mean budgets.initSeconds?"],
  [{ resources: { limit: {} } }, "resources.limit", "did you mean resources.limits?"],
  [{ files: [{ path: "/a", contents: "x" }] }, "files[0].contents", "did you mean files[0].content?"],
  [{ somethingElse: true }, "somethingElse", "is no field"],
])("a field that there is not: %j", (wrong, field, rule) => {
  const misspelt = { ...spec, ...wrong } as RunSpec;
  expect(() => validateRunSpec(misspelt)).toThrow(
    expect.objectContaining({ name: "InvalidRunSpecError", field, rule: expect.stringContaining(rule) }),
  );
  expect(InvalidRunSpecError.isInstance(thrownBy(() => validateRunSpec(misspelt)))).toBe(true);
});

test("a field that is given as nothing is not given", () => {
  expect(() => validateRunSpec({ ...spec, nothing: undefined } as RunSpec)).not.toThrow();
});

function thrownBy(task: () => void): unknown {
  try {
    task();
    return null;
  } catch (error) {
    return error;
  }
}
