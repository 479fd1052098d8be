/** Folders that travel with a run, through the exec API of a real cluster: the local one starts no programs in containers. */

import { execFile } from "node:child_process";
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CopiedFolders, FilesReturn, RunExit, RunSpec } from "../src/index.ts";
import { drain, execute, failureOf, openWorld, runOf, shell, specOf } from "./world.ts";
import type { World } from "./world.ts";

const kubeconfig = process.env["KUBECONFIG"] ?? null;

describe.skipIf(kubeconfig === null)("[real] copied folders (needs KUBECONFIG)", () => {
  let world: World;
  let root: string;
  beforeAll(async () => {
    world = await openWorld("real", readFileSync(kubeconfig ?? "", "utf8"));
    root = await mkdtemp(join(tmpdir(), "copies-"));
  });
  afterAll(async () => {
    await world?.close();
    await rm(root, { recursive: true, force: true });
  });

  let count = 0;
  async function folderWith(files: Readonly<Record<string, string>>): Promise<string> {
    count += 1;
    const folder = join(root, `folder-${count}`);
    await mkdir(folder, { recursive: true });
    for (const [name, content] of Object.entries(files)) {
      await mkdir(join(folder, name, ".."), { recursive: true });
      await writeFile(join(folder, name), content);
    }
    return folder;
  }
  function copying(
    folder: string,
    script: string,
    more: Partial<RunSpec> = {},
    copies: Partial<CopiedFolders> = {},
  ) {
    return specOf(world, {
      command: shell(script),
      workingDirectory: "/workspace",
      copies: { folders: [{ path: "/workspace", folder }], ...copies },
      ...more,
    });
  }

  test("a second run, of another process, sees what the first one left", { timeout: 120_000 }, async () => {
    const folder = await folderWith({ "kept.txt": "kept\n", "changed.txt": "old\n", "gone/deep.txt": "x" });
    await symlink("kept.txt", join(folder, "link"));
    const first = await execute(
      world.runner(),
      copying(
        folder,
        "cat kept.txt link && echo new > changed.txt && rm -r gone && mkdir made && echo 1 > made/a && chmod 700 made/a",
      ),
    );
    expect(first.output).toBe("kept\nkept\n");
    expect(first.exit).toMatchObject({ kind: "exited", exitCode: 0 });
    expect(returnedOf(first.exit)).toMatchObject({ written: 3, deleted: 2, conflicted: 0, refused: 0 });
    expect(await tree(folder)).toEqual({
      "changed.txt": "new\n",
      "kept.txt": "kept\n",
      link: "kept\n",
      "made/a": "1\n",
    });

    const second = await execute(world.runner(), copying(folder, "cat changed.txt made/a link; ls gone"));
    expect(second.output).toContain("new\n1\nkept\n");
    expect(second.exit).toMatchObject({ kind: "exited", exitCode: 1 });
  });

  test(
    "a run that fails, and one that runs out of memory, leave what they changed",
    { timeout: 180_000 },
    async () => {
      const folder = await folderWith({ "a.txt": "a" });
      const failed = await execute(world.runner(), copying(folder, "echo failed > a.txt; exit 3"));
      expect(failed.exit).toMatchObject({ kind: "exited", exitCode: 3 });
      expect(await readFile(join(folder, "a.txt"), "utf8")).toBe("failed\n");

      const eaten = await execute(
        world.runner(),
        copying(
          folder,
          `echo eaten > a.txt; sync; exec node -e 'const a=[];for(;;)a.push(Buffer.alloc(1e7,1))'`,
          {
            resources: { limits: { memory: "96Mi" } },
            deadlineSeconds: 60,
          },
        ),
      );
      expect(await readFile(join(folder, "a.txt"), "utf8")).toBe("eaten\n");
      expect(eaten.exit.kind === "failed" ? eaten.exit.failure.kind : eaten.exit.kind).toMatch(
        /out-of-memory|stopped/,
      );
    },
  );

  test("stopped by its deadline, gently", { timeout: 120_000 }, async () => {
    const folder = await folderWith({ "a.txt": "a" });
    const script =
      "echo began > a.txt; trap 'echo asked > asked.txt; exit 143' TERM; while :; do sleep 0.1; done";
    const { exit } = await execute(world.runner(), copying(folder, script, { deadlineSeconds: 3 }));
    expect(exit).toMatchObject({ kind: "stopped", by: "deadline", exitCode: 143, forced: false });
    expect(await tree(folder)).toEqual({ "a.txt": "began\n", "asked.txt": "asked\n" });
  });

  test("stopped by its caller, by force where it will not end", { timeout: 120_000 }, async () => {
    const folder = await folderWith({});
    const script = "echo began > a.txt; echo began; trap '' TERM; while :; do sleep 0.1; done";
    const run = runOf(await world.runner().start(copying(folder, script, { graceSeconds: 2 })));
    const { exit } = await drain(run, () => void run.stop({ reason: "enough", graceSeconds: 1 }));
    expect(exit).toMatchObject({ kind: "stopped", by: "caller", exitCode: 137, forced: true });
    expect(await tree(folder)).toEqual({ "a.txt": "began\n" });
  });

  test(
    "an ending does not wait for files longer than its stop allows, and they come all the same",
    { timeout: 120_000 },
    async () => {
      const folder = await folderWith({ "a.txt": "a" });
      const script = "echo changed > a.txt; echo changed; trap 'exit 143' TERM; while :; do sleep 0.1; done";
      const runner = world.runner();
      const spec = copying(folder, script);
      const run = runOf(await runner.start(spec));
      const state = join(root, `.claude-k8s-copy-folder-${count}`, run.ref.jobUid);
      const { exit } = await drain(run, () => {
        // Something is in the way on this machine's disk, for a while.
        renameSync(state, `${state}.aside`);
        writeFileSync(state, "");
        void run.stop({ workSeconds: 1 });
      });
      expect(exit).toMatchObject({ kind: "stopped", exitCode: 143, evidence: { workIsLate: true } });
      expect(exit.evidence.files).toBeUndefined();
      expect(await readFile(join(folder, "a.txt"), "utf8")).toBe("a");
      // The slot is taken until they are here.
      const next = await runner.start({ ...spec, runId: "next" });
      expect(next.kind).toBe("busy");

      const cleanedUp = run.cleanUp({ keepJobSeconds: 0 });
      rmSync(state);
      renameSync(`${state}.aside`, state);
      const whole = await run.whole();
      expect(whole).toMatchObject({ kind: "stopped", exitCode: 143 });
      expect(whole.evidence.workIsLate).toBeUndefined();
      expect(returnedOf(whole)).toMatchObject({ kind: "returned", written: 1, conflicted: 0 });
      expect(await readFile(join(folder, "a.txt"), "utf8")).toBe("changed\n");
      await cleanedUp;
    },
  );

  test(
    "a pod that is deleted while the command works still gives back its files",
    { timeout: 120_000 },
    async () => {
      const folder = await folderWith({});
      const script =
        "echo began > a.txt; echo began; trap 'echo asked > b.txt; exit 143' TERM; while :; do sleep 0.1; done";
      const run = runOf(await world.runner().start(copying(folder, script)));
      const { exit } = await drain(run, () => {
        void world
          .request(
            "GET",
            `/api/v1/namespaces/${world.namespace}/pods?labelSelector=job-name%3D${run.ref.jobName}`,
          )
          .then(({ body }) =>
            world.request(
              "DELETE",
              `/api/v1/namespaces/${world.namespace}/pods/${String(body.items[0].metadata.name)}`,
            ),
          );
      });
      expect(exit).toMatchObject({ kind: "failed", failure: { kind: "deleted-externally" } });
      expect(await tree(folder)).toEqual({ "a.txt": "began\n", "b.txt": "asked\n" });
    },
  );

  test("who takes a run over takes its files", { timeout: 120_000 }, async () => {
    const folder = await folderWith({ "a.txt": "a" });
    const spec = copying(folder, "echo begun; echo taken > a.txt; sleep 2", {});
    const dying = world.runner({ leaseSeconds: 5 });
    const begun = runOf(await dying.start(spec));
    for await (const _ of begun.output) break;
    await dying.close();
    const { exit } = await drain(runOf(await world.runner().start({ ...spec, runId: "later" })));
    expect(exit).toMatchObject({ kind: "exited", exitCode: 0 });
    expect(await readFile(join(folder, "a.txt"), "utf8")).toBe("taken\n");
  });

  // Before the files are sent, while they are, before the command has ended, when it has, and when the files are here.
  const moments = [
    "job-released",
    "init-container-started",
    "files-sent",
    "container-terminated",
    "files-returned",
  ];
  test.each(moments)(
    "a server that is killed after %s is followed by one that finishes",
    { timeout: 180_000 },
    async (moment) => {
      const folder = await folderWith({ "a.txt": "a", "large.bin": "x".repeat(20_000_000) });
      const spec = copying(folder, "cat a.txt >> b.txt; rm large.bin; sleep 1; echo done >> b.txt", {
        runId: "first",
      });
      const specFile = join(root, `spec-${count}.json`);
      await writeFile(specFile, JSON.stringify(spec));
      expect(await killedAfter(moment, specFile)).toBe("");
      const start = await world.runner().start({ ...spec, runId: "second" }, { waitSeconds: 60 });
      const { exit } = await drain(runOf(start));
      expect(exit).toMatchObject({ kind: "exited", exitCode: 0 });
      expect(returnedOf(exit)).toMatchObject({ kind: "returned", conflicted: 0 });
      expect(await tree(folder)).toEqual({ "a.txt": "a", "b.txt": "adone\n" });
    },
  );

  test("more than is allowed is refused before the command starts", { timeout: 120_000 }, async () => {
    const folder = await folderWith({ "large.bin": "x".repeat(5000) });
    const { exit } = await execute(world.runner(), copying(folder, "true", {}, { limits: { bytes: 1000 } }));
    expect(exit).toMatchObject({
      kind: "failed",
      started: false,
      failure: { kind: "workspace-too-large", limitBytes: 1000 },
    });
  });

  test(
    "a pod whose disk is full is refused soon, and the folder is as it was",
    { timeout: 120_000 },
    async () => {
      const folder = await folderWith({ "large.bin": "x".repeat(3_000_000) });
      const full = { name: "run-files-0", emptyDir: { medium: "Memory", sizeLimit: "1Mi" } };
      const spec = copying(folder, "true", { podTemplate: { spec: { volumes: [full] } } });
      const { exit } = await execute(world.runner(), spec);
      expect(failureOf(exit)).toMatchObject({
        kind: "start-timeout",
        phase: "files",
        trouble: "pod-disk-full",
      });
      expect(Object.keys(await tree(folder))).toEqual(["large.bin"]);
    },
  );

  test(
    "more files than are allowed are told as such, with the name of the limit",
    { timeout: 120_000 },
    async () => {
      const folder = await folderWith({ a: "", b: "", c: "" });
      const limited = { limits: { entries: 2 }, limitNames: { entries: "copyMaxFiles" } };
      const { exit } = await execute(world.runner(), copying(folder, "true", {}, limited));
      expect(failureOf(exit)).toMatchObject({
        kind: "workspace-too-large",
        limitBytes: null,
        limitEntries: 2,
        setting: "copyMaxFiles",
      });
    },
  );

  test(
    "what a vanished pod took along is evidence, and so is a link that leads out",
    { timeout: 120_000 },
    async () => {
      const folder = await folderWith({ "a.txt": "a" });
      const named = { folders: [{ path: "/workspace", folder, name: "the workspace" }] };
      const left = await execute(
        world.runner(),
        copying(folder, "ln -s /etc/passwd out && ln -s a.txt in && echo b > a.txt", {}, named),
      );
      expect(returnedOf(left.exit)).toMatchObject({
        kind: "returned",
        refused: 1,
        refusals: [{ path: "out", reason: "leads-out" }],
      });
      expect(await tree(folder)).toEqual({ "a.txt": "b\n", in: "b\n" });

      // Whoever ends the container that keeps the files ends them, too.
      const script = String.raw`echo lost > a.txt; until [ "$found" ]; do sleep 0.1; for p in /proc/[0-9]*; do tr '\0' ' ' < $p/cmdline | grep -q 'cjs [h]old' && kill -9 $(basename $p) && found=1; done; done; sleep 2`;
      const { exit } = await execute(world.runner(), copying(folder, script, {}, named));
      expect(exit.evidence.files).toMatchObject({
        returned: { kind: "lost", reason: "pod-gone" },
        names: ["the workspace"],
      });
      expect(await readFile(join(folder, "a.txt"), "utf8")).toBe("b\n");
    },
  );

  test("nothing is left beside the folders when the run is cleaned up", { timeout: 120_000 }, async () => {
    const folder = await folderWith({ "a.txt": "a" });
    const { run, exit } = await execute(world.runner(), copying(folder, "echo b > b.txt"));
    expect(exit).toMatchObject({ kind: "exited", exitCode: 0 });
    await run.cleanUp({ keepJobSeconds: 0 });
    expect((await readdir(root)).filter((name) => name === `.claude-k8s-copy-folder-${count}`)).toEqual([]);
  });
});

/** What it printed; nothing when it was killed. */
function killedAfter(event: string, specFile: string): Promise<string> {
  const script = join(import.meta.dirname, "files/copying-process.ts");
  const words = ["--conditions=@claude-k8s/source", script, kubeconfig ?? "", specFile, event];
  return new Promise((resolve) => {
    execFile(process.execPath, words, (_error, output) => resolve(output));
  });
}

function returnedOf(exit: RunExit): FilesReturn | undefined {
  return exit.evidence.files?.returned;
}

async function tree(folder: string, below = ""): Promise<Readonly<Record<string, string>>> {
  const files: Record<string, string> = {};
  for (const entry of await readdir(join(folder, below), { withFileTypes: true })) {
    const name = below === "" ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) Object.assign(files, await tree(folder, name));
    else files[name] = existsSync(join(folder, name)) ? await readFile(join(folder, name), "utf8") : "";
  }
  return files;
}
