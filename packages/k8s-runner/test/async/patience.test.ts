/** For how long an API server that does not answer is asked, and how often. */

import { expect, test } from "vitest";
import { patiently } from "../../src/async/patience.ts";
import type { ApiAnswer, ApiError } from "../../src/cluster/cluster.ts";
import type { Clock } from "../../src/index.ts";

/** Time passes only where somebody waits. */
function createStillClock(random: number): Clock & { readonly waits: number[] } {
  let now = 0;
  const waits: number[] = [];
  return {
    waits,
    now: () => now,
    random: () => random,
    async sleep(milliseconds) {
      waits.push(milliseconds);
      now += milliseconds;
    },
  };
}

function answer(kind: ApiError["kind"], more: Partial<ApiError> = {}): ApiAnswer<never> {
  const error: ApiError = {
    kind,
    httpStatus: null,
    reason: null,
    message: "connect ECONNREFUSED",
    causes: [],
    retryAfterSeconds: null,
    ...more,
  };
  return { kind: "error", error };
}

const { signal } = new AbortController();

async function askedFor(seconds: number | null, answers: (times: number, now: number) => ApiAnswer<string>) {
  const clock = createStillClock(0.999);
  let times = 0;
  const last = await patiently({ clock, signal, seconds }, async () => answers(++times, clock.now()));
  return { last, times, seconds: clock.now() / 1000, waits: clock.waits };
}

test("it is asked until the whole time has passed, and at its very end once more", async () => {
  const asked = await askedFor(30, () => answer("unavailable"));
  expect(asked.seconds).toBe(30);
  expect(asked.times).toBeGreaterThanOrEqual(10);
  expect(asked.last).toMatchObject({ kind: "error", error: { kind: "unavailable" } });
});

test("an answer at the very end is taken", async () => {
  const asked = await askedFor(30, (_times, now) =>
    now < 30_000 ? answer("unavailable") : { kind: "ok", value: "here", serverTime: null },
  );
  expect(asked.last).toMatchObject({ kind: "ok", value: "here" });
});

test("a server that asks for more time than there is left is asked once more, in time", async () => {
  const asked = await askedFor(30, () => answer("unavailable", { retryAfterSeconds: 600 }));
  expect(asked).toMatchObject({ times: 2, seconds: 30 });
});

test("without a limit, the waits grow no longer than some ten seconds", async () => {
  const asked = await askedFor(null, (times) =>
    times < 40 ? answer("unavailable") : { kind: "ok", value: "here", serverTime: null },
  );
  expect(asked.times).toBe(40);
  expect(Math.max(...asked.waits)).toBeGreaterThan(10_000);
  expect(Math.max(...asked.waits)).toBeLessThan(12_501);
});

test("what will not pass is not asked again", async () => {
  expect((await askedFor(30, () => answer("forbidden", { httpStatus: 403 }))).times).toBe(1);
});

test("a token that nobody accepts is asked with for some seconds", async () => {
  const asked = await askedFor(30, () => answer("unauthorized", { httpStatus: 401 }));
  expect(asked.times).toBeGreaterThan(1);
  expect(asked.seconds).toBeGreaterThanOrEqual(10);
  expect(asked.seconds).toBeLessThan(15);
});
