import { diagnose, formatWord } from "@claude-k8s/diagnostics";
import type { Cluster, ListedEnding, RunListing } from "@claude-k8s/k8s-runner";
import { summarizeStream } from "@claude-k8s/stream-parser";
import { runNote, usageOf } from "paperclip-adapter-claude-k8s/cli-parts";
import { expect, test } from "vitest";

import { recording, recordingNames } from "../../stream-parser/test/recordings.ts";
import { usageCells } from "../src/screen/numbers.ts";
import { seenRuns } from "../src/usage.ts";

const finished: RunListing = {
  ref: { namespace: "n", jobName: "run-1", jobUid: "u1", runId: "r1" },
  slot: "cli/s",
  state: "finished",
  ending: null,
  sealed: null,
  supervisor: null,
  supervised: false,
  concludedAt: null,
  note: null,
  labels: {},
  createdAt: "2026-01-01T00:00:00Z",
  podName: "run-1-x",
  nodeName: "node-1",
};
const nothing: ListedEnding["evidence"] = {
  namespace: "n",
  jobName: "run-1",
  pod: null,
  otherPods: [],
  job: null,
};
const used = { turns: 2, tokens: 1000, costUsd: 0.5, estimated: false };
const { signal } = new AbortController();

/** Answers each reading with a log, stamped as the API server stamps it; `tailRecords` counts lines here. */
function clusterWith(text: string, asked: object[] = [], brokenAfter = Number.POSITIVE_INFINITY): Cluster {
  const logs: Cluster["logs"] = {
    open: async (request) => {
      asked.push(request);
      const lines = text.split("\n").filter((line) => line !== "");
      const wanted = request.tailRecords === undefined ? lines : lines.slice(-request.tailRecords);
      return {
        kind: "stream",
        cancel: () => undefined,
        chunks: (async function* () {
          for (const [index, line] of wanted.entries()) {
            if (index >= brokenAfter) throw new Error("the connection broke");
            yield Buffer.from(`2026-01-01T00:00:00.000000000Z ${line}\n`);
          }
        })(),
      };
    },
  };
  return { logs } as Cluster;
}

const usageIn = async (
  cluster: Cluster,
  run: RunListing,
  bounds?: { mostBytes: number; milliseconds: number },
) => (await seenRuns(cluster, [run], signal, bounds))[0]?.[1];

test("the end of every recorded run says what all of it has used", async () => {
  let compared = 0;
  for (const name of recordingNames) {
    const text = Buffer.from(recording(name)).toString("utf8");
    const whole = await summarizeStream([text]);
    if (whole.result === null) continue;
    compared += 1;
    const asked: object[] = [];
    const usage = await usageIn(clusterWith(text, asked), finished);
    expect({ name, usage }).toEqual({ name, usage: { ...usageOf(whole), partial: false } });
    // What begins with a result is read once more, in case it was longer.
    expect(asked.length).toBeLessThanOrEqual(whole.inits > 0 ? 1 : 2);
  }
  expect(compared).toBeGreaterThan(150);
});

test("the end of every recorded run says how all of it ended", async () => {
  for (const name of recordingNames) {
    const text = Buffer.from(recording(name)).toString("utf8");
    const summary = await summarizeStream([text]);
    for (const exitCode of [0, 1]) {
      const exit = { kind: "exited", exitCode, signal: null } as const;
      const { outcome, code } = diagnose({ exit, summary });
      const run = { ...finished, ending: { ...exit, evidence: nothing } };
      const [listed] = await seenRuns(clusterWith(text), [run], signal);
      expect({ name, exitCode, ending: listed?.[2] }).toEqual({
        name,
        exitCode,
        ending: { outcome, code, word: formatWord({ code }) },
      });
    }
  }
});

const exited = (exitCode: number): ListedEnding => ({
  kind: "exited",
  exitCode,
  signal: null,
  evidence: nothing,
});
const outOfMemory: ListedEnding = {
  kind: "failed",
  failure: { kind: "out-of-memory", certain: true, container: "main", memoryLimit: "1Gi", exitCode: 137 },
  started: true,
  exitCode: 137,
  signal: "SIGKILL",
  evidence: nothing,
};
const silent = () =>
  ({ logs: { open: async () => ({ kind: "not-found", message: "no" }) } }) as unknown as Cluster;
const result = (fields: object) =>
  [
    { type: "system", subtype: "init", session_id: "s1", model: "claude-opus-5-5", tools: [], cwd: "/" },
    { type: "assistant", message: { id: "m1", role: "assistant", content: [{ type: "text", text: "Hi" }] } },
    { type: "result", subtype: "success", is_error: false, num_turns: 1, result: "Hi", ...fields },
  ]
    .map((frame) => `${JSON.stringify(frame)}\n`)
    .join("");

test.each<[string, Partial<RunListing>, string | null, object | null]>([
  ["one that lives has none", { state: "running" }, result({}), null],
  ["success", { ending: exited(0) }, result({}), { outcome: "success", code: null, word: "ok" }],
  [
    "a result that is an error, with exit 0",
    { ending: exited(0) },
    result({ subtype: "error_max_turns" }),
    { outcome: "failure", code: "max_turns_exhausted", word: "out of turns" },
  ],
  [
    "success whose pod was killed afterwards",
    { ending: outOfMemory },
    result({}),
    { outcome: "success", code: null, word: "ok" },
  ],
  [
    "killed for memory, with a log of its beginning",
    { ending: outOfMemory },
    result({}).split("\n").slice(0, 2).join("\n"),
    { outcome: "failure", code: "k8s_oom_killed", word: "out of memory" },
  ],
  [
    "killed for memory, and its log cannot be read",
    { ending: outOfMemory },
    null,
    { outcome: "failure", code: "k8s_oom_killed", word: "out of memory" },
  ],
  [
    "exit 0, and its log cannot be read",
    { ending: exited(0) },
    null,
    { outcome: "unknown", code: null, word: "finished" },
  ],
  [
    "exit 1, and its pod is gone",
    { ending: exited(1), podName: null },
    result({}),
    { outcome: "failure", code: null, word: "exit 1" },
  ],
  [
    "nothing tells its exit, but it has a result",
    { ending: null },
    result({}),
    { outcome: "success", code: null, word: "ok" },
  ],
  [
    "nothing tells its exit, and it has no result",
    { ending: null },
    "hello\n",
    { outcome: "unknown", code: null, word: "finished" },
  ],
  [
    "a note of its ending outweighs what can still be seen",
    { ending: exited(143), note: runNote(used, { code: "cancelled" }) },
    "hello\n",
    { outcome: "failure", code: "cancelled", word: "stopped" },
  ],
  [
    "a note that says nothing of its ending",
    { ending: exited(0), note: JSON.stringify(used) },
    result({}),
    { outcome: "success", code: null, word: "ok" },
  ],
])("how a listed run ended: %s", async (_name, changes, log, ending) => {
  const cluster = log === null ? silent() : clusterWith(log);
  const [listed] = await seenRuns(cluster, [{ ...finished, ...changes }], signal);
  expect(listed?.[2]).toEqual(ending);
});

test("a note spares the log, and only of a run that is over", async () => {
  const asked: object[] = [];
  const noted = { ...finished, note: runNote(used, { code: null }) };
  expect(await usageIn(clusterWith("", asked), noted)).toEqual({ ...used, partial: false });
  expect(asked).toEqual([]);
  expect(await usageIn(clusterWith("", asked), { ...noted, state: "running" })).toBeNull();
  expect(asked).toHaveLength(1);
});

test("what cannot be read to its end says so, and what cannot be read at all says nothing", async () => {
  const text = Buffer.from(recording("tool-parallel")).toString("utf8");
  const running = { ...finished, state: "running" } as const;
  const cut = await usageIn(clusterWith(text, [], 12), running);
  expect(cut).toMatchObject({ partial: true });
  const bounded = await usageIn(clusterWith(text), running, { mostBytes: 9000, milliseconds: 5000 });
  expect(bounded).toMatchObject({ partial: true });
  expect(await usageIn(clusterWith(text), { ...running, podName: null })).toBeNull();
  const refusing = { logs: { open: async () => ({ kind: "forbidden", message: "no" }) } };
  expect(await usageIn(refusing as unknown as Cluster, running)).toBeNull();
});

test.each([
  [null, "-", "-"],
  [{ ...used, partial: false }, "1k", "$0.50"],
  [{ ...used, partial: true }, "1k+", "$0.50+"],
  [{ ...used, estimated: true, partial: false }, "1k", "~$0.50"],
  [{ ...used, costUsd: null, partial: true }, "1k+", "-"],
])("cells of %j", (usage, tokens, cost) => {
  expect(usageCells(usage)).toEqual([tokens, cost]);
});
