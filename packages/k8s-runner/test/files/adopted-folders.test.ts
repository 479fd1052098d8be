/** Folders of a run that a process goes on with which was given other ones than the process that began it. */

import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startLocalCluster } from "@claude-k8s/local-cluster";
import { expect, onTestFinished, test } from "vitest";
import { localExec } from "../../soak/exec/local-exec.ts";
import type { Job } from "../../src/cluster/wire.ts";
import { foldersOfJob } from "../../src/files/job-folders.ts";
import { connect, createRunner, jobManifest } from "../../src/index.ts";
import type { CopiedFolder, CopiedFolders, RunSpec } from "../../src/index.ts";
import { drain, runOf, shell } from "../world.ts";

const spec: RunSpec = {
  namespace: "default",
  slot: "folders",
  runId: "r",
  image: "lab/base:1",
  command: ["agent"],
};
const work: CopiedFolder = { path: "/work", folder: "/server/work" };
const notes: CopiedFolder = { path: "/notes", folder: "/server/notes" };
const unknown = (path: string): CopiedFolder => ({ path, folder: "" });
const jobOf = (folders: readonly CopiedFolder[]): Job =>
  jobManifest({ ...spec, ...(folders.length > 0 && { copies: { folders } }) }) as unknown as Job;

test.each<[string, readonly CopiedFolder[], readonly CopiedFolder[] | null, readonly CopiedFolder[] | null]>([
  ["the same", [work, notes], [work, notes], [work, notes]],
  ["in another order", [work, notes], [notes, work], [work, notes]],
  ["the second alone", [work, notes], [notes], [unknown("/work"), notes]],
  ["the first alone", [work, notes], [work], [work, unknown("/notes")]],
  ["one more than the Job has", [work], [notes, work], [work]],
  ["none of the Job's", [work], [notes], null],
  ["none at all", [work], null, null],
])("given %s", (_, made, given, expected) => {
  const copies = given === null ? null : { folders: given, holdSeconds: 7 };
  const found = foldersOfJob(jobOf(made), copies);
  expect(found).toEqual(expected === null ? null : { folders: expected, holdSeconds: 7 });
});

test(
  "a folder that the next process was not given is put into no other one",
  { timeout: 120_000 },
  async () => {
    const root = await mkdtemp(join(tmpdir(), "adopted-"));
    onTestFinished(() => rm(root, { recursive: true, force: true }));
    const here = { work: join(root, "work"), notes: join(root, "notes") };
    for (const [name, folder] of Object.entries(here)) {
      await mkdir(folder);
      await writeFile(join(folder, "which"), name);
    }
    const local = await startLocalCluster();
    onTestFinished(() => local.close());
    const cluster = await connect({ kubeconfig: local.kubeconfig });
    onTestFinished(() => cluster.close());
    const exec = localExec(cluster, local.inspect().directory);
    const runner = () => createRunner({ cluster: { ...cluster, exec }, leaseSeconds: 5 });
    const copies = (...folders: readonly CopiedFolder[]): CopiedFolders => ({ folders });
    const inWork = { path: "/work", folder: here.work };
    const inNotes = { path: "/notes", folder: here.notes };
    const asked: RunSpec = {
      ...spec,
      command: shell("echo up; sleep 2; echo changed >> /work/which; echo changed >> /notes/which"),
    };

    const first = runner();
    const run = runOf(await first.start({ ...asked, copies: copies(inNotes, inWork) }));
    for await (const chunk of run.output) if (chunk.length > 0) break;
    await first.close();
    const second = runner();
    onTestFinished(() => second.close());
    const again = { ...asked, runId: "second", copies: copies(inWork) };
    const ended = await drain(runOf(await second.start(again, { waitSeconds: 60 })));
    expect(ended.exit).toMatchObject({
      kind: "exited",
      evidence: { files: { returned: { kind: "returned" } } },
    });
    expect(await readFile(join(here.work, "which"), "utf8")).toBe("workchanged\n");
    expect(await readFile(join(here.notes, "which"), "utf8")).toBe("notes");
    expect((await readdir(here.work)).filter((name) => !name.startsWith("which"))).toEqual([]);
  },
);
