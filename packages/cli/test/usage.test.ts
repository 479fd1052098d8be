import type { Cluster, RunListing } from "@claude-k8s/k8s-runner";
import { summarizeStream } from "@claude-k8s/stream-parser";
import { usageNote, usageOf } from "paperclip-adapter-claude-k8s/cli-parts";
import { expect, test } from "vitest";

import { recording, recordingNames } from "../../stream-parser/test/recordings.ts";
import { usageCells } from "../src/screen/numbers.ts";
import { usagesOf } from "../src/usage.ts";

const finished: RunListing = {
  ref: { namespace: "n", jobName: "run-1", jobUid: "u1", runId: "r1" },
  slot: "cli/s",
  state: "finished",
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
) => (await usagesOf(cluster, [run], signal, bounds))[0]?.[1];

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
    expect(asked).toHaveLength(1);
  }
  expect(compared).toBeGreaterThan(150);
});

test("a note spares the log, and only of a run that is over", async () => {
  const asked: object[] = [];
  const noted = { ...finished, note: usageNote(used) };
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
