/** What a look at a run that seems to have ended means: one row a branch, each with its near miss. */

import { describe, expect, test } from "vitest";
import { emptyMemory, hintOf, looksEnded, step } from "../../src/end/step.ts";
import type { Memory, Observation } from "../../src/end/step.ts";
import type { NodeEvidence } from "../../src/index.ts";
import {
  condition,
  container,
  disrupted,
  ended,
  job,
  nothingYet,
  pod,
  running,
  view,
  waiting,
} from "./evidence.ts";

const now = 1_000_000_000;
const deleted = { deletionTimestamp: "2026-01-01T00:01:00Z" };
const seen = { job: true, pod: true };
const node = (ready: NodeEvidence["ready"]): NodeEvidence => ({
  name: "node-1",
  ready,
  conditions: [],
  unschedulable: false,
  taints: [],
});

function look(observation: Partial<Observation>, memory: Partial<Memory> = {}, at = now) {
  return step(
    { ...emptyMemory, ...memory },
    {
      view: view({ pod: pod([container(running)]) }),
      main: "main",
      stopped: false,
      stopGraceSeconds: null,
      held: false,
      found: seen,
      graceSeconds: 30,
      heardAt: null,
      ...observation,
    },
    at,
  );
}
const wait = (milliseconds: number) => ({ kind: "wait", milliseconds });

describe("what is missing", () => {
  const found = { job: false, pod: false };
  test("once is missing perhaps", () => {
    expect(look({ found })).toEqual({ memory: { ...emptyMemory, missingSince: now }, action: wait(5000) });
  });
  test("again too soon is missing perhaps", () => {
    expect(look({ found }, { missingSince: now - 4000 }).action).toEqual(wait(1000));
  });
  test("twice is gone", () => {
    expect(look({ found }, { missingSince: now - 5000 }).action).toMatchObject({
      kind: "conclude",
      ending: { failure: { kind: "deleted-externally", object: "job" }, started: true },
    });
  });
  test("and found again was never missing", () => {
    expect(look({}, { missingSince: now - 5000 })).toMatchObject({ memory: { missingSince: null } });
  });
  test("after its command had ended changes nothing", () => {
    const over = view({ pod: pod([container(ended(3))], { phase: "Failed" }) });
    expect(look({ view: over, found }).action).toMatchObject({
      kind: "conclude",
      ending: { kind: "exited", exitCode: 3 },
    });
  });
  test("of a Job that never had a pod is the Job alone", () => {
    expect(look({ view: view(), found: { job: true, pod: false } }).action).toEqual(wait(5000));
  });
});

describe("the end of the command", () => {
  const normal = view({ pod: pod([container(ended(0))]), cutOff: false });
  test("is checked against the kubelet's events, before the pod is over", () => {
    expect(look({ view: normal }).action).toEqual({ kind: "read-events" });
  });
  test.each([false, null])("without a word of the kubelet's (%s) is its own", (killed) => {
    expect(look({ view: normal, killed }).action).toMatchObject({ ending: { kind: "exited", exitCode: 0 } });
  });
  test("by the kubelet's hand waits for its reason", () => {
    expect(look({ view: normal, killed: true })).toEqual({
      memory: { ...emptyMemory, lateSince: now },
      action: wait(1000),
    });
  });
  test("… but not for ever", () => {
    expect(look({ view: normal, killed: true }, { lateSince: now - 30_000 }).action).toMatchObject({
      ending: { kind: "exited", exitCode: 0 },
    });
  });
  test("with its reason is the kubelet's", () => {
    const evicted = view({
      pod: pod([container(ended(0))], { phase: "Failed", reason: "Evicted" }),
      cutOff: false,
    });
    expect(look({ view: evicted }).action).toEqual({ kind: "read-events" });
    expect(look({ view: evicted, killed: true }).action).toMatchObject({
      ending: { failure: { kind: "evicted" } },
    });
    expect(look({ view: evicted, killed: null }).action).toMatchObject({
      ending: { failure: { kind: "evicted" } },
    });
    expect(look({ view: evicted, killed: false }).action).toMatchObject({ ending: { kind: "exited" } });
  });
  test("in a pod that was deleted, nobody knows in which order, asks the events", () => {
    const late = view({ pod: pod([container(ended(0))], deleted), cutOff: null });
    expect(look({ view: late }).action).toEqual({ kind: "read-events" });
    expect(look({ view: late, killed: true }).action).toMatchObject({
      ending: { failure: { kind: "deleted-externally" }, exitCode: 0 },
    });
    expect(look({ view: late, killed: false }).action).toMatchObject({ ending: { kind: "exited" } });
  });
  test("in a pod that was deleted before is a stranger's doing", () => {
    const cut = view({ pod: pod([container(ended(0))], deleted), cutOff: true });
    expect(look({ view: cut }).action).toMatchObject({ ending: { failure: { kind: "deleted-externally" } } });
  });
  test("after our own stop waits until nothing runs in the pod", () => {
    expect(look({ view: normal, stopped: true, stopGraceSeconds: 45 }).action).toEqual(wait(1000));
    expect(look({ view: normal, stopped: true }).action).toMatchObject({ kind: "conclude" });
    const asked = { view: normal, stopped: true, stopGraceSeconds: 45 };
    expect(look(asked, { lateSince: now - 59_000 }).action).toEqual(wait(1000));
    expect(look(asked, { lateSince: now - 60_000 }).action).toMatchObject({ kind: "conclude" });
    const over = view({ pod: pod([container(ended(143))], { phase: "Failed", reason: "DeadlineExceeded" }) });
    expect(look({ view: over, stopped: true, stopGraceSeconds: 45 }).action).toMatchObject({
      ending: { exitCode: 143 },
    });
  });
});

describe("a pod that is over", () => {
  const silent = view({ pod: pod([container(nothingYet)], { phase: "Succeeded" }) });
  const failed = view({ pod: pod([container(nothingYet)], { phase: "Failed" }) });
  test("without its container's state waits for it", () => {
    expect(look({ view: silent })).toMatchObject({ memory: { lateSince: now }, action: wait(1000) });
  });
  test("has exit 0 in the end, where it succeeded", () => {
    expect(look({ view: silent }, { lateSince: now - 30_000 }).action).toMatchObject({
      ending: { kind: "exited", exitCode: 0 },
    });
  });
  test("has an unknown one, where it failed; and may have run", () => {
    expect(look({ view: failed }, { lateSince: now - 30_000 }).action).toMatchObject({
      ending: { failure: { kind: "exit-unknown" }, started: true },
    });
  });
  test("says itself that it was refused, and is not waited for", () => {
    const refused = view({ pod: pod([container(nothingYet)], { phase: "Failed", reason: "OutOfcpu" }) });
    expect(look({ view: refused }).action).toMatchObject({ ending: { failure: { kind: "node-refused" } } });
  });
});

describe("a node in doubt", () => {
  const stuck = view({ pod: pod([container(running)], deleted), podGraceSeconds: 30 });
  const patience = (30 + 120) * 1000;
  const since = { terminatingSince: now - patience };

  test("is read for a pod that should go", () => {
    expect(look({ view: stuck }).action).toEqual({ kind: "read-node" });
  });
  test("is read for a disruption", () => {
    const going = view({ pod: pod([container(running)], disrupted("DeletionByTaintManager")) });
    expect(look({ view: going }).action).toEqual({ kind: "read-node" });
  });
  test("is none for a pod that stays, or that has none", () => {
    expect(look({}).action).toEqual(wait(5000));
    const nowhere = view({ pod: pod([container(waiting(null))], { ...deleted, nodeName: null }) });
    expect(look({ view: nowhere }).action).toEqual(wait(5000));
  });
  test("that is well takes its time", () => {
    const { memory, action } = look({ view: stuck, node: node("True") }, since);
    expect(action).toEqual(wait(5000));
    expect(memory.terminatingSince).toBeNull();
  });
  test.each([
    ["that may not be read", null],
    ["that does not answer", node("Unknown")],
    ["that is not ready", node("False")],
    ["that is gone", node(null)],
  ])("%s is lost only after the pod's grace, silence, and another look", (_, its) => {
    const first = look({ view: stuck, node: its });
    expect(first).toMatchObject({ memory: { terminatingSince: now }, action: wait(5000) });
    expect(look({ view: stuck, node: its }, { terminatingSince: now - patience + 1 }).action).toEqual(
      wait(5000),
    );
    const again = look({ view: stuck, node: its }, since);
    expect(again).toMatchObject({ memory: { lookedAgain: true }, action: { kind: "look-again" } });
    expect(look({ view: stuck, node: its }, again.memory).action).toMatchObject({
      kind: "conclude",
      ending: { failure: { kind: "node-lost", node: "node-1" }, started: true },
    });
  });
  test("is not lost while its log speaks", () => {
    const action = look({ view: stuck, node: null, heardAt: now - 119_000 }, { ...since, lookedAgain: true });
    expect(action).toMatchObject({ memory: { lookedAgain: false }, action: wait(5000) });
    expect(look({ view: stuck, node: null, heardAt: now - 120_000 }, since).action).toEqual({
      kind: "look-again",
    });
  });
  test("is not lost before a longer grace of the pod's own", () => {
    const patient = view({ pod: pod([container(running)], deleted), podGraceSeconds: 3600 });
    expect(look({ view: patient, node: null }, since).action).toEqual(wait(5000));
  });
  test("has nothing to say once the command has ended", () => {
    const over = view({ pod: pod([container(ended(143))], deleted), cutOff: true });
    expect(look({ view: over }, { ...since, lookedAgain: true }).action).toMatchObject({
      ending: { failure: { kind: "deleted-externally" }, exitCode: 143 },
    });
  });
});

describe("hints", () => {
  const goesOn = view({ pod: pod([container(running)]) });
  test.each([
    ["it goes on", goesOn, false, false],
    ["the watch does not have it", goesOn, true, true],
    ["the container has ended", view({ pod: pod([container(ended(0))]) }), false, true],
    ["the pod is deleted", view({ pod: pod([container(running)], deleted) }), false, true],
    ["the Job is deleted", view({ pod: pod([container(running)]), job: job(deleted) }), false, true],
    ["the Job is complete", view({ job: job({ conditions: [condition("Complete")] }) }), false, true],
    ["the Job has failed", view({ job: job({ conditions: [condition("Failed")] }) }), false, true],
    [
      "the Job is about to fail",
      view({ job: job({ conditions: [condition("FailureTarget")] }) }),
      false,
      false,
    ],
  ])("%s", (_, shown, missing, expected) => {
    expect(looksEnded(shown, missing)).toBe(expected);
  });
  test("each change is a new one", () => {
    const views = [
      goesOn,
      view({ pod: pod([container(ended(0))]) }),
      view({ pod: pod([container(ended(0))], { phase: "Succeeded" }) }),
      view({ pod: pod([container(running)], deleted) }),
      view({ pod: pod([container(running)]), job: job(deleted) }),
      view({ pod: pod([container(running)]), job: job({ conditions: [condition("Complete")] }) }),
    ];
    const hints = [...views.map((shown) => hintOf(shown, "main", false)), hintOf(goesOn, "main", true)];
    expect(new Set(hints).size).toBe(hints.length);
  });
});

describe("a Job that could not be deleted, and was suspended", () => {
  const suspended = { suspended: true, conditions: [condition("Suspended", "JobSuspended")] };
  const found = { job: true, pod: false };
  const held = { held: true, found, stopped: true, view: view({ job: job(suspended) }) };
  test("has no pod, perhaps", () => {
    expect(look(held)).toEqual({ memory: { ...emptyMemory, heldSince: now }, action: wait(5000) });
  });
  test("has none, and makes none", () => {
    expect(look(held, { heldSince: now - 5000 }).action).toMatchObject({
      kind: "conclude",
      ending: { kind: "failed", started: false },
    });
  });
  test("whose command had begun", () => {
    const ran = view({ job: job(suspended), pod: pod([container(running)], deleted), ran: true });
    expect(
      look({ ...held, view: ran, node: null }, { heldSince: now - 5000, missingSince: now - 5000 }).action,
    ).toMatchObject({
      ending: { started: true },
    });
  });
  test.each([
    ["its controller has not seen it yet", { view: view({ job: job({ suspended: true }) }) }],
    ["it has a pod", { found: seen }],
    ["several pods may be its own", { view: view({ job: job(suspended), contested: ["a", "b"] }) }],
    ["it was not our stop that suspended it", { held: false }],
  ])("goes on where %s", (_, changed) => {
    expect(look({ ...held, ...changed }, { heldSince: now - 60_000 }).action.kind).toBe("wait");
    expect(look({ ...held, ...changed }, { heldSince: now - 60_000 }).memory.heldSince).toBeNull();
  });
});

describe("a pod that is over, and its container's state never comes", () => {
  const late = { lateSince: now - 30_000 };
  const failed = (state: Parameters<typeof container>[0], more = {}) =>
    view({ pod: pod([container(state)], { phase: "Failed" }), ...more });
  test.each([
    ["it may have run", failed(nothingYet), true],
    ["it may have been made", failed(waiting("ContainerCreating")), true],
    ["the init containers were not done", failed(waiting("PodInitializing")), false],
    ["it was seen to run before", failed(waiting("PodInitializing"), { ran: true }), true],
  ])("%s", (_, seenLast, started) => {
    expect(look({ view: seenLast }, late).action).toMatchObject({
      ending: { failure: { kind: "exit-unknown" }, started },
    });
  });
});
