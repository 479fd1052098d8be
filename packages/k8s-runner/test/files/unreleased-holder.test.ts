/** The container that keeps copied files, where `release` never reaches it: its pod goes when nobody needs it, and not before. */

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { startLocalCluster } from "@claude-k8s/local-cluster";
import { expect, onTestFinished, test } from "vitest";
import { localExec } from "../../soak/exec/local-exec.ts";
import type { ExecAnswer, ExecSource } from "../../src/cluster/exec-source.ts";
import { connect, createRunner } from "../../src/index.ts";
import type { Clock, Cluster, RunSpec, Runner } from "../../src/index.ts";
import { createHurriedClock } from "../clock.ts";
import { connectForCopies } from "../limited.ts";
import { describeReal, drain, runOf, shell, specOf } from "../world.ts";

interface Asked {
  /** Of the program in the pod. */
  readonly word: string;
  readonly signal: AbortSignal;
}

/** What the call gets in place of the program; `null`: the program. */
type Answer = (asked: Asked) => ExecAnswer | null;

interface Opened {
  readonly cluster: Cluster;
  readonly runner: Runner;
  readonly spec: RunSpec;
  /** What is in the copied folder of this machine. */
  readonly content: () => Promise<string>;
  /** The runner's own deletions, with the grace where one was given. */
  readonly deletions: string[];
  readonly asked: string[];
}

async function open(answer: Answer, { clock }: { readonly clock?: Clock } = {}): Promise<Opened> {
  const folder = await mkdtemp(join(tmpdir(), "unreleased-"));
  const local = await startLocalCluster();
  const cluster = await connect({ kubeconfig: local.kubeconfig });
  const inPods = localExec(cluster, local.inspect().directory);
  const asked: string[] = [];
  const exec: ExecSource = {
    async open(request, options) {
      const word = request.command[2] ?? "";
      asked.push(word);
      return answer({ word, signal: options.signal }) ?? inPods.open(request, options);
    },
  };
  const deletions: string[] = [];
  const counted: Cluster["delete"] = (resource, namespace, name, deletion, options) => {
    deletions.push([resource, deletion.graceSeconds ?? []].flat().join(" "));
    return cluster.delete(resource, namespace, name, deletion, options);
  };
  const runner = createRunner({ cluster: { ...cluster, exec, delete: counted }, ...(clock && { clock }) });
  onTestFinished(async () => {
    await runner.close();
    await cluster.close();
    await local.close();
    await rm(folder, { recursive: true, force: true });
  });
  await writeFile(join(folder, "a.txt"), "a");
  const spec: RunSpec = {
    namespace: "default",
    slot: "unreleased",
    runId: "r",
    image: "lab/base:1",
    command: shell("echo changed > /work/a.txt"),
    copies: { folders: [{ path: "/work", folder }] },
    // Far more than any clean-up waits.
    graceSeconds: 3600,
  };
  return {
    cluster,
    runner,
    spec,
    deletions,
    asked,
    content: () => readFile(join(folder, "a.txt"), "utf8"),
  };
}

function refused(): ExecAnswer {
  const message = "pods/exec is forbidden";
  return {
    kind: "error",
    error: { kind: "forbidden", httpStatus: 403, reason: null, message, causes: [], retryAfterSeconds: null },
  };
}

function cut(): ExecAnswer {
  const ended = { kind: "cut", message: "the connection broke" } as const;
  return sessionOf(Readable.from([]), Promise.resolve(ended));
}

/** Nothing comes any more, and nobody says so. */
function silent({ signal }: Asked): ExecAnswer {
  const output = new Readable({ read: () => undefined });
  const ended = new Promise<{ readonly kind: "cut"; readonly message: string }>((resolve) => {
    const end = (): void => {
      output.push(null);
      resolve({ kind: "cut", message: "it was not waited for" });
    };
    signal.addEventListener("abort", end, { once: true });
  });
  return sessionOf(output, ended);
}

function sessionOf(
  output: Readable,
  ended: Promise<{ readonly kind: "cut"; readonly message: string }>,
): ExecAnswer {
  const session = { output, ended, write: async () => undefined, errors: () => "", cancel: () => undefined };
  return { kind: "session", session };
}

async function podsIn(cluster: Cluster, namespace = "default"): Promise<number> {
  const pods = await cluster.list("pods", namespace, {}, { signal: AbortSignal.timeout(60_000) });
  return pods.kind === "ok" ? pods.value.items.length : Number.NaN;
}

const patient = { timeout: 180_000 };
const back = { files: { returned: { kind: "returned", written: 1 } } };

test.each<[string, (asked: Asked) => ExecAnswer]>([
  ["is refused", refused],
  ["is cut", cut],
  ["gets no answer", silent],
])("where the release %s, the pod is removed once the files are back", patient, async (_, answer) => {
  const opened = await open((asked) => (asked.word === "release" ? answer(asked) : null));
  const { runner, spec, cluster, deletions } = opened;
  const { run, exit } = await drain(runOf(await runner.start(spec)));
  expect(exit).toMatchObject({ kind: "exited", exitCode: 0, evidence: back });
  expect(await opened.content()).toBe("changed\n");
  // Rejects where something is left when its time is over, which is far less than the grace.
  await run.cleanUp({ keepJobSeconds: 0 });
  expect(await podsIn(cluster)).toBe(0);
  expect(deletions).toContain("pods 1");
});

test("where only the way in is copied, too", patient, async () => {
  const opened = await open(({ word }) => (word === "release" ? refused() : null));
  const { runner, spec, cluster, deletions } = opened;
  const folders = (spec.copies?.folders ?? []).map(({ path, folder }) => ({
    path,
    folder,
    direction: "in" as const,
  }));
  // Nothing is waited for after the command, and a holder that has only just been started ends with SIGTERM.
  const slower = { ...spec, command: shell("sleep 3"), copies: { folders } };
  const { run, exit } = await drain(runOf(await runner.start(slower)));
  expect(exit).toMatchObject({ kind: "exited", exitCode: 0 });
  await run.cleanUp({ keepJobSeconds: 0 });
  expect(deletions).toContain("pods 1");
  expect(await podsIn(cluster)).toBe(0);
});

test("a pod that takes no exec any more is removed when its files were given up", patient, async () => {
  const clock = createHurriedClock();
  const opened = await open(
    ({ word }) => {
      if (word !== "send" && word !== "release") return null;
      // The minute for which a right that was taken away is waited for.
      clock.hurry(50);
      return refused();
    },
    { clock },
  );
  const { runner, spec, cluster } = opened;
  const { run, exit } = await drain(runOf(await runner.start(spec)));
  clock.hurry(1);
  expect(exit).toMatchObject({
    kind: "exited",
    exitCode: 0,
    evidence: { files: { returned: { kind: "lost", reason: "forbidden" } } },
  });
  await run.cleanUp({ keepJobSeconds: 0 });
  expect(await podsIn(cluster)).toBe(0);
  expect(await opened.content()).toBe("a");
});

test("nothing is removed while the files could still be fetched", patient, async () => {
  const deletionsAtSend: number[] = [];
  const opened: Opened = await open(({ word }) => {
    if (word !== "send") return word === "release" ? refused() : null;
    deletionsAtSend.push(opened.deletions.length);
    return deletionsAtSend.length <= 4 ? refused() : null;
  });
  const { runner, spec, cluster } = opened;
  const run = runOf(await runner.start(spec));
  // Somebody who does not wait for the ending.
  const cleaned = run.cleanUp({ keepJobSeconds: 0 });
  const { exit } = await drain(run);
  expect(exit).toMatchObject({ kind: "exited", evidence: back });
  await cleaned;
  expect(deletionsAtSend).toEqual([0, 0, 0, 0, 0]);
  expect(await opened.content()).toBe("changed\n");
  expect(await podsIn(cluster)).toBe(0);
});

test("a holder that hears its release ends by itself", patient, async () => {
  const { runner, spec, cluster, deletions, asked } = await open(() => null);
  const { run, exit } = await drain(runOf(await runner.start(spec)));
  expect(exit).toMatchObject({ kind: "exited", evidence: back });
  await run.cleanUp({ keepJobSeconds: 0 });
  expect(asked.filter((word) => word === "release")).toHaveLength(1);
  expect(deletions).not.toContain("pods 1");
  expect(await podsIn(cluster)).toBe(0);
});

describeReal("the right to exec, taken away while the command works,", (world) => {
  test("leaves no pod behind once the files were given up", { timeout: 240_000 }, async () => {
    const folder = await mkdtemp(join(tmpdir(), "unreleased-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    await writeFile(join(folder, "a.txt"), "a");
    const { cluster, takeAway } = await connectForCopies(world());
    const command = shell("echo changed > /work/a.txt; echo up; sleep 15");
    const spec = specOf(world(), {
      command,
      copies: { folders: [{ path: "/work", folder }] },
      graceSeconds: 3600,
    });
    const run = runOf(await world().runner({ cluster }).start(spec));
    const taken: Promise<void>[] = [];
    const { exit } = await drain(run, () => void (taken[0] ??= takeAway("pods/exec")));
    await Promise.all(taken);
    expect(taken).toHaveLength(1);
    expect(exit).toMatchObject({
      kind: "exited",
      exitCode: 0,
      evidence: { files: { returned: { kind: "lost", reason: "forbidden" } } },
    });
    await run.cleanUp({ keepJobSeconds: 0 });
    expect(await podsIn(cluster, world().namespace)).toBe(0);
  });
});
