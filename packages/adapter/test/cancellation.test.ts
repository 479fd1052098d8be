import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import type { ExitLike } from "@claude-k8s/diagnostics";
import type { PodEvidence, RunEvidence } from "@claude-k8s/k8s-runner";
import { describe, expect, onTestFinished, test } from "vitest";

import { optIntoCancellation } from "../src/host/cancellation.ts";
import { untilCancelled } from "../src/host/cancellation-poll.ts";
import { provesEnd } from "../src/host/proof-of-end.ts";
import { fakeHost } from "./host-context.ts";

const pod: PodEvidence = {
  name: "pod-1",
  uid: "u",
  phase: "Running",
  reason: null,
  message: null,
  nodeName: "node-1",
  createdAt: null,
  deletionTimestamp: null,
  conditions: [],
  containers: [],
};
const evidence: RunEvidence = {
  namespace: "n",
  jobName: "j",
  pod,
  otherPods: [],
  job: null,
  events: [],
  node: null,
  lastLines: [],
  gaps: [],
  logComplete: true,
  outputBytes: 0,
  timings: { createdAt: null, releasedAt: null, scheduledAt: null, startedAt: null, finishedAt: null },
  unavailable: [],
};
const node = (ready: "True" | "False" | "Unknown" | null): Partial<RunEvidence> => ({
  node: { name: "node-1", ready, conditions: [], unschedulable: false, taints: [] },
});
const disruption = (reason: string): Partial<RunEvidence> => ({
  pod: {
    ...pod,
    phase: "Failed",
    conditions: [
      { type: "DisruptionTarget", status: "True", reason, message: null, lastTransitionTime: null },
    ],
  },
});
const stopped = { kind: "stopped", by: "caller", reason: "r", forced: false, signal: null } as const;
const seen: ExitLike = { ...stopped, exitCode: 143, started: true };
const unseen: ExitLike = { ...stopped, exitCode: null, started: true };
const failed = (failure: object, changes: object = {}): ExitLike =>
  ({ kind: "failed", failure, started: true, exitCode: null, signal: null, ...changes }) as ExitLike;

describe("what proves that nothing runs any more", () => {
  test.each<[string, ExitLike, Partial<RunEvidence> | null, boolean]>([
    ["an exit of its own", { kind: "exited", exitCode: 0, signal: null }, {}, true],
    ["a stop whose exit code was seen", seen, node("Unknown"), true],
    ["a stop before anything started", { ...stopped, exitCode: null, started: false }, {}, true],
    ["a stop before there was a Job", { ...stopped, exitCode: null, started: false }, null, true],
    ["a pod that is gone, from a node that answers", unseen, node("True"), true],
    ["a pod that is gone, and nothing is said of its node", unseen, {}, true],
    ["a pod that is gone, from a node that does not answer", unseen, node("Unknown"), false],
    ["a pod that is gone with its node", unseen, node(null), false],
    ["a pod that the control plane has given up", unseen, disruption("DeletionByTaintManager"), false],
    ["a pod that its garbage collector has removed", unseen, disruption("DeletionByPodGC"), false],
    [
      "a node that was lost during the stop",
      failed({ kind: "node-lost", node: "n", message: null }),
      {},
      false,
    ],
    [
      "an eviction, which the kubelet has carried out",
      failed({ kind: "evicted", cause: "disk", overLimit: false, message: null }),
      { pod: { ...pod, phase: "Failed", reason: "Evicted" } },
      true,
    ],
    ["a pod that vanished", failed({ kind: "pod-vanished", pod: "p", lastSeen: null }), {}, false],
    ["a start that was given up", failed({ kind: "unschedulable" }, { started: false }), {}, true],
    [
      "one whose Job could be neither removed nor suspended",
      failed({ kind: "forbidden" }, { started: false, mayStillStart: true }),
      {},
      false,
    ],
    ["a refusal", { kind: "refused", failure: { kind: "settings-invalid", problems: [] } }, null, true],
  ])("%s", (_, exit, changes, proven) => {
    expect(provesEnd({ exit, evidence: changes === null ? null : { ...evidence, ...changes } })).toBe(proven);
  });
});

/** Answers one after the other, the last one for ever. `null`: the connection is cut. */
async function serverThatSays(answers: readonly (readonly [status: number, body: string] | null)[]) {
  const asked: { url: string; authorization: string }[] = [];
  const server = createServer((request, response) => {
    const answer = answers[Math.min(asked.length, answers.length - 1)] ?? null;
    asked.push({ url: request.url ?? "", authorization: request.headers.authorization ?? "" });
    if (answer === null) request.socket.destroy();
    else response.writeHead(answer[0]).end(answer[1]);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return { asked, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

describe("a server that tells nobody of a stop", () => {
  const run = (status: string): readonly [number, string] => [200, JSON.stringify({ id: "r", status })];

  test("is asked until its record of the run says so; its troubles are no stop", async () => {
    const answers = [
      run("running"),
      [500, '{"status":"cancelled"}'],
      null,
      [404, '{"status":"cancelled"}'],
      [200, "no JSON"],
      run("failed"),
      run("cancelled"),
    ] as const;
    const { asked, origin } = await serverThatSays(answers);
    const { context } = fakeHost({ runId: "run/1" });
    const { signal: _signal, onCancellationReady: _ready, ...older } = context;
    const cancellation = await optIntoCancellation(older, { origin: () => origin, everyMilliseconds: 1 });
    onTestFinished(cancellation.close);
    expect(cancellation.request()).toBeNull();
    await new Promise((resolve) => cancellation.signal.addEventListener("abort", resolve, { once: true }));
    expect(asked).toHaveLength(answers.length);
    expect(asked[0]).toEqual({
      url: "/api/heartbeat-runs/run%2F1",
      authorization: `Bearer ${context.authToken}`,
    });
    expect(cancellation.request()).toMatchObject({ byPerson: true });
  });

  test("is left alone when the run is over, and by servers that do tell", async () => {
    const { asked, origin } = await serverThatSays([run("cancelled")]);
    const ended = new AbortController();
    ended.abort();
    const token = "t";
    expect(await untilCancelled({ origin: () => origin, runId: "r", token, signal: ended.signal })).toBe(
      false,
    );
    const { context } = fakeHost({});
    const { close } = await optIntoCancellation(context, { origin: () => origin, everyMilliseconds: 1 });
    close();
    expect(asked).toEqual([]);
  });
});
