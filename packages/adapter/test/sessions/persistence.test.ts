import { describe, expect, test } from "vitest";

import { type PersistenceFacts, choosePersistence, resumable } from "../../src/sessions/persistence.ts";

const sessionId = "2070e40b-40f4-41d9-97c7-7a1ba48240d8";
const facts: PersistenceFacts = {
  sessionMode: null,
  podTemplate: null,
  homeLasts: false,
  exec: true,
  hasStore: true,
};
const volumes = (...kinds: object[]) => ({
  spec: { volumes: kinds.map((kind, index) => Object.assign({ name: `v${index}` }, kind)) },
});

describe("where a session is kept", () => {
  const table: readonly [string, Partial<PersistenceFacts>, "copied" | "home" | "none"][] = [
    ["nothing is set, and exec is allowed", {}, "copied"],
    ["exec is not allowed", { exec: false }, "none"],
    ["nobody says whether exec is allowed", { exec: null }, "copied"],
    ["the server has no folder of its own", { hasStore: false }, "none"],
    [
      "the overlay mounts a claim, where the home may lie",
      { podTemplate: volumes({ persistentVolumeClaim: { claimName: "a" } }) },
      "home",
    ],
    [
      "the overlay mounts NFS",
      { podTemplate: volumes({ emptyDir: {} }, { nfs: { server: "n", path: "/" } }) },
      "home",
    ],
    [
      "the overlay mounts only what ends with the pod, or is read",
      {
        podTemplate: volumes({ emptyDir: {} }, { configMap: { name: "c" } }, { secret: { secretName: "s" } }),
      },
      "copied",
    ],
    [
      "copied was asked for beside a claim",
      { sessionMode: "copied", podTemplate: volumes({ persistentVolumeClaim: { claimName: "a" } }) },
      "copied",
    ],
    ["copied was asked for without the right", { sessionMode: "copied", exec: false }, "none"],
    ["the workspace brings a home that lasts", { homeLasts: true }, "home"],
    ["copied was asked for although the home lasts", { sessionMode: "copied", homeLasts: true }, "copied"],
    ["home was asked for", { sessionMode: "home" }, "home"],
    ["home was asked for without anything", { sessionMode: "home", exec: false, hasStore: false }, "home"],
  ];
  test.each(table)("%s", (_name, given, kind) => {
    expect(choosePersistence({ ...facts, ...given }).kind).toBe(kind);
  });

  test("the missing right is named", () => {
    expect(choosePersistence({ ...facts, exec: false })).toMatchObject({
      reason: expect.stringMatching(/pods\/exec.*create and get/),
    });
  });
});

describe("what is resumed", () => {
  const choice = { resume: sessionId, reason: null, wasGone: false };
  const none = { kind: "none", reason: "of the disk" } as const;
  test.each([
    ["its transcript is here", { persistence: { kind: "copied" }, isKept: true }, true],
    ["its transcript is missing", { persistence: { kind: "copied" }, isKept: false }, false],
    ["it went with its pod", { persistence: none, isKept: false }, false],
    ["the home may have it", { persistence: { kind: "home" }, isKept: false }, true],
    ["the home has it", { persistence: { kind: "home" }, isKept: false, inHome: true }, true],
    ["the home does not have it", { persistence: { kind: "home" }, isKept: false, inHome: false }, false],
    [
      "it is here, whatever a home has",
      { persistence: { kind: "copied" }, isKept: true, inHome: false },
      true,
    ],
  ] as const)("%s", (_name, given, resumed) => {
    const answer = resumable({ choice, homeLasts: false, inHome: null, ...given });
    expect(answer.resume).toBe(resumed ? sessionId : null);
    expect(answer.reason === null).toBe(resumed);
  });

  test("a home that has lost a session before is not tried again, a transcript on the server is", () => {
    const gone = { ...choice, wasGone: true };
    expect(
      resumable({
        choice: gone,
        persistence: { kind: "home" },
        isKept: false,
        homeLasts: false,
        inHome: null,
      }).resume,
    ).toBeNull();
    expect(
      resumable({
        choice: gone,
        persistence: { kind: "copied" },
        isKept: true,
        homeLasts: false,
        inHome: null,
      }).resume,
    ).toBe(sessionId);
  });

  test("a home that lasts is tried again, whatever it has lost before", () => {
    const gone = { ...choice, wasGone: true };
    expect(
      resumable({ choice: gone, persistence: { kind: "home" }, isKept: false, homeLasts: true, inHome: null })
        .resume,
    ).toBe(sessionId);
  });

  test("a reason that was found before stays", () => {
    const other = { resume: null, reason: "its MCP servers have changed", wasGone: false };
    expect(
      resumable({
        choice: other,
        persistence: { kind: "copied" },
        isKept: false,
        homeLasts: false,
        inHome: null,
      }),
    ).toEqual(other);
  });
});
