/** How long which trouble of a copy may last. */

import { describe, expect, test } from "vitest";
import type { ApiError } from "../../src/index.ts";
import {
  createPatience,
  diskTrouble,
  patienceAfter,
  patienceBefore,
} from "../../src/files/exchange/patience.ts";
import { refusedOrInterrupted } from "../../src/files/exchange/program.ts";

const error = (more: Partial<ApiError>): ApiError => ({
  kind: "unavailable",
  httpStatus: 500,
  reason: null,
  message: "",
  causes: [],
  retryAfterSeconds: null,
  ...more,
});

describe("what an answer of the API server means for a copy", () => {
  const rows: readonly (readonly [string, ApiError, string | null])[] = [
    ["no connection", error({ httpStatus: null }), null],
    ["an error of the server's", error({ httpStatus: 500, message: "container not found" }), "no-answer"],
    ["the node cannot be reached", error({ httpStatus: 502, message: "error dialing backend" }), "no-answer"],
    ["too many requests", error({ httpStatus: 429 }), "no-answer"],
    ["a proxy without upgrades", error({ httpStatus: 501, message: "Not Implemented" }), "no-exec"],
    ["a token that is not known yet", error({ kind: "unauthorized", httpStatus: 401 }), "no-answer"],
    [
      "no exec at all",
      error({
        kind: "not-found",
        httpStatus: 404,
        message: "the server could not find the requested resource",
      }),
      "no-exec",
    ],
    [
      "a path that nobody knows",
      error({ kind: "not-found", httpStatus: 404, message: "404 page not found" }),
      "no-exec",
    ],
    [
      "the pod is gone",
      error({ kind: "not-found", httpStatus: 404, message: 'pods "claude-x" not found' }),
      null,
    ],
    [
      "the kubelet does not know the pod",
      error({ kind: "not-found", httpStatus: 404, message: "pod does not exist" }),
      null,
    ],
    [
      "it wants no upgrade",
      error({ kind: "rejected", httpStatus: 400, message: "Upgrade request required" }),
      "no-exec",
    ],
    ["another method", error({ kind: "rejected", httpStatus: 405 }), "no-exec"],
  ];
  test.each(rows)("%s", (_, given, trouble) => {
    expect(refusedOrInterrupted(given)).toMatchObject({ kind: "interrupted", trouble });
  });

  test("a right that is missing", () => {
    expect(refusedOrInterrupted(error({ kind: "forbidden", httpStatus: 403 })).kind).toBe("refused");
  });
});

describe("how long it is waited for", () => {
  test("before the command starts: not long", () => {
    const patience = createPatience(patienceBefore);
    expect(patience.endsWith("no-exec", 0)).toBeNull();
    expect(patience.endsWith("no-exec", 9_900)).toBeNull();
    expect(patience.endsWith("no-exec", 10_000)).toBe(10);
  });

  test("a full disk of the pod's ends it at once", () => {
    expect(createPatience(patienceBefore).endsWith("pod-disk-full", 5000)).toBe(0);
  });

  test("a connection that breaks never does, and another trouble begins anew", () => {
    const patience = createPatience(patienceBefore);
    expect(patience.endsWith(null, 0)).toBeNull();
    expect(patience.endsWith("no-exec", 1000)).toBeNull();
    expect(patience.endsWith(null, 1_000_000)).toBeNull();
    expect(patience.endsWith("no-answer", 1_000_000)).toBeNull();
    expect(patience.endsWith("no-answer", 1_119_900)).toBeNull();
    expect(patience.endsWith("no-answer", 1_120_000)).toBe(120);
  });

  test("when work is at stake, a disk that is full here is waited for as long as the pod keeps it", () => {
    const patience = createPatience(patienceAfter);
    expect(patience.endsWith("server-disk-full", 0)).toBeNull();
    expect(patience.endsWith("server-disk-full", 1e9)).toBeNull();
  });
});

describe("what this machine's disk says", () => {
  test.each([
    [Object.assign(new Error("no space"), { code: "ENOSPC", syscall: "write" }), "server-disk-full"],
    [Object.assign(new Error("over quota"), { code: "EDQUOT", syscall: "write" }), "server-disk-full"],
    [Object.assign(new Error("denied"), { code: "EACCES", syscall: "open" }), "server-disk-failed"],
    [Object.assign(new Error("read only"), { code: "EROFS", syscall: "mkdir" }), "server-disk-failed"],
    [Object.assign(new Error("not of the disk"), { code: "ERR_STREAM" }), null],
    [new TypeError("a fault of ours"), null],
    [null, null],
  ])("%s", (given, trouble) => {
    expect(diskTrouble(given)).toBe(trouble);
  });
});
