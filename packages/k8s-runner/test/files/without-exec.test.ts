/** An API server that does not know exec, as the local cluster: a run with copies is refused soon, and says why. */

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startLocalCluster } from "@claude-k8s/local-cluster";
import { expect, onTestFinished, test } from "vitest";
import { execute, failureOf, openWorld, specOf } from "../world.ts";

test(
  "the run fails within the patience for it, and nothing of the command ran",
  { timeout: 120_000 },
  async () => {
    const local = await startLocalCluster({ images: () => ({ kind: "present" }) });
    const world = await openWorld("local", local.kubeconfig);
    const folder = await mkdtemp(join(tmpdir(), "without-exec-"));
    onTestFinished(async () => {
      await world.close();
      await local.close();
      await rm(folder, { recursive: true, force: true });
    });
    await writeFile(join(folder, "a.txt"), "a");
    const spec = specOf(world, { copies: { folders: [{ path: "/workspace", folder }] } });
    const { exit, events } = await execute(world.runner(), spec);
    expect(failureOf(exit)).toMatchObject({ kind: "start-timeout", phase: "files", trouble: "no-exec" });
    expect(exit).toMatchObject({ started: false });
    expect(events.map(({ type }) => type)).toContain("files-interrupted");
  },
);
