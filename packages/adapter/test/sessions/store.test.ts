import {
  mkdir,
  mkdtemp,
  readdir,
  readlink,
  rm,
  stat,
  symlink,
  truncate,
  utimes,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { createSessionStore, sessionLimits } from "../../src/sessions/store.ts";

const owner = { companyId: "company", agentId: "agent", slot: "paperclip/company/agent/../../escape" };
const id = (digit: number): string => `2070e40b-40f4-41d9-97c7-7a1ba482400${digit}`;

let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), "sessions-"));
});
afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

async function transcript(
  folder: string,
  sessionId: string,
  daysOld = 0,
  project = "-workspace",
): Promise<string> {
  const file = path.join(folder, project, `${sessionId}.jsonl`);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, "{}\n");
  const then = new Date(Date.now() - daysOld * 86_400_000);
  await utimes(file, then, then);
  return file;
}

describe("the folder of a task's sessions", () => {
  test("lies below the root, whatever the ids, and is one of its own for each company, agent and task", async () => {
    const store = createSessionStore(root);
    const folders = [
      owner,
      { ...owner, companyId: "../.." },
      { ...owner, agentId: "/etc" },
      { ...owner, slot: "other" },
    ].map((each) => store.place(each).folder);
    expect(new Set(folders).size).toBe(4);
    for (const folder of folders) {
      expect(folder.startsWith(`${root}${path.sep}`)).toBe(true);
      expect(path.relative(root, folder)).toMatch(/^([0-9a-f]{32}\/){2}[0-9a-f]{32}$/);
    }
  });

  test("is the server's alone", async () => {
    const place = createSessionStore(root).place(owner);
    await place.prepare(null);
    expect((await stat(place.folder)).mode & 0o777).toBe(0o700);
    const file = await transcript(place.folder, id(1));
    await symlink("/etc/passwd", path.join(place.folder, "-workspace", "link.jsonl"));
    await place.guard();
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    await expect(readlink(path.join(place.folder, "-workspace", "link.jsonl"))).rejects.toThrow("ENOENT");
  });
});

test("folders that a pod gave the names of transcripts do not keep the next run from its session", async () => {
  const place = createSessionStore(root).place(owner);
  await place.prepare(null);
  const project = path.join(place.folder, "-workspace");
  for (const digit of [1, 2, 3, 4, 5])
    await mkdir(path.join(project, `${id(digit)}.jsonl`, "within"), { recursive: true });
  await transcript(place.folder, id(6), 1);
  await place.prepare(id(6));
  const kept = await readdir(project);
  expect(kept).toContain(`${id(6)}.jsonl`);
  expect(kept).toHaveLength(3);
});

describe("is a session here?", () => {
  test("only with a transcript of the same working directory, as Claude Code names its folder", async () => {
    const { folder, holds } = createSessionStore(root).place(owner);
    expect(await holds(id(1), "/workspace")).toBe(false);
    await transcript(folder, id(1), 0, "-work-my-app-v1-2");
    expect(await holds(id(1), "/work/my_app.v1 2/")).toBe(true);
    expect(await holds(id(1), "/work")).toBe(false);
    expect(await holds(id(2), "/work/my_app.v1 2")).toBe(false);
  });

  test("of a long path, the end is not compared", async () => {
    const { folder, holds } = createSessionStore(root).place(owner);
    const long = `/${"deep/".repeat(60)}`;
    await transcript(folder, id(1), 0, `${long.replaceAll("/", "-").slice(0, 200)}-1k2j3h`);
    expect(await holds(id(1), long)).toBe(true);
  });

  test("an empty file, a folder and a link are none", async () => {
    const { folder, holds } = createSessionStore(root).place(owner);
    await truncate(await transcript(folder, id(1)));
    await mkdir(path.join(folder, "-workspace", `${id(2)}.jsonl`));
    await symlink(await transcript(root, id(3)), path.join(folder, "-workspace", `${id(3)}.jsonl`));
    for (const digit of [1, 2, 3]) expect(await holds(id(digit), "/workspace")).toBe(false);
  });
});

describe("what is too much", () => {
  test("three sessions stay: the one to be resumed, and the newest", async () => {
    const { folder, prepare } = createSessionStore(root).place(owner);
    for (const digit of [1, 2, 3, 4, 5]) await transcript(folder, id(digit), digit);
    await mkdir(path.join(folder, "-workspace", id(4), "subagents"), { recursive: true });
    await prepare(id(5));
    expect((await readdir(path.join(folder, "-workspace"))).toSorted()).toEqual(
      [1, 2, 5].map((digit) => `${id(digit)}.jsonl`),
    );
  });

  test("a transcript whose name is none goes, and nothing above it", async () => {
    const { folder, prepare, holds } = createSessionStore(root).place(owner);
    // The name of a folder that is removed as its session's would be the task's own, and "" the project's.
    for (const name of ["..", "", "."]) await transcript(folder, name, 9);
    for (const digit of [1, 2, 3]) await transcript(folder, id(digit));
    await prepare(id(1));
    for (const digit of [1, 2, 3]) expect(await holds(id(digit), "/workspace")).toBe(true);
    expect(await readdir(path.join(folder, "-workspace"))).toHaveLength(3);
  });

  test("what would be more than may travel goes, so that no run fails for it", async () => {
    const { folder, prepare, holds } = createSessionStore(root).place(owner);
    await transcript(folder, id(1));
    await truncate(await transcript(folder, id(2)), sessionLimits.bytes + 1);
    await prepare(id(2));
    expect(await holds(id(1), "/workspace")).toBe(true);
    expect(await holds(id(2), "/workspace")).toBe(false);
  });

  test("tasks that nobody has gone on with for a month are forgotten, others are not", async () => {
    const store = createSessionStore(root);
    const old = store.place({ ...owner, slot: "old" });
    const young = store.place({ ...owner, slot: "young" });
    await transcript(old.folder, id(1), 31);
    await transcript(young.folder, id(1), 29);
    const long = new Date(Date.now() - 40 * 86_400_000);
    for (const { folder } of [old, young]) await utimes(folder, long, long);
    await store.place(owner).prepare(null);
    expect(await old.holds(id(1), "/workspace")).toBe(false);
    expect(await young.holds(id(1), "/workspace")).toBe(true);
  });
});
