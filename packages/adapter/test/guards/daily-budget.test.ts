import { appendFileSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { createDailyLedger, endOfDay } from "../../src/guards/daily-budget.ts";

const who = { companyId: "company", agentId: "agent" };
const noon = new Date("2026-03-01T12:00:00Z");

describe("the ledger of an agent's day", () => {
  let folder = "";
  beforeEach(() => void (folder = mkdtempSync(path.join(tmpdir(), "ledger-"))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const file = (): string => {
    const [own = ""] = readdirSync(folder);
    return path.join(folder, own, "2026-03-01.ndjson");
  };

  test("adds up a day's runs, each by its newest entry, also those of another process", async () => {
    const ledger = createDailyLedger(folder);
    expect(await ledger.spent(who, noon)).toBe(0);
    await ledger.record(who, "run-1", 0.25, noon);
    await ledger.record(who, "run-1", 0.5, noon);
    await createDailyLedger(folder).record(who, "run-2", 1, noon);
    expect(await ledger.spent(who, noon)).toBe(1.5);
  });

  test("another agent, another company and another day have accounts of their own", async () => {
    const ledger = createDailyLedger(folder);
    await ledger.record(who, "run", 1, noon);
    expect(await ledger.spent({ ...who, agentId: "other" }, noon)).toBe(0);
    expect(await ledger.spent({ ...who, companyId: "other" }, noon)).toBe(0);
    expect(await ledger.spent(who, endOfDay(noon))).toBe(0);
    expect(await ledger.spent(who, new Date(endOfDay(noon).getTime() - 1))).toBe(1);
  });

  test("a torn line and one that is no entry count for nothing", async () => {
    const ledger = createDailyLedger(folder);
    await ledger.record(who, "run-1", 1, noon);
    appendFileSync(file(), '{"runId":"run-2","costU\nnull\n{"runId":"run-3","costUsd":-5}\n');
    expect(await ledger.spent(who, noon)).toBe(1);
  });

  test("what is no cost is not written, and files are the server's alone", async () => {
    const ledger = createDailyLedger(folder);
    await ledger.record(who, "run", Number.NaN, noon);
    await ledger.record(who, "run", Infinity, noon);
    await ledger.record(who, "run", -1, noon);
    expect(readdirSync(folder)).toEqual([]);
    await ledger.record(who, "run", 1, noon);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
  });

  test("names that are paths stay inside", async () => {
    const ledger = createDailyLedger(folder);
    await ledger.record({ companyId: "../..", agentId: "/etc/x\0" }, "run", 1, noon);
    expect(readdirSync(folder)).toHaveLength(1);
  });

  test("days that are long over are removed", async () => {
    const ledger = createDailyLedger(folder);
    await ledger.record(who, "run", 1, new Date("2026-01-01T00:00:00Z"));
    await ledger.record(who, "run", 1, noon);
    expect(readdirSync(path.dirname(file()))).toEqual(["2026-03-01.ndjson"]);
  });

  test("a folder that cannot be written is an error, not a budget that nobody keeps", async () => {
    const blocked = path.join(folder, "a-file");
    appendFileSync(blocked, "");
    await expect(createDailyLedger(blocked).record(who, "run", 1, noon)).rejects.toThrow("ENOTDIR");
  });
});
