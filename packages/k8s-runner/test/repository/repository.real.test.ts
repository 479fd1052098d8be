/** A run that works in a repository, on a real cluster, with real git from a server of this machine. */

import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { gitImage, makeGitImage, missingForGit } from "../../../../e2e/support/git-image.ts";
import { machine, missing } from "../../../../e2e/support/machine.ts";
import type { RepositoryCheckout, RunSpec } from "../../src/index.ts";
import { drain, execute, failureOf, openWorld, runOf, shell, specOf } from "../world.ts";
import type { World } from "../world.ts";
import { startGitServer } from "./git-server.ts";
import type { GitServer } from "./git-server.ts";

const kubeconfig = process.env["KUBECONFIG"] ?? null;
const whyNot = kubeconfig === null ? "needs KUBECONFIG" : missing("cluster") || missingForGit();
const password = ["a", "pass", "word", "of", "a", "test"].join("-");

describe.skipIf(whyNot !== "")(`[real] repositories${whyNot && ` (skipped: ${whyNot})`}`, () => {
  let world: World;
  let root: string;
  let server: GitServer;
  beforeAll(async () => {
    makeGitImage();
    world = await openWorld("real", readFileSync(kubeconfig ?? "", "utf8"));
    root = await mkdtemp(path.join(tmpdir(), "repositories-"));
    server = await startGitServer(root, { user: "agent", password, host: machine.addressForPods });
    await world.request("POST", `/api/v1/namespaces/${world.namespace}/secrets`, {
      metadata: { name: "git" },
      stringData: { token: password, wrong: "wrong" },
    });
  }, 300_000);
  afterAll(async () => {
    await world?.close();
    await server?.[Symbol.asyncDispose]();
    await rm(root, { recursive: true, force: true });
  });

  let count = 0;
  function origin(): { readonly name: string; readonly folder: string } {
    count += 1;
    const name = `app-${count}.git`;
    const folder = path.join(root, name);
    const work = path.join(root, `work-${count}`);
    git(root, "init", "-q", "--bare", "-b", "main", folder);
    git(root, "clone", "-q", folder, work);
    writeFileSync(path.join(work, "a.txt"), "one\n");
    git(work, "add", "-A");
    git(work, "commit", "-q", "-m", "first");
    git(work, "push", "-q", "origin", "HEAD:main");
    return { name, folder };
  }
  function working(name: string, script: string, more: Partial<RepositoryCheckout> = {}): RunSpec {
    const repository: RepositoryCheckout = {
      url: `${server.url}/${name}`,
      branch: "agent/task",
      path: "/workspace/app",
      credential: { kind: "token", secretName: "git", key: "token", userName: "agent" },
      ...more,
    };
    return specOf(world, {
      image: gitImage,
      command: shell(script),
      workingDirectory: repository.path,
      env: {
        HOME: "/tmp",
        GIT_AUTHOR_NAME: "t",
        GIT_AUTHOR_EMAIL: "t@e",
        GIT_COMMITTER_NAME: "t",
        GIT_COMMITTER_EMAIL: "t@e",
      },
      repository,
    });
  }
  const push = { message: "What was not committed", authorName: "Agent", authorEmail: "agent@example.com" };

  test(
    "a second run, of another process, goes on with what the first one pushed",
    { timeout: 180_000 },
    async () => {
      const { name, folder } = origin();
      const first = await execute(
        world.runner(),
        working(
          name,
          "echo two > a.txt && git commit -qam second && echo dirty > b.txt && git branch --show-current",
          { push },
        ),
      );
      expect(first.output).toBe("agent/task\n");
      expect(first.exit).toMatchObject({ kind: "exited", exitCode: 0 });
      expect(first.exit.evidence.repository).toMatchObject({
        commits: 1,
        dirty: 1,
        pushed: true,
        branch: "agent/task",
      });
      expect(git(folder, "log", "--format=%s", "agent/task")).toBe("What was not committed\nsecond\nfirst\n");

      const second = await execute(world.runner(), working(name, "cat a.txt b.txt", { push }));
      expect(second.output).toBe("two\ndirty\n");
      expect(second.exit.evidence.repository).toMatchObject({ commits: 0, dirty: 0 });
    },
  );

  test(
    "the credential is neither in the Job nor within the command's reach",
    { timeout: 120_000 },
    async () => {
      const { name } = origin();
      const script = `cat /run-repository/password /run-repository/*/credential; sleep 3;
      for p in /proc/[0-9]*; do cat $p/environ $p/root/run-repository/credential/* $p/root/run-repository/password; done;
      grep -r "$(echo test-a-fo-drow-ssap-a | rev)" / --include=config 2>/dev/null; git config --list; env; true`;
      const givens = [
        working(name, script, { push }),
        working(name, script, { push, credential: { kind: "given", userName: "agent", password } }),
      ];
      for (const spec of givens) {
        const { output, exit, run } = await execute(world.runner(), spec);
        expect(exit).toMatchObject({ kind: "exited", exitCode: 0 });
        expect(output).toContain("user.name=Agent");
        expect(output).not.toContain(password);
        const jobs = `/apis/batch/v1/namespaces/${world.namespace}/jobs/${run.ref.jobName}`;
        const { body } = await world.request("GET", jobs);
        expect(body.metadata.name).toBe(run.ref.jobName);
        expect(JSON.stringify(body)).not.toContain(password);
      }
    },
  );

  test.each<[string, Partial<RepositoryCheckout>, object]>([
    [
      "a wrong password",
      { credential: { kind: "token", secretName: "git", key: "wrong", userName: "agent" } },
      { step: "clone", message: expect.stringMatching(/Authentication failed/) },
    ],
    [
      "a ref that is not there",
      { ref: "gone" },
      { step: "clone", ref: "gone", message: expect.stringMatching(/not found/) },
    ],
    [
      "a server that is not there",
      { url: "http://10.87.0.1:1/app.git" },
      { step: "clone", message: expect.stringMatching(/refused|Failed to connect/i) },
    ],
    [
      "a set-up that fails",
      { setUp: { command: "echo preparing; cat /run-repository/*/credential; exit 4" } },
      { step: "setup", exitCode: 4, message: expect.stringMatching(/^preparing\n.*No such file/) },
    ],
  ])("%s ends the run before its command", { timeout: 120_000 }, async (_name, more, expected) => {
    const { exit, output } = await execute(world.runner(), working(origin().name, "echo ran", more));
    expect(failureOf(exit)).toMatchObject({ kind: "workspace-failed", ...expected });
    expect({ output, started: exit.kind === "failed" && exit.started }).toEqual({
      output: "",
      started: false,
    });
  });

  test(
    "a push that is refused is the ending of a command that ended well",
    { timeout: 120_000 },
    async () => {
      const { name, folder } = origin();
      writeFileSync(path.join(folder, "hooks", "pre-receive"), "#!/bin/sh\necho not today >&2\nexit 1\n", {
        mode: 0o755,
      });
      const { exit } = await execute(world.runner(), working(name, "echo x > x.txt", { push }));
      expect(failureOf(exit)).toMatchObject({
        kind: "workspace-failed",
        step: "push",
        ref: "agent/task",
        message: expect.stringContaining("not today"),
      });
      expect(exit).toMatchObject({ started: true, exitCode: 0 });
      const failed = await execute(world.runner(), working(name, "echo x > x.txt; exit 5", { push }));
      expect(failed.exit).toMatchObject({ kind: "exited", exitCode: 5 });
      expect(failed.exit.evidence.repository).toMatchObject({ dirty: 1, pushed: false });
    },
  );

  test("stopped, its work is pushed all the same", { timeout: 120_000 }, async () => {
    const { name, folder } = origin();
    const script = "echo work > w.txt; echo begun; exec sleep 300";
    const run = runOf(await world.runner().start(working(name, script, { push })));
    const { exit } = await drain(run, () => void run.stop({ reason: "enough" }));
    expect(exit).toMatchObject({ kind: "stopped", by: "caller" });
    expect(exit.evidence.repository).toMatchObject({ dirty: 1, pushed: true });
    expect(git(folder, "show", "agent/task:w.txt")).toBe("work\n");
  });

  test("who takes the run over is told what became of its work", { timeout: 120_000 }, async () => {
    const { name } = origin();
    const spec = working(name, "echo begun; echo taken > t.txt; sleep 3", { push });
    const dying = world.runner({ leaseSeconds: 5 });
    const begun = runOf(await dying.start(spec));
    for await (const _ of begun.output) break;
    await dying.close();
    const { exit } = await drain(runOf(await world.runner().start({ ...spec, runId: "later" })));
    expect(exit).toMatchObject({
      kind: "exited",
      exitCode: 0,
      evidence: { repository: { dirty: 1, pushed: true } },
    });
  });
});

function git(folder: string, ...words: string[]): string {
  const who = {
    GIT_AUTHOR_NAME: "t",
    GIT_AUTHOR_EMAIL: "t@e",
    GIT_COMMITTER_NAME: "t",
    GIT_COMMITTER_EMAIL: "t@e",
  };
  const env = { ...process.env, ...who, GIT_CONFIG_GLOBAL: "/dev/null" };
  return execFileSync("git", words, {
    cwd: folder,
    env,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
}
