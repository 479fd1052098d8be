/** Whether a feature may be used: what the API server cannot say now is asked again, and what it never says stays unknown. */

import { describe, expect, test } from "vitest";
import { mayUse } from "../src/index.ts";
import type { ApiError, Cluster } from "../src/index.ts";

type Said = boolean | ApiError["kind"];

/** Says one thing after the other, the last one for ever. */
function saying(...words: readonly [Said, ...Said[]]): {
  readonly cluster: Pick<Cluster, "create">;
  readonly asked: () => number;
} {
  let asked = 0;
  const create = async () => {
    const said = words[Math.min(asked++, words.length - 1)];
    if (typeof said === "boolean") return { kind: "ok", value: { status: { allowed: said } } };
    const error = { kind: said, httpStatus: said === "unavailable" ? 503 : 403, retryAfterSeconds: null };
    return { kind: "error", error };
  };
  return { cluster: { create } as unknown as Pick<Cluster, "create">, asked: () => asked };
}

describe("whether a feature may be used", () => {
  const answers: readonly (readonly [string, readonly [Said, ...Said[]], boolean | null])[] = [
    ["an API server that cannot answer at first", ["unavailable", "unavailable", true], true],
    ["one that then refuses", ["unavailable", false], false],
    ["a right of which another one is missing", [true, false], false],
    ["a cluster that lets nobody ask", ["forbidden"], null],
    ["a refusal beside a question that is not answered", ["forbidden", false], false],
  ];
  test.each(answers)("%s", async (_name, words, expected) => {
    expect(await mayUse(saying(...words).cluster, "agents", "copies")).toBe(expected);
  });

  test("whoever asks may stop asking", async () => {
    const stop = new AbortController();
    const { cluster, asked } = saying("unavailable");
    const answer = mayUse(cluster, "agents", "copies", { signal: stop.signal });
    stop.abort(new Error("not wanted any more"));
    await expect(answer).rejects.toThrow("not wanted any more");
    expect(asked()).toBeLessThanOrEqual(2);
  });
});
