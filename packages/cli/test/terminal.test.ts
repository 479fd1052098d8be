/** Nothing that a cluster or a container says moves the cursor, sets a title or makes up a row. */

import { type LocalCluster, startLocalCluster } from "@claude-k8s/local-cluster";
import { connect, createRunner, jobManifest, type Cluster } from "@claude-k8s/k8s-runner";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

import { createPlainWriter, escapeControls, plainData } from "../src/screen/plain.ts";
import { runProgram } from "../src/program.ts";
import { table } from "../src/screen/table.ts";

let local: LocalCluster;
let cluster: Cluster;
let folder: string;
beforeAll(async () => {
  local = await startLocalCluster();
  cluster = await connect({ kubeconfig: local.kubeconfig });
  folder = mkdtempSync(path.join(tmpdir(), "terminal-"));
  writeFileSync(path.join(folder, "config"), local.kubeconfig);
});
afterAll(async () => {
  await cluster.close();
  await local.close();
  rmSync(folder, { recursive: true });
});

async function run(args: readonly string[], isTTY: boolean) {
  let output = "";
  let errors = "";
  const exitCode = await runProgram(
    [...args, "--kubeconfig", path.join(folder, "config"), "-n", "default"],
    {
      input: (async function* () {})(),
      output: { write: (text) => (output += text), isTTY, columns: 300 },
      errors: { write: (text) => (errors += text), isTTY },
      environment: { NO_COLOR: "1" },
    },
    { version: "1.0.0", signal: new AbortController().signal },
  );
  return { exitCode, output, errors };
}

// Clipboard, clear screen, a C1 control sequence, text turned around.
const hostile = "\u001B]52;c;T1dORUQ=\u0007\u001B[2Jhello\u009B31m \u202Eevil";
const spec = {
  namespace: "default",
  slot: `work ${hostile}\nfake-row   finished`,
  runId: "r",
  image: "lab/base:1",
  command: ["/bin/sh", "-c", String.raw`printf '\033]52;c;T1dORUQ=\007\033[2Jhello\n\033[31mred'`],
};
const jobName = jobManifest(spec).metadata?.name ?? "";
const controls = new RegExp(String.raw`[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u202A-\u202E]`);

test("logs are the container's own bytes on a pipe and where asked for, and plain on a terminal", async () => {
  const runner = createRunner({ cluster });
  const start = await runner.start(spec);
  if (start.kind !== "started") throw new Error(JSON.stringify(start));
  await start.run.exit;
  await runner.close();
  const bytes = "\u001B]52;c;T1dORUQ=\u0007\u001B[2Jhello\n\u001B[31mred";
  expect((await run(["logs", jobName], false)).output).toBe(bytes);
  expect((await run(["logs", jobName, "--raw"], true)).output).toBe(bytes);
  expect((await run(["logs", jobName], true)).output).toBe("hello\nred");
  expect((await run(["logs", jobName, "--pretty"], true)).output).not.toMatch(controls);
});

test("a list has one row for each Job, and nothing that a terminal obeys", async () => {
  const { output } = await run(["list", "-o", "wide"], true);
  expect(output).not.toMatch(controls);
  expect(output.trimEnd().split("\n")).toHaveLength(2);
  expect(output).toContain("work hello evil fake-row");
  const json = await run(["list", "--json"], true);
  expect(json.output).not.toMatch(controls);
  expect(JSON.parse(json.output)).toMatchObject([{ slot: spec.slot }]);
});

test("somebody's Job is neither listed nor read, stopped or attached to", async () => {
  const container = { name: "backup", image: "lab/base:1", command: ["/bin/sh", "-c", "sleep 60"] };
  const labels = { "app.kubernetes.io/managed-by": "claude-k8s" };
  const annotations = { "claude-k8s.io/slot": hostile };
  for (const metadata of [{ name: "nightly-backup" }, { name: "esc", labels, annotations }])
    await cluster.create("jobs", "default", {
      metadata,
      spec: { template: { spec: { restartPolicy: "Never", containers: [container] } } },
    });
  expect((await run(["list"], true)).output).not.toMatch(/esc|nightly/);
  for (const name of ["nightly-backup", "esc"])
    for (const args of [
      ["stop", name],
      ["attach", name],
      ["logs", name],
    ]) {
      const { exitCode, output, errors } = await run(args, true);
      expect(exitCode).not.toBe(0);
      expect(errors).toContain("slot_foreign");
      expect(output + errors).not.toMatch(controls);
    }
  for (const name of ["nightly-backup", "esc"]) {
    const answer = await cluster.get("jobs", "default", name);
    expect(answer).toMatchObject({ kind: "ok", value: { metadata: { name } } });
    expect(JSON.stringify(answer)).not.toContain("deletionTimestamp");
  }
});

test("a cell is one line as wide as it looks", () => {
  expect(table([{ head: "A" }, { head: "B" }], [["x\ny", "\u001B[31mz"]])).toBe("A     B\nx y   z\n");
});

test.each([1, 2, 3, 5, 7])("a sequence that is cut into pieces of %i is no sequence either", (size) => {
  const text = `one\n${hostile}\ntwo`;
  let shown = "";
  const writer = createPlainWriter((piece) => (shown += piece));
  for (let index = 0; index < text.length; index += size) writer.push(text.slice(index, index + size));
  writer.end();
  expect(shown).toBe("one\nhello evil\ntwo");
});

test("a line without an end is shown in pieces, not kept", () => {
  let shown = 0;
  const writer = createPlainWriter((piece) => (shown += piece.length));
  for (let index = 0; index < 100; index += 1) writer.push("x".repeat(10_000));
  expect(shown).toBeGreaterThan(900_000);
});

test("data keeps its form", () => {
  expect(plainData({ a: ["\u001B[2Jx", 1, null, { b: true }] })).toEqual({ a: ["x", 1, null, { b: true }] });
  // A model's name comes from the stream, and is a key.
  expect(plainData({ "\u009B2Jm": 1, "\u001B]0;t\u0007n": 2 })).toEqual({ m: 1, n: 2 });
  expect(JSON.parse(escapeControls(JSON.stringify(hostile)))).toBe(hostile);
});
