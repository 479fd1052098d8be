/** The agent works in a clone: the real Claude Code on a real cluster, real git from a server of this machine. */

import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { gitImage, makeGitImage, missingForGit } from "../../../../e2e/support/git-image.ts";
import { machine } from "../../../../e2e/support/machine.ts";
import { bash, say } from "../../../../e2e/support/messages-api.ts";
import { type GitServer, startGitServer } from "../../../k8s-runner/test/repository/git-server.ts";
import { execute } from "../../src/execute.ts";
import { type RealWorld, done, openRealWorld, whyNot as whyNotHere } from "./copying-world.ts";

const whyNot = whyNotHere || missingForGit();
const password = ["a", "pass", "word", "in", "an", "address"].join("-");

describe.skipIf(whyNot !== "")(`[real] cloned workspaces${whyNot && ` (skipped: ${whyNot})`}`, () => {
  let world: RealWorld;
  let server: GitServer;
  let origin: string;
  let url: string;
  beforeAll(async () => {
    makeGitImage();
    world = await openRealWorld("repository");
    const root = path.join(world.folder, "git");
    mkdirSync(root);
    server = await startGitServer(root, { user: "bot", password, host: machine.addressForPods });
    origin = path.join(root, "app.git");
    git(root, "init", "-q", "--bare", "-b", "main", origin);
    const work = path.join(root, "work");
    git(root, "clone", "-q", origin, work);
    writeFileSync(path.join(work, "read.me"), "hello\n");
    git(work, "add", "-A");
    git(work, "commit", "-q", "-m", "first");
    git(work, "push", "-q", "origin", "HEAD:main");
    url = `${server.url.replace("://", `://bot:${password}@`)}/app.git`;
  }, 600_000);
  afterAll(async () => {
    await world?.close();
    await server?.[Symbol.asyncDispose]();
  }, 120_000);

  test("the second run, of another process, sees the first one's work and resumes its session", async () => {
    const config = { workspaceMode: "repository", repositoryImage: gitImage, pushBranch: true };
    const workspace = { repoUrl: url };
    const first = await world.host("first", {
      workspace,
      config,
      replies: [say(bash("cat read.me > made.txt; pwd >> made.txt")), done],
    });
    const one = await execute(first.context, world.process());
    expect(one).toMatchObject({ exitCode: 0, errorMessage: null });
    const branch = git(origin, "for-each-ref", "--format=%(refname:short)", "refs/heads/agents").trim();
    expect(git(origin, "show", `${branch}:made.txt`)).toBe("hello\n/workspace/app\n");

    const second = await world.host("second", {
      workspace,
      config,
      runtime: { sessionId: one.sessionId ?? null, sessionParams: one.sessionParams ?? null },
      replies: [say(bash("cat made.txt > again.txt")), done],
    });
    const two = await execute(second.context, world.process());
    expect(two).toMatchObject({ exitCode: 0, errorMessage: null, sessionId: one.sessionId });
    expect(git(origin, "show", `${branch}:again.txt`)).toBe("hello\n/workspace/app\n");
    expect(
      JSON.stringify([first, second].map(({ events, invocations, chunks }) => [events, invocations, chunks])),
    ).not.toContain(password);
  }, 240_000);

  test("without a push, what is left is counted; a ref that is not there costs no retry", async () => {
    const config = { workspaceMode: "repository", repositoryImage: gitImage };
    const left = await world.host("left", {
      workspace: { repoUrl: url },
      config,
      runtime: { taskKey: "left" },
      replies: [say(bash("echo x > x.txt")), done],
    });
    expect(await execute(left.context, world.process())).toMatchObject({ exitCode: 0, errorMessage: null });
    expect(left.events.map(({ message }) => message)).toContainEqual(
      expect.stringContaining("Not pushed, and gone with the pod: 1 file that was not committed"),
    );
    const gone = await world.host("gone", {
      workspace: { repoUrl: url, repoRef: "gone" },
      config,
      runtime: { taskKey: "gone" },
      replies: [done],
    });
    expect(await execute(gone.context, world.process())).toMatchObject({
      resultJson: { diagnosis: { code: "workspace_ref_not_found" } },
    });
    expect(gone.invocations).toHaveLength(1);
  }, 240_000);
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
