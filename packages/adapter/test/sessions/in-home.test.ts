import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { isInHome } from "../../src/sessions/in-home.ts";

const here = "0f6f4a3c-7c1d-4f5e-9a55-0c2c7a4b1e01";
const empty = "0f6f4a3c-7c1d-4f5e-9a55-0c2c7a4b1e02";
const link = "0f6f4a3c-7c1d-4f5e-9a55-0c2c7a4b1e03";
const elsewhere = "0f6f4a3c-7c1d-4f5e-9a55-0c2c7a4b1e04";
let home: string;
beforeAll(() => {
  home = mkdtempSync(path.join(tmpdir(), "home-"));
  const projects = path.join(home, ".claude", "projects");
  for (const name of ["-work-app", "-other"]) mkdirSync(path.join(projects, name), { recursive: true });
  writeFileSync(path.join(projects, "file"), "");
  writeFileSync(path.join(projects, "-work-app", `${here}.jsonl`), "{}\n");
  writeFileSync(path.join(projects, "-work-app", `${empty}.jsonl`), "");
  symlinkSync("/etc/hostname", path.join(projects, "-work-app", `${link}.jsonl`));
  writeFileSync(path.join(projects, "-other", `${elsewhere}.jsonl`), "{}\n");
});
afterAll(() => rmSync(home, { recursive: true }));

const look = (sessionId: string, more: object = {}) =>
  isInHome(sessionId, {
    settings: { env: {} },
    workspace: { homeOnServer: home },
    ...more,
  });

test.each([
  ["a transcript", here, true],
  ["an empty one", empty, false],
  ["a link in the place of one", link, false],
  ["one under another name of the working directory", elsewhere, true],
  ["none", "0f6f4a3c-7c1d-4f5e-9a55-0c2c7a4b1e05", false],
])("%s", async (_what, sessionId, expected) => {
  expect(await look(sessionId)).toBe(expected);
});

test("a home without any session has none", async () => {
  expect(await look(here, { workspace: { homeOnServer: path.join(home, "new") } })).toBe(false);
});

test("nobody knows where the home is elsewhere, or the agent's variables name another one", async () => {
  expect(await look(here, { workspace: {} })).toBeNull();
  for (const name of ["HOME", "CLAUDE_CONFIG_DIR"])
    expect(await look(here, { settings: { env: { [name]: "/elsewhere" } } })).toBeNull();
});

test("nobody knows where something else is in the place of the folder", async () => {
  const broken = path.join(home, "broken");
  mkdirSync(path.join(broken, ".claude"), { recursive: true });
  writeFileSync(path.join(broken, ".claude", "projects"), "");
  expect(await look(here, { workspace: { homeOnServer: broken } })).toBeNull();
});

test.skipIf(process.getuid?.() === 0)(
  "nor where the server may not look (skipped for root, who may)",
  async () => {
    const closed = path.join(home, "closed");
    mkdirSync(path.join(closed, ".claude", "projects"), { recursive: true });
    chmodSync(path.join(closed, ".claude"), 0);
    expect(await look(here, { workspace: { homeOnServer: closed } })).toBeNull();
    chmodSync(path.join(closed, ".claude"), 0o700);
  },
);
