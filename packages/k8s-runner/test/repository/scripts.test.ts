/** The scripts of a repository's two containers as processes of this machine: real git, over file://, HTTP and SSH. */

import { execFile, execFileSync, spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { cloneScript } from "../../src/repository/clone-script.ts";
import { closeScript } from "../../src/repository/close-script.ts";
import { setupScript } from "../../src/repository/setup-script.ts";
import { askpassScript } from "../../src/repository/common-script.ts";
import { cloneFailure, pushFailure, repositoryEvidence } from "../../src/repository/report.ts";
import { startGitServer } from "./git-server.ts";
import { knownHostsLine, otherKey, startSshGitServer } from "./ssh-git-server.ts";

const run = promisify(execFile);
let root: string;
let origin: string;
/** What the last script said. */
let printed = "";
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), "repository-"));
  origin = path.join(root, "origin.git");
  git(root, "init", "-q", "--bare", "-b", "main", origin);
  const work = path.join(root, "work");
  git(root, "clone", "-q", origin, work);
  writeFileSync(path.join(work, "a.txt"), "one\n");
  commit(work, "first");
  git(work, "tag", "v1");
  writeFileSync(path.join(work, "a.txt"), "two\n");
  commit(work, "second");
  git(work, "push", "-q", "origin", "HEAD:main", "v1");
  git(work, "push", "-q", "origin", "HEAD~1:refs/heads/topic");
  for (const name of ["state", "signal", "cache"]) mkdirSync(path.join(root, name));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const author = { GIT_AUTHOR_NAME: "t", GIT_AUTHOR_EMAIL: "t@example.com" };
const committer = { GIT_COMMITTER_NAME: "t", GIT_COMMITTER_EMAIL: "t@example.com" };

function git(folder: string, ...words: string[]): string {
  const env = { ...process.env, ...author, ...committer, GIT_CONFIG_GLOBAL: "/dev/null" };
  return execFileSync("git", words, {
    cwd: folder,
    env,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
}

function commit(folder: string, message: string): void {
  git(folder, "add", "-A");
  git(folder, "commit", "-q", "-m", message);
}

const checkout = () => path.join(root, "workspace", "app");
const report = () => path.join(root, "report");

function environment(more: Readonly<Record<string, string>>): Record<string, string> {
  return {
    PATH: process.env["PATH"] ?? "",
    REPOSITORY_URL: `file://${origin}`,
    REPOSITORY_SCHEME: "",
    REPOSITORY_HOST: "",
    REPOSITORY_REF: "",
    REPOSITORY_BRANCH: "",
    REPOSITORY_PATH: checkout(),
    REPOSITORY_DEPTH: "",
    REPOSITORY_SUBMODULES: "",
    REPOSITORY_LFS: "",
    REPOSITORY_SETUP: "",
    REPOSITORY_SETUP_SECONDS: "20",
    REPOSITORY_PUSH: "",
    REPOSITORY_MESSAGE: "What was not committed",
    REPOSITORY_AUTHOR: "Agent",
    REPOSITORY_EMAIL: "agent@example.com",
    REPOSITORY_CACHE: "",
    REPOSITORY_CREDENTIAL_KIND: "",
    REPOSITORY_CREDENTIAL: path.join(root, "password"),
    REPOSITORY_USER: "",
    REPOSITORY_KNOWN_HOSTS: "",
    REPOSITORY_ASKPASS: path.join(root, "askpass.sh"),
    REPOSITORY_STATE: path.join(root, "state"),
    REPOSITORY_MAIN: path.join(root, "signal", "main"),
    REPOSITORY_REPORT: report(),
    REPOSITORY_GRACE_SECONDS: "1",
    REPOSITORY_START_SECONDS: "5",
    REPOSITORY_CLOSING_SECONDS: "20",
    ...more,
  };
}

async function script(text: string, more: Readonly<Record<string, string>>): Promise<number> {
  const file = path.join(root, "script.sh");
  writeFileSync(file, text);
  writeFileSync(path.join(root, "askpass.sh"), askpassScript);
  chmodSync(path.join(root, "askpass.sh"), 0o755);
  await rm(report(), { force: true });
  return run("/bin/sh", [file], { env: environment(more), cwd: root }).then(
    ({ stdout, stderr }) => {
      printed = stdout + stderr;
      return 0;
    },
    ({ code }: { readonly code: number }) => code,
  );
}

async function clone(more: Readonly<Record<string, string>> = {}) {
  const cloned = await script(cloneScript, more);
  const code = cloned === 0 && more["REPOSITORY_SETUP"] ? await script(setupScript, more) : cloned;
  return { code, failure: code === 0 ? null : cloneFailure(readFileSync(report(), "utf8")) };
}

/** After a command that has ended already. */
async function close(more: Readonly<Record<string, string>> = {}) {
  const gone = spawn("true");
  await new Promise((ended) => gone.once("close", ended));
  writeFileSync(path.join(root, "signal", "main"), `${gone.pid ?? 0}\n`);
  await script(closeScript, more);
  const words = readFileSync(report(), "utf8");
  return { evidence: repositoryEvidence(words), failure: pushFailure(words) };
}

describe("what is checked out", () => {
  test("the default branch, with a branch of its own that the repository does not have yet", async () => {
    expect(await clone({ REPOSITORY_BRANCH: "agent/task-1" })).toEqual({ code: 0, failure: null });
    expect(readFileSync(path.join(checkout(), "a.txt"), "utf8")).toBe("two\n");
    expect(git(checkout(), "branch", "--show-current")).toBe("agent/task-1\n");
  });

  test.each([
    ["a branch", "topic", "one\n"],
    ["a tag", "v1", "one\n"],
  ])("%s", async (_name, ref, content) => {
    expect(await clone({ REPOSITORY_REF: ref })).toMatchObject({ code: 0 });
    expect(readFileSync(path.join(checkout(), "a.txt"), "utf8")).toBe(content);
  });

  test.each(["", "1"])("a commit, with depth %j", async (depth) => {
    git(origin, "config", "uploadpack.allowAnySHA1InWant", "true");
    const sha = git(origin, "rev-parse", "main~1").trim();
    expect(await clone({ REPOSITORY_REF: sha, REPOSITORY_DEPTH: depth })).toMatchObject({ code: 0 });
    expect(readFileSync(path.join(checkout(), "a.txt"), "utf8")).toBe("one\n");
  });

  test("the task's branch is gone on with where the repository has it", async () => {
    expect(await clone({ REPOSITORY_REF: "main", REPOSITORY_BRANCH: "topic" })).toMatchObject({ code: 0 });
    expect(readFileSync(path.join(checkout(), "a.txt"), "utf8")).toBe("one\n");
  });

  test("so many commits", async () => {
    await clone({ REPOSITORY_DEPTH: "1" });
    expect(git(checkout(), "rev-list", "--count", "HEAD")).toBe("1\n");
  });

  test("a clone that was cut off is begun anew, and a cache is used and made good", async () => {
    mkdirSync(checkout(), { recursive: true });
    writeFileSync(path.join(checkout(), "half"), "");
    const cache = { REPOSITORY_CACHE: path.join(root, "cache") };
    expect(await clone(cache)).toMatchObject({ code: 0 });
    expect(existsSync(path.join(checkout(), "half"))).toBe(false);
    expect(await clone(cache)).toMatchObject({ code: 0 });
    expect(existsSync(path.join(checkout(), ".git/objects/info/alternates"))).toBe(false);
  });
});

describe("what can go wrong before the command", () => {
  test("nothing that another run wrote into the cache's configuration is run", async () => {
    const cache = path.join(root, "cache");
    await clone({ REPOSITORY_CACHE: cache });
    const name = readdirSync(cache).find((one) => one.endsWith(".git")) ?? "";
    const kept = path.join(cache, name);
    const bait = path.join(root, "bait");
    git(kept, "config", "remote.origin.uploadpack", `touch ${bait}; git-upload-pack`);
    git(kept, "config", "core.alternateRefsCommand", `touch ${bait}`);
    writeFileSync(path.join(root, "work", "late.txt"), "late");
    commit(path.join(root, "work"), "third");
    git(path.join(root, "work"), "push", "-q", "origin", "HEAD:main");
    expect(await clone({ REPOSITORY_CACHE: cache })).toMatchObject({ code: 0 });
    expect(existsSync(bait)).toBe(false);
    expect(git(kept, "log", "-1", "--format=%s", "main")).toBe("third\n");
  });

  test("a ref that is not there", async () => {
    const { failure } = await clone({ REPOSITORY_REF: "gone" });
    expect(failure).toMatchObject({ kind: "workspace-failed", step: "clone", ref: "gone", exitCode: 128 });
    expect(failure).toMatchObject({ message: expect.stringMatching(/Remote branch gone not found/) });
  });

  test("a commit that is not there", async () => {
    const { failure } = await clone({ REPOSITORY_REF: "0123456789012345678901234567890123456789" });
    expect(failure).toMatchObject({
      step: "clone",
      message: expect.stringMatching(/reference is not a tree|did not match|unable to read tree/),
    });
  });

  test("a repository that is not there", async () => {
    const { failure } = await clone({ REPOSITORY_URL: "file:///nowhere/app.git" });
    expect(failure).toMatchObject({ step: "clone", repository: "file:///nowhere/app.git" });
  });

  test("the set-up fails, and says so in its own words", async () => {
    const { failure } = await clone({ REPOSITORY_SETUP: "cat a.txt; echo no such tool; exit 3" });
    expect(failure).toMatchObject({
      step: "setup",
      exitCode: 3,
      command: "cat a.txt; echo no such tool; exit 3",
      message: "two\nno such tool",
    });
  });

  test("the set-up takes too long", async () => {
    const { failure } = await clone({ REPOSITORY_SETUP: "sleep 30", REPOSITORY_SETUP_SECONDS: "1" });
    expect(failure).toMatchObject({
      step: "setup",
      message: expect.stringContaining("it took longer than 1 s"),
    });
  });
});

describe("over HTTP, with a password", () => {
  const password = ["pass", "word", "1"].join("-");
  const withPassword = (url: string): Record<string, string> => ({
    REPOSITORY_URL: url,
    REPOSITORY_SCHEME: "http",
    REPOSITORY_HOST: new URL(url).host,
    REPOSITORY_USER: "agent",
    REPOSITORY_CREDENTIAL_KIND: "token",
  });

  test("the password opens the repository, and lies nowhere afterwards", async () => {
    await using server = await startGitServer(root, { user: "agent", password });
    writeFileSync(path.join(root, "password"), password);
    const url = `${server.url}/origin.git`;
    expect(await clone(withPassword(url))).toMatchObject({ code: 0 });
    const found = await run("grep", [
      "-rl",
      password,
      path.join(root, "workspace"),
      path.join(root, "state"),
    ]).catch(() => ({ stdout: "" }));
    expect(found.stdout).toBe("");
  });

  test.each([
    ["none", {}],
    ["a wrong one", { password: "wrong" }],
  ])("%s is refused", async (_name, given: { readonly password?: string }) => {
    await using server = await startGitServer(root, { user: "agent", password });
    writeFileSync(path.join(root, "password"), given.password ?? "");
    const url = `${server.url}/origin.git`;
    const more = given.password === undefined ? { REPOSITORY_URL: url } : withPassword(url);
    const { failure } = await clone(more);
    expect(failure).toMatchObject({
      step: "clone",
      message: expect.stringMatching(/could not read Username|Authentication failed/),
    });
  });

  test("another server than the repository's does not get it", async () => {
    await using server = await startGitServer(root, { user: "agent", password });
    await using other = await startGitServer(root, { user: "agent", password });
    writeFileSync(path.join(root, "password"), password);
    const more = { ...withPassword(`${other.url}/origin.git`), REPOSITORY_HOST: new URL(server.url).host };
    expect((await clone(more)).code).toBe(1);
    expect(other.passwords).toEqual([]);
  });

  test("a push that the server refuses", async () => {
    await using server = await startGitServer(root, { user: "agent", password, readOnly: true });
    writeFileSync(path.join(root, "password"), password);
    const more = {
      ...withPassword(`${server.url}/origin.git`),
      REPOSITORY_BRANCH: "agent/x",
      REPOSITORY_PUSH: "yes",
    };
    await clone(more);
    writeFileSync(path.join(checkout(), "new.txt"), "new");
    const { evidence, failure } = await close(more);
    expect(failure).toMatchObject({ step: "push", message: expect.stringContaining("403") });
    expect(evidence).toMatchObject({ dirty: 1, pushed: false });
  });
});

/** Every program that the scripts and git call; no ssh, and no Git LFS. */
function programsAlone(): string {
  const folder = path.join(root, "programs");
  mkdirSync(folder);
  const names = "cat chmod cksum cp cut env find git grep id mkdir rm rmdir sed sh sleep tail timeout tr wc";
  for (const name of names.split(" "))
    symlinkSync(
      execFileSync("/bin/sh", ["-c", `command -v ${name}`], { encoding: "utf8" }).trim(),
      path.join(folder, name),
    );
  return folder;
}

const hasSsh = spawnSync("ssh", ["-V"]).error === undefined;

describe.skipIf(!hasSsh)(`over SSH${hasSsh ? "" : " (skipped: there is no ssh)"}`, () => {
  const pushing = { REPOSITORY_BRANCH: "agent/task-1", REPOSITORY_PUSH: "yes" };
  const withKey = (url: string, key: string): Record<string, string> => {
    // As editors and `kubectl create secret` leave it: without the last line's end.
    writeFileSync(path.join(root, "password"), key.trimEnd());
    return { REPOSITORY_URL: `${url}${origin}`, REPOSITORY_CREDENTIAL_KIND: "ssh" };
  };
  const knowing = (lines: string): Record<string, string> => {
    writeFileSync(path.join(root, "known_hosts"), lines);
    return { REPOSITORY_KNOWN_HOSTS: path.join(root, "known_hosts") };
  };

  test.each([true, false])(
    "the key reads and pushes, and lies nowhere afterwards; host known: %s",
    async (isKnown) => {
      await using server = await startSshGitServer();
      const more = {
        ...pushing,
        ...withKey(server.url, server.key),
        ...(isKnown && knowing(server.knownHosts)),
      };
      expect(await clone(more)).toEqual({ code: 0, failure: null });
      writeFileSync(path.join(checkout(), "new.txt"), "new\n");
      expect(await close(more)).toMatchObject({ failure: null, evidence: { dirty: 1, pushed: true } });
      expect(git(origin, "show", "agent/task-1:new.txt")).toBe("new\n");
      const [, line = ""] = server.key.split("\n");
      expect(line.length).toBeGreaterThan(40);
      const places = [path.join(root, "workspace"), path.join(root, "state")];
      const found = await run("grep", ["-rlF", line, ...places]).catch(() => ({ stdout: "" }));
      expect(found.stdout).toBe("");
    },
  );

  test("a host with another key than the known one is not given the work", async () => {
    await using server = await startSshGitServer();
    const port = Number(new URL(server.url).port);
    const more = { ...withKey(server.url, server.key), ...knowing(knownHostsLine(port, otherKey().public)) };
    const { failure } = await clone(more);
    expect(failure).toMatchObject({
      step: "clone",
      message: expect.stringMatching(/Host key verification failed/),
    });
  });

  test("another key is refused", async () => {
    await using server = await startSshGitServer();
    const { failure } = await clone(withKey(server.url, otherKey().private));
    expect(failure).toMatchObject({
      step: "clone",
      message: expect.stringMatching(/Permission denied \(publickey\)/),
    });
  });

  test("submodules on the same server come with it", async () => {
    await using server = await startSshGitServer();
    const more = withKey(server.url, server.key);
    addLibrary("../library.git");
    expect(await clone({ ...more, REPOSITORY_SUBMODULES: "yes", REPOSITORY_DEPTH: "1" })).toEqual({
      code: 0,
      failure: null,
    });
    expect(readFileSync(path.join(checkout(), "library", "l.txt"), "utf8")).toBe("1");
  });

  test("an image without ssh says so", async () => {
    const more = { ...withKey("ssh://git@127.0.0.1:1", otherKey().private), PATH: programsAlone() };
    const { failure } = await clone(more);
    expect(failure).toMatchObject({ step: "clone", message: expect.stringMatching(/ssh: .*not found/) });
  });
});

/** A submodule of the repository, in a repository beside it. */
function addLibrary(url: string): void {
  const library = path.join(root, "library.git");
  const made = path.join(root, "library-work");
  git(root, "init", "-q", "--bare", "-b", "main", library);
  git(root, "clone", "-q", library, made);
  writeFileSync(path.join(made, "l.txt"), "1");
  commit(made, "first");
  git(made, "push", "-q", "origin", "HEAD:main");
  const work = path.join(root, "work");
  git(work, "-c", "protocol.file.allow=always", "submodule", "add", "-q", library, "library");
  git(work, "config", "-f", ".gitmodules", "submodule.library.url", url);
  commit(work, "with a library");
  git(work, "push", "-q", "origin", "HEAD:main");
}

describe("submodules and LFS", () => {
  test("submodules over HTTP, with the password of the repository", async () => {
    const password = ["pass", "word", "2"].join("-");
    await using server = await startGitServer(root, { user: "agent", password });
    writeFileSync(path.join(root, "password"), password);
    addLibrary("../library.git");
    const more = {
      REPOSITORY_URL: `${server.url}/origin.git`,
      REPOSITORY_SCHEME: "http",
      REPOSITORY_HOST: new URL(server.url).host,
      REPOSITORY_USER: "agent",
      REPOSITORY_CREDENTIAL_KIND: "token",
    };
    expect(await clone({ ...more, REPOSITORY_SUBMODULES: "yes" })).toEqual({ code: 0, failure: null });
    expect(readFileSync(path.join(checkout(), "library", "l.txt"), "utf8")).toBe("1");
    expect(await clone(more)).toEqual({ code: 0, failure: null });
    expect(readdirSync(path.join(checkout(), "library"))).toEqual([]);
  });

  test("a submodule that is not there", async () => {
    addLibrary(`file://${path.join(root, "gone.git")}`);
    const { failure } = await clone({ REPOSITORY_SUBMODULES: "yes" });
    expect(failure).toMatchObject({ step: "clone", message: expect.stringMatching(/library/) });
  });

  test("an image without Git LFS says so", async () => {
    const { failure } = await clone({ REPOSITORY_LFS: "yes", PATH: programsAlone() });
    expect(failure).toMatchObject({
      step: "clone",
      message: expect.stringMatching(/'lfs' is not a git command/),
    });
  });
});

describe("after the command", () => {
  const pushing = { REPOSITORY_BRANCH: "agent/task-1", REPOSITORY_PUSH: "yes" };

  test("commits and what was not committed reach the branch, the latter in one commit", async () => {
    await clone(pushing);
    writeFileSync(path.join(checkout(), "a.txt"), "three\n");
    commit(checkout(), "third");
    writeFileSync(path.join(checkout(), "new.txt"), "new\n");
    mkdirSync(path.join(checkout(), "build"));
    writeFileSync(path.join(checkout(), "build", "out"), "x");
    writeFileSync(path.join(checkout(), ".git", "info", "exclude"), "build\n");
    const { evidence, failure } = await close(pushing);
    expect(failure).toBeNull();
    expect(evidence).toMatchObject({
      commits: 1,
      dirty: 1,
      pushed: true,
      branch: "agent/task-1",
      message: null,
    });
    expect(git(origin, "log", "--format=%s %an", "-3", "agent/task-1")).toBe(
      "What was not committed Agent\nthird t\nsecond t\n",
    );
    expect(git(origin, "ls-tree", "--name-only", "agent/task-1")).toBe("a.txt\nnew.txt\n");
  });

  test("without a push, what there is is counted", async () => {
    await clone();
    writeFileSync(path.join(checkout(), "a.txt"), "three\n");
    commit(checkout(), "third");
    writeFileSync(path.join(checkout(), "b.txt"), "");
    await rm(path.join(checkout(), "a.txt"));
    expect((await close()).evidence).toMatchObject({ branch: "main", commits: 1, dirty: 2, pushed: false });
  });

  test("nothing to push is no failure, even without a right to", async () => {
    await clone(pushing);
    chmodSync(origin, 0o500);
    expect(await close(pushing)).toMatchObject({
      failure: null,
      evidence: { commits: 0, dirty: 0, pushed: true },
    });
    chmodSync(origin, 0o700);
    expect(git(origin, "branch", "--list", "agent/*")).toBe("");
  });

  test("somebody else has pushed to the branch meanwhile", async () => {
    await clone({ ...pushing, REPOSITORY_BRANCH: "topic" });
    git(origin, "branch", "-f", "topic", "main");
    writeFileSync(path.join(checkout(), "c.txt"), "c");
    const { failure } = await close({ ...pushing, REPOSITORY_BRANCH: "topic" });
    expect(failure).toMatchObject({
      step: "push",
      ref: "topic",
      message: expect.stringMatching(/rejected|fetch first/),
    });
  });

  test("nothing that the command wrote into the repository's configuration is run", async () => {
    await clone(pushing);
    const bait = path.join(root, "bait");
    const hook = path.join(checkout(), ".git", "hooks", "pre-push");
    mkdirSync(path.dirname(hook), { recursive: true });
    writeFileSync(hook, `#!/bin/sh\ntouch ${bait}\n`);
    chmodSync(hook, 0o755);
    for (const [key, value] of [
      ["core.fsmonitor", `touch ${bait}; false`],
      ["core.sshCommand", `touch ${bait}`],
      ["filter.evil.clean", `touch ${bait}; cat`],
      ["credential.helper", `!touch ${bait}`],
      ["remote.origin.pushurl", "file:///elsewhere"],
      [`url.file:///elsewhere.insteadOf`, `file://${origin}`],
    ] as const)
      git(checkout(), "config", key, value);
    writeFileSync(path.join(checkout(), ".gitattributes"), "* filter=evil\n");
    writeFileSync(path.join(checkout(), "d.txt"), "d");
    await rm(bait, { force: true });
    expect(await close(pushing)).toMatchObject({ failure: null, evidence: { pushed: true } });
    expect(existsSync(bait)).toBe(false);
    expect(git(origin, "show", "agent/task-1:d.txt")).toBe("d");
  });

  test.each([
    [
      "an object that is missing",
      (bait: string) => {
        for (const [key, value] of [
          ["core.repositoryformatversion", "1"],
          ["extensions.partialClone", "evil"],
          ["remote.evil.promisor", "true"],
          ["remote.evil.url", origin],
          ["remote.evil.uploadpack", `touch ${bait}; git-upload-pack`],
        ] as const)
          git(checkout(), "config", key, value);
        writeFileSync(path.join(checkout(), ".git", "HEAD"), `${"12".repeat(20)}\n`);
      },
    ],
    [
      "a submodule",
      (bait: string) => {
        const sub = path.join(checkout(), "sub");
        git(checkout(), "init", "-q", "sub");
        writeFileSync(path.join(sub, "x"), "x");
        commit(sub, "within");
        commit(checkout(), "a link to it");
        git(sub, "config", "core.fsmonitor", `touch ${bait}; false`);
        git(sub, "config", "filter.evil.clean", `touch ${bait}; cat`);
        writeFileSync(path.join(sub, ".gitattributes"), "* filter=evil\n");
        writeFileSync(path.join(sub, "x"), "changed");
      },
    ],
  ])("nothing of the command's is run for %s", async (_name, lay) => {
    await clone(pushing);
    const bait = path.join(root, "bait");
    lay(bait);
    await rm(bait, { force: true });
    const { evidence } = await close(pushing);
    expect(evidence).not.toBeNull();
    expect(existsSync(bait)).toBe(false);
  });

  test("submodules: moved on, not checked out, removed, replaced by a file", async () => {
    const library = path.join(root, "library");
    git(root, "init", "-q", library);
    writeFileSync(path.join(library, "l.txt"), "1");
    commit(library, "first");
    const first = git(library, "rev-parse", "HEAD").trim();
    const work = path.join(root, "work");
    for (const name of ["moved", "not there", "gone", "file", 'in "quotes"'])
      git(work, "-c", "protocol.file.allow=always", "submodule", "add", library, name);
    commit(work, "submodules");
    git(work, "push", "-q", "origin", "HEAD:main");
    await clone(pushing);
    git(checkout(), "-c", "protocol.file.allow=always", "submodule", "update", "--init", "moved");
    const moved = path.join(checkout(), "moved");
    writeFileSync(path.join(moved, "l.txt"), "2");
    commit(moved, "second");
    for (const name of ["gone", "file"]) await rm(path.join(checkout(), name), { recursive: true });
    writeFileSync(path.join(checkout(), "file"), "f");
    expect((await close(pushing)).evidence).toMatchObject({ dirty: 3, pushed: true });
    const tree = git(origin, "ls-tree", "agent/task-1").split("\n");
    const links = tree.filter((line) => line.startsWith("160000 commit "));
    expect(links.map((line) => line.slice("160000 commit ".length))).toEqual([
      `${first}\t"in \\"quotes\\""`,
      `${git(moved, "rev-parse", "HEAD").trim()}\tmoved`,
      `${first}\tnot there`,
    ]);
    expect(tree.some((line) => /^100644 blob .*\tfile$/.test(line))).toBe(true);
  });

  test.each(["packed-refs", "shallow", "objects/info/alternates"])(
    "the credential is not quoted where %s is a link to it",
    async (name) => {
      await clone(pushing);
      const secret = "drow-ssap-of-a-test";
      writeFileSync(path.join(root, "password"), `${secret}\n`);
      const link = path.join(checkout(), ".git", name);
      await rm(link, { force: true });
      symlinkSync(path.join(root, "password"), link);
      writeFileSync(path.join(checkout(), "f.txt"), "f");
      const { evidence } = await close({ ...pushing, REPOSITORY_CREDENTIAL_KIND: "token" });
      expect(evidence).not.toBeNull();
      expect(readFileSync(report(), "utf8") + printed).not.toContain(secret);
    },
  );

  test("a repository that the command has removed is told", async () => {
    await clone(pushing);
    await rm(path.join(checkout(), ".git"), { recursive: true });
    expect((await close(pushing)).evidence).toMatchObject({ head: null, pushed: false });
  });

  test("a shallow clone is pushed as well", async () => {
    await clone({ ...pushing, REPOSITORY_DEPTH: "1" });
    writeFileSync(path.join(checkout(), "e.txt"), "e");
    expect(await close({ ...pushing, REPOSITORY_DEPTH: "1" })).toMatchObject({
      failure: null,
      evidence: { pushed: true, dirty: 1 },
    });
    expect(git(origin, "rev-list", "--count", "agent/task-1")).toBe("3\n");
  });

  test("it waits for the command to end", async () => {
    await clone(pushing);
    const command = spawn("/bin/sh", ["-c", `sleep 2; echo late > ${checkout()}/late.txt`]);
    const ended = new Promise((resolve) => command.once("close", resolve));
    writeFileSync(path.join(root, "signal", "main"), `${command.pid ?? 0}\n`);
    await script(closeScript, environment(pushing));
    await ended;
    expect(repositoryEvidence(readFileSync(report(), "utf8"))).toMatchObject({ dirty: 1, pushed: true });
  });
});
