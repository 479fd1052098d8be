import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterAll, describe, expect, test } from "vitest";

import { bundledFences, fencesOf } from "../src/host/file-fences.ts";
import { readServerFile, readServerFolder, serverFolder } from "../src/host/server-files.ts";

const root = realpathSync(mkdtempSync(path.join(tmpdir(), "server-files-")));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const home = { folder: root, instance: path.join(root, "instances/default") };
const owner = { companyId: "company-1", agentId: "agent-1" };
const fences = fencesOf(home, owner, []);
const rules = { fences, maximumBytes: 1000 };

function put(name: string, content = "text"): string {
  const file = path.join(home.instance, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
}

const instructions = put("companies/company-1/agents/agent-1/instructions/AGENTS.md", "do it");
const folder = path.dirname(instructions);

test("a server that has lost the folders of its agents misses their files, and only theirs", async () => {
  const lost = path.join(root, "another-disk");
  const gone = fencesOf({ folder: lost, instance: path.join(lost, "instances/default") }, owner, []);
  const read = (name: string) =>
    readServerFile(path.join(lost, "instances/default", name), { ...rules, fences: gone });
  const own = "companies/company-1/agents/agent-1/instructions/AGENTS.md";
  expect(await read(own)).toEqual({ kind: "missing", code: "ENOENT" });
  expect(await read(own.replace("company-1", "company-2"))).toMatchObject({ kind: "outside" });
  expect(await read("secrets/master.key")).toMatchObject({ kind: "outside" });
});

describe("what may be read", () => {
  test.each([
    ["the agent's instructions", () => instructions],
    [
      "those of an agent of the same company",
      () => put("companies/company-1/agents/agent-2/instructions/A.md"),
    ],
    ["a skill of the company", () => put("skills/company-1/one/SKILL.md")],
    ["a project of the company", () => put("projects/company-1/p/README.md")],
    ["the agent's workspace", () => put("workspaces/agent-1/notes.md")],
    [
      "a link that stays inside",
      () => {
        const link = path.join(folder, "LINK.md");
        symlinkSync("AGENTS.md", link);
        return link;
      },
    ],
    ["a path with dots that stays inside", () => `${folder}/../instructions/AGENTS.md`],
  ])("%s", async (_what, file) => {
    expect(await readServerFile(file(), rules)).toMatchObject({ kind: "read" });
  });

  test("a folder of the operator's list, with the ids in it", async () => {
    const shared = path.join(root, "shared/company-1");
    mkdirSync(shared, { recursive: true });
    writeFileSync(path.join(shared, "A.md"), "text");
    const listed = fencesOf(home, owner, [path.join(root, "shared/{company}")]);
    expect(await readServerFile(path.join(shared, "A.md"), { ...rules, fences: listed })).toMatchObject({
      kind: "read",
    });
    const other = fencesOf(home, { ...owner, companyId: "company-2" }, [path.join(root, "shared/{company}")]);
    expect(await readServerFile(path.join(shared, "A.md"), { ...rules, fences: other })).toMatchObject({
      kind: "outside",
    });
  });

  test("where the whole home is a link of the operator's", async () => {
    const link = path.join(root, "home-link");
    symlinkSync(root, link);
    const linked = fencesOf({ folder: link, instance: path.join(link, "instances/default") }, owner, []);
    expect(await readServerFile(instructions, { ...rules, fences: linked })).toMatchObject({ kind: "read" });
  });
});

describe("what may not", () => {
  const link = (name: string, target: string): string => {
    const file = path.join(folder, name);
    symlinkSync(target, file);
    return file;
  };
  test.each([
    ["the server's environment", () => "/proc/self/environ"],
    ["the same by another name", () => `/proc/${process.pid}/environ`],
    ["anything through /proc", () => `/proc/self/root${path.join(root, "outside")}`],
    ["an open file of the server", () => "/proc/self/fd/0"],
    ["a device without end", () => "/dev/zero"],
    ["the server's key", () => put("secrets/master.key")],
    ["attachments of the company", () => put("data/storage/company-1/issues/a.txt")],
    ["the database", () => put("db/PG_VERSION")],
    ["another company's instructions", () => put("companies/company-2/agents/a/instructions/AGENTS.md")],
    ["a company whose id begins the same", () => put("companies/company-10/AGENTS.md")],
    ["another agent's workspace", () => put("workspaces/agent-2/notes.md")],
    ["a login of the company", () => put("companies/company-1/codex-home/auth.json")],
    [
      "a login of the agent",
      () => put("companies/company-1/agents/agent-1/claude-runtime/.credentials.json"),
    ],
    ["the address of a repository, with its token", () => put("projects/company-1/p/.git/config")],
    ["the same of a workspace", () => put("workspaces/agent-1/.git/config")],
    ["a hidden file", () => put("companies/company-1/.env")],
    ["a link out", () => link("passwd.md", "/etc/passwd")],
    ["a link to /proc", () => link("environ.md", "/proc/self/environ")],
    ["a link to a folder out", () => path.join(link("out", "/etc"), "passwd")],
    ["dots out", () => `${folder}/../../../../company-2/agents/a/instructions/AGENTS.md`],
    ["a path that is not absolute", () => "AGENTS.md"],
    ["a path with a NUL", () => `${instructions}\0.md`],
    ["a file that is not there, elsewhere", () => "/etc/no-such-file"],
  ])("%s", async (_what, file) => {
    expect(await readServerFile(file(), rules)).toMatchObject({ kind: "outside" });
  });

  test("nothing by an id that walks", async () => {
    const walking = fencesOf(home, { companyId: "../..", agentId: ".." }, ["/srv/{company}"]);
    expect(await readServerFile(put("secrets/other.key"), { ...rules, fences: walking })).toMatchObject({
      kind: "outside",
    });
  });

  test("a FIFO, without waiting for a writer", async () => {
    const fifo = path.join(folder, "fifo");
    execFileSync("mkfifo", [fifo]);
    expect(await readServerFile(fifo, rules)).toEqual({ kind: "special" });
  });

  test("a socket", async () => {
    const socket = path.join(folder, "s");
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(socket, resolve));
    expect(await readServerFile(socket, rules)).toEqual({ kind: "special" });
    await new Promise((resolve) => server.close(resolve));
  });

  test("a folder", async () => {
    expect(await readServerFile(folder, rules)).toEqual({ kind: "special" });
  });

  test("more than the limit, of which nothing is kept", async () => {
    const large = put("workspaces/agent-1/large", "x".repeat(1001));
    expect(await readServerFile(large, rules)).toEqual({ kind: "too-large", maximumBytes: 1000 });
  });

  test("a file that is not there, inside, says that", async () => {
    expect(await readServerFile(path.join(folder, "none.md"), rules)).toEqual({
      kind: "missing",
      code: "ENOENT",
    });
  });
});

test("a path that is exchanged again and again never gives the other file", async () => {
  const playing = path.join(home.instance, "workspaces/agent-1/playing");
  const at = path.join(playing, "at");
  const evil = path.join(root, "evil");
  mkdirSync(at, { recursive: true });
  mkdirSync(evil);
  writeFileSync(path.join(at, "file"), "harmless");
  writeFileSync(path.join(evil, "file"), "SECRET");
  // Another process, as an exchange within this one could only happen where we wait. A folder itself is exchanged for a link:
  // the path that was checked then leads elsewhere without any link that could be seen before.
  const swapper = `
    const fs = require("node:fs");
    const at = ${JSON.stringify(at)}, evil = ${JSON.stringify(evil)};
    const end = Date.now() + 60000; let told = false;
    process.stdin.on("data", () => process.exit());
    (function turn() {
      for (let i = 0; i < 100; i += 1) {
        fs.renameSync(at, at + ".kept"); fs.symlinkSync(evil, at);
        fs.unlinkSync(at); fs.renameSync(at + ".kept", at);
      }
      if (!told) process.stdout.write("."), (told = true);
      if (Date.now() < end) setImmediate(turn);
    })();`;
  const child = spawn(process.execPath, ["-e", swapper], { stdio: ["pipe", "pipe", "inherit"] });
  await new Promise((resolve) => child.stdout.once("data", resolve));
  child.stdout.resume();
  const kinds = new Set<string>();
  try {
    for (let turn = 0; turn < 3000; turn += 1) {
      const read = await readServerFile(path.join(playing, "at/file"), rules);
      kinds.add(read.kind === "read" ? read.content.toString() : read.kind);
    }
  } finally {
    child.stdin.write("end");
    await new Promise((resolve) => child.once("exit", resolve));
  }
  expect([...kinds]).not.toContain("SECRET");
  expect([...kinds]).toContain("harmless");
}, 120_000);

describe("folders", () => {
  const folderRules = { ...rules, maximumFiles: 3, skip: new Set([".git"]) };
  test("files with their names, without links and what is passed over", async () => {
    put("skills/company-1/two/SKILL.md", "a");
    put("skills/company-1/two/deep/b.sh", "b");
    put("skills/company-1/two/.git/config", "c");
    const two = path.join(home.instance, "skills/company-1/two");
    symlinkSync("/etc/passwd", path.join(two, "passwd"));
    symlinkSync("/etc", path.join(two, "etc"));
    expect(await readServerFolder(two, folderRules)).toMatchObject({
      kind: "read",
      bytes: 2,
      files: [{ name: "SKILL.md" }, { name: "deep/b.sh" }],
      left: expect.arrayContaining(["passwd", "etc"]),
    });
  });
  test("outside, too many, too large together", async () => {
    for (const name of ["1", "2", "3", "4"]) put(`skills/company-1/many/${name}`);
    for (const name of ["1", "2"]) put(`skills/company-1/large/${name}`, "x".repeat(600));
    const at = (name: string) => path.join(home.instance, "skills/company-1", name);
    expect(await readServerFolder("/etc", folderRules)).toMatchObject({ kind: "outside" });
    expect(await readServerFolder(at("many"), folderRules)).toMatchObject({ kind: "too-many" });
    expect(await readServerFolder(at("large"), folderRules)).toMatchObject({ kind: "too-large" });
    expect(await readServerFolder("/proc/self/fd", folderRules)).toMatchObject({ kind: "outside" });
  });
  test("the real path for those who copy a tree themselves", async () => {
    const workspace = path.join(home.instance, "workspaces/agent-1");
    expect(await serverFolder(workspace, fences)).toEqual({ kind: "folder", realPath: workspace });
    expect(await serverFolder("/", fences)).toMatchObject({ kind: "outside" });
    expect(await serverFolder(instructions, fences)).toEqual({ kind: "special" });
  });
});

test("skills that come with the server lie beside its program or its packages", () => {
  const folders = (main: string) => bundledFences(main, "/srv").map((fence) => fence.folder);
  expect(folders("/app/server/dist/index.js")).toEqual(
    expect.arrayContaining(["/srv/skills", "/app/server/skills", "/app/skills"]),
  );
  expect(folders("/x/node_modules/@paperclipai/server/dist/index.js")).toContain(
    "/x/node_modules/@paperclipai",
  );
});
