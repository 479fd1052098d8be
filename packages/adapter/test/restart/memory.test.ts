import { mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { type RunKey, createRestartMemory } from "../../src/restart/memory.ts";

const key: RunKey = {
  jobUid: "0b6a1c1e-7b1f-4f0e-9b57-5a3c7c1b2a01",
  runId: "run",
  agentId: "agent",
  issueId: "issue",
  taskKey: null,
  token: ["a", "b", "c"].join("."),
};
const place = { kubeconfig: null, namespace: "agents", companyId: "c1" };

describe("what outlives the server", () => {
  let folder = "";
  beforeEach(() => void (folder = mkdtempSync(path.join(tmpdir(), "restart-"))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test("places are remembered once each, keys until they are forgotten, by another process as well", async () => {
    const memory = createRestartMemory(folder);
    expect(await memory.places()).toEqual([]);
    await memory.rememberPlace(place);
    await memory.rememberPlace(place);
    await memory.rememberPlace({ ...place, namespace: "other" });
    await memory.keep(key);
    const next = createRestartMemory(folder);
    expect(await next.places()).toHaveLength(2);
    expect(await next.places()).toContainEqual(place);
    expect(await next.keyOf(key.jobUid)).toEqual(key);
    await next.forget(key.jobUid);
    expect(await memory.keyOf(key.jobUid)).toBeNull();
  });

  test("files are the server's alone", async () => {
    const memory = createRestartMemory(folder);
    await memory.keep(key);
    await memory.rememberPlace(place);
    for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
      const known = statSync(path.join(folder, name));
      expect(known.mode & 0o077).toBe(0);
    }
  });

  test("a UID that is a path is never one", async () => {
    const memory = createRestartMemory(folder);
    await memory.keep({ ...key, jobUid: "../../escaped" });
    expect(readdirSync(folder)).toEqual([]);
    expect(await memory.keyOf("../../escaped")).toBeNull();
  });

  test("damaged files say nothing, old ones go", async () => {
    const memory = createRestartMemory(folder);
    await memory.keep(key);
    await memory.rememberPlace(place);
    writeFileSync(path.join(folder, "runs", `${key.jobUid}.json`), '{"jobUid":');
    expect(await memory.keyOf(key.jobUid)).toBeNull();
    const [file = ""] = readdirSync(path.join(folder, "places"));
    utimesSync(path.join(folder, "places", file), 1, 1);
    expect(await memory.places()).toEqual([]);
  });
});
