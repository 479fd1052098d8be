/** What is said of the folders that a run had as copies. */

import { describe, expect, test } from "vitest";
import { diagnose, type ClusterEvidence, type Evidence, type FailureLike } from "../src/index.ts";

type Files = NonNullable<ClusterEvidence["files"]>;

const ended = (files: Files): Evidence => ({
  exit: { kind: "exited", exitCode: 0, signal: null, evidence: { files } },
  summary: { inits: 1, result: { subtype: "success", isError: false, text: "Done." } },
});
const notCopied = (failure: FailureLike): Evidence => ({
  exit: {
    kind: "failed",
    failure,
    started: false,
    exitCode: null,
    signal: null,
    evidence: { namespace: "agents", pod: { name: "claude-x" } },
  },
  summary: null,
});

describe("what did not come back", () => {
  const lost = (reason: string, names: readonly string[] = []): Files => ({
    returned: { kind: "lost", reason, message: "the pod is gone" },
    names,
  });
  test.each([
    ["pod-gone", "its pod was gone before anybody could fetch them (the pod is gone)."],
    ["time-over", "nobody fetched them in the time for which the pod kept them (the pod is gone)."],
    ["forbidden", "the server may not use pods/exec (the pod is gone)."],
    ["too-large", "they are more than the limit allows (the pod is gone)."],
    ["disk-full", "the server's disk is full (the pod is gone)."],
    ["a reason of a later release", "the pod is gone."],
  ])("%s", (reason, words) => {
    const { outcome, notes } = diagnose(ended(lost(reason)));
    expect(outcome).toBe("success");
    expect(notes).toEqual([
      { code: "workspace_not_returned", text: `Files that the agent changed did not come back: ${words}` },
    ]);
  });

  test("is named", () => {
    const { notes } = diagnose(ended(lost("pod-gone", ["the session", "the workspace"])));
    expect(notes[0]?.text).toContain("changed in the session and the workspace did not come back");
  });
});

test("conflicts and what was left out are named, the first of them, and counted", () => {
  const many = Array.from({ length: 7 }, (_, index) => ({
    path: `f${index}`,
    keptAs: index === 0 ? null : `f${index}.kept`,
  }));
  const { notes } = diagnose(
    ended({
      returned: {
        kind: "returned",
        conflicts: many,
        conflicted: 9,
        refusals: [{ path: "out", reason: "leads-out" }],
        refused: 1,
      },
      leftOut: { refusals: [{ path: "key\nfile", reason: "unreadable" }], refused: 1 },
    }),
  );
  expect(notes.map(({ code }) => code)).toEqual(["workspace_conflict", "workspace_left_out"]);
  expect(notes[0]?.text).toMatch(
    /^9 files were changed .* f0 \(left as it was\), f1 \(the server's is f1\.kept\), .* and 4 more\.$/,
  );
  expect(notes[1]?.text).toBe(
    "2 entries were not copied: out (a link that leads out of the folder), key file (it cannot be read).",
  );
});

describe("why nothing could be copied in", () => {
  test.each([
    ["no-exec", "the cluster does not know exec", "kubectl exec"],
    ["pod-disk-full", "the pod's disk is full", "resources.limits.ephemeral-storage"],
    ["server-disk-full", "the server's disk is full", "Free space on the server"],
    ["server-disk-failed", "the server's disk refused it", "rights of the folder"],
    ["program-failed", "the program in the pod that takes them failed", "Node.js 18"],
  ])("%s", (trouble, words, fix) => {
    const diagnosis = diagnose(
      notCopied({ kind: "start-timeout", phase: "files", message: "no", waitedSeconds: 20, trouble }),
    );
    expect(diagnosis).toMatchObject({ code: "workspace_copy_failed", family: null, bootstrap: true });
    if (diagnosis.outcome !== "failure") throw new Error("no failure");
    expect(diagnosis.cause).toContain(words);
    expect(diagnosis.cause).toContain("(tried for 20 s): no");
    expect(diagnosis.fix.join("\n")).toContain(fix);
  });

  test("a cluster that answers with errors may be well again later", () => {
    const failure = { phase: "files", message: "502", waitedSeconds: 120, trouble: "no-answer" } as const;
    expect(diagnose(notCopied({ kind: "start-timeout", ...failure }))).toMatchObject({
      code: "workspace_copy_failed",
      family: "transient_upstream",
    });
  });

  test("too many files are counted as such, and the setting is named", () => {
    const diagnosis = diagnose(
      notCopied({
        kind: "workspace-too-large",
        what: "what is to be copied into the run",
        bytes: null,
        limitBytes: null,
        limitEntries: 1000,
        setting: "copyMaxFiles",
      }),
    );
    expect(diagnosis).toMatchObject({
      code: "workspace_too_large",
      cause: expect.stringContaining(
        'What is to be copied into the run has more than 1000 files and folders (setting "Most files of a copy").',
      ),
    });
  });
});

describe("what a cloned repository was left with", () => {
  const left = { head: "0abc", commits: 0, dirty: 0, pushed: false, branch: "agent/x", message: null };
  const notesOf = (repository: NonNullable<ClusterEvidence["repository"]>) =>
    diagnose({
      exit: { kind: "exited", exitCode: 0, signal: null, evidence: { repository } },
      summary: { inits: 1, result: { subtype: "success", isError: false, text: "Done." } },
    }).notes.map(({ text }) => text);

  test.each([
    ["nothing", {}, null],
    ["all of it pushed", { commits: 2, pushed: true }, null],
    [
      "commits and files",
      { commits: 1, dirty: 3 },
      "Not pushed, and gone with the pod: 1 commit and 3 files that were not committed on agent/x.",
    ],
    [
      "a push that failed beside another failure",
      { dirty: 1, message: "fatal: unable to access" },
      "Not pushed, and gone with the pod: 1 file that was not committed on agent/x. git said: fatal: unable to access.",
    ],
    [
      "something unreadable",
      { head: null },
      "What the agent left in the repository could not be read, and went with the pod.",
    ],
  ])("%s", (_name, more, text) => {
    expect(notesOf({ ...left, ...more })).toEqual(text === null ? [] : [text]);
  });
});
