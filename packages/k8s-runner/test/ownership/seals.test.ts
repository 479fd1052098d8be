/** What a seal holds, as a table over one Job: each change of it, and what the runner then thinks whose it is. */

import { describe, expect, test } from "vitest";
import { jobManifest } from "../../src/index.ts";
import { createSeals } from "../../src/manifest/seal.ts";
import { passingSpec } from "../policy/variants.ts";

type Json = any;

const key = "first-key-of-the-tests";
const other = Buffer.from("second-key-of-the-tests");

/** As the API gives it back after its release. */
function sealedJob(seals = createSeals(key), uid = "uid-1"): Json {
  const job: Json = JSON.parse(JSON.stringify(jobManifest({ ...passingSpec, stdin: "x" })));
  Object.assign(job.metadata.annotations, seals.claim(job));
  job.metadata.uid = uid;
  Object.assign(job.metadata.annotations, seals.seal(job), {
    "claude-k8s.io/released-at": "2026-01-01T00:00:00Z",
  });
  job.spec.suspend = false;
  return job;
}

function unreleasedJob(seals = createSeals(key)): Json {
  const job = sealedJob(seals);
  delete job.metadata.annotations["claude-k8s.io/seal"];
  delete job.metadata.annotations["claude-k8s.io/released-at"];
  job.spec.suspend = true;
  return job;
}

const changes: readonly (readonly [
  name: string,
  change: (job: Json) => void,
  standing: "ours" | "foreign",
])[] = [
  ["nothing", () => undefined, "ours"],
  ["its supervisor", ({ metadata }) => (metadata.annotations["claude-k8s.io/supervisor"] = "other"), "ours"],
  ["its run id", ({ metadata }) => (metadata.annotations["claude-k8s.io/run-id"] = "other"), "ours"],
  ["a label of somebody's", ({ metadata }) => (metadata.labels["team"] = "x"), "ours"],
  ["its status", (job) => (job.status = { active: 1 }), "ours"],
  ["what a queue sets", ({ spec }) => (spec.template.spec.nodeSelector = { pool: "a" }), "ours"],
  ["tolerations of a queue", ({ spec }) => (spec.template.spec.tolerations = [{ key: "a" }]), "ours"],
  ["the order of fields", (job) => (job.spec.template.spec = reversed(job.spec.template.spec)), "ours"],
  ["a field that is null", ({ spec }) => (spec.template.spec.hostname = null), "ours"],
  ["its UID", ({ metadata }) => (metadata.uid = "uid-2"), "foreign"],
  ["its name", ({ metadata }) => (metadata.name = "nightly-backup"), "foreign"],
  ["its namespace", ({ metadata }) => (metadata.namespace = "other"), "foreign"],
  ["its slot", ({ metadata }) => (metadata.annotations["claude-k8s.io/slot"] = "other"), "foreign"],
  ["its attempt", ({ metadata }) => (metadata.annotations["claude-k8s.io/attempt"] = "aaaaaaaa"), "foreign"],
  ["its Secrets", ({ metadata }) => (metadata.annotations["claude-k8s.io/payload-secrets"] = "3"), "foreign"],
  ["its deadlines", ({ metadata }) => (metadata.annotations["claude-k8s.io/supervision"] = "{}"), "foreign"],
  ["its image", ({ spec }) => (spec.template.spec.containers[0].image = "evil/x:1"), "foreign"],
  ["its command", ({ spec }) => spec.template.spec.containers[0].command.push("x"), "foreign"],
  [
    "a sidecar",
    ({ spec }) => spec.template.spec.containers.push({ name: "x", image: "evil/x:1" }),
    "foreign",
  ],
  ["an init container", ({ spec }) => (spec.template.spec.initContainers = [{ name: "x" }]), "foreign"],
  [
    "a volume",
    ({ spec }) => spec.template.spec.volumes.push({ name: "x", hostPath: { path: "/" } }),
    "foreign",
  ],
  ["its label", ({ metadata }) => delete metadata.labels["app.kubernetes.io/managed-by"], "foreign"],
  ["its seal, cut", ({ metadata }) => cut(metadata.annotations), "foreign"],
  ["its seal, gone", ({ metadata }) => delete metadata.annotations["claude-k8s.io/seal"], "foreign"],
  ["its seal, a list", ({ metadata }) => (metadata.annotations["claude-k8s.io/seal"] = ["1."]), "foreign"],
];

function cut(annotations: Json): void {
  annotations["claude-k8s.io/seal"] = annotations["claude-k8s.io/seal"].slice(0, -1);
}

function reversed(object: Json): Json {
  return Object.fromEntries(Object.entries(object).toReversed());
}

describe("a seal", () => {
  test.each(changes)("%s changed", (_name, change, standing) => {
    const job = sealedJob();
    change(job);
    expect(createSeals(key).standing(job).kind).toBe(standing);
  });
  test("of the Job that a slot had before does not fit the next one", () => {
    const before = sealedJob();
    const forged = sealedJob(createSeals(other), "uid-2");
    forged.metadata.annotations = before.metadata.annotations;
    expect(createSeals(key).standing(forged)).toMatchObject({ kind: "foreign" });
  });
  test("of another slot's Job does not fit", () => {
    const forged = sealedJob();
    const donor: Json = JSON.parse(JSON.stringify(jobManifest({ ...passingSpec, slot: "other" })));
    donor.metadata.uid = forged.metadata.uid;
    Object.assign(forged.metadata.annotations, createSeals(key).seal(donor));
    expect(createSeals(key).standing(forged)).toMatchObject({ kind: "foreign" });
  });
  test("is no claim, and a claim is no seal", () => {
    const job = sealedJob();
    const { annotations } = job.metadata;
    annotations["claude-k8s.io/seal"] = annotations["claude-k8s.io/claim"];
    expect(createSeals(key).standing(job)).toMatchObject({ kind: "foreign" });
  });
  test("an unreleased Job is claimed: removable, not adoptable", () => {
    expect(createSeals(key).standing(unreleasedJob())).toEqual({ kind: "claimed" });
  });
  test.each([
    ["runs", (job: Json) => (job.spec.suspend = false)],
    [
      "says that it was released",
      (job: Json) => (job.metadata.annotations["claude-k8s.io/released-at"] = "x"),
    ],
    ["has another slot", (job: Json) => (job.metadata.annotations["claude-k8s.io/slot"] = "other")],
  ])("a claimed Job that %s is foreign", (_name, change) => {
    const job = unreleasedJob();
    change(job);
    expect(createSeals(key).standing(job).kind).toBe("foreign");
  });
  test("says what is wrong", () => {
    const job = sealedJob();
    delete job.metadata.annotations["claude-k8s.io/seal"];
    expect(createSeals(key).standing(job)).toEqual({ kind: "foreign", reason: "it carries no seal" });
    expect(createSeals(other).standing(sealedJob())).toMatchObject({
      reason: "its seal was made with another key, or for another Job or pod template",
    });
  });
});

describe("keys", () => {
  test("of several, the first seals and all are accepted", () => {
    const rotated = createSeals([other, key]);
    expect(rotated.standing(sealedJob(createSeals(key)))).toEqual({ kind: "ours" });
    expect(createSeals(other).standing(sealedJob(rotated))).toEqual({ kind: "ours" });
    expect(createSeals(key).standing(sealedJob(rotated)).kind).toBe("foreign");
  });
  test("without one, the form alone decides, and nothing is written", () => {
    const open = createSeals(undefined);
    expect(open.claim(sealedJob())).toEqual({});
    expect(open.standing(sealedJob(open))).toEqual({ kind: "ours" });
    expect(open.standing({ metadata: { name: "nightly-backup" } })).toEqual({
      kind: "foreign",
      reason: "it has no label app.kubernetes.io/managed-by=claude-k8s",
    });
  });
  test.each([[""], ["short"], [[]], [[key, ""]], [new Uint8Array(15)]])("%j is none", (bad) => {
    expect(() => createSeals(bad as string)).toThrow(
      "sealKey must be one key or a list of keys, each of at least 16 bytes",
    );
  });
});
