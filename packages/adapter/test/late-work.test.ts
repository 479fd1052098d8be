/** What a stopped run left comes after its answer, and the next run of its slot waits for it. */

import { expect, test } from "vitest";

import { createLateWork } from "../src/late-work.ts";

const never = new AbortController().signal;

test("a slot is due until all its work is done, also where that fails", async () => {
  const late = createLateWork();
  const one = Promise.withResolvers<void>();
  const two = Promise.withResolvers<void>();
  const added = [late.add("slot", () => one.promise), late.add("slot", () => two.promise)];
  const order: string[] = [];
  const waiting = late.settled("slot", never).then(() => order.push("next run"));
  expect([late.isDue("slot"), late.isDue("another slot")]).toEqual([true, false]);
  one.reject(new Error("the pod is gone"));
  await added[0];
  expect(late.isDue("slot")).toBe(true);
  order.push("last work");
  two.resolve();
  await Promise.all([...added, waiting]);
  expect(order).toEqual(["last work", "next run"]);
  expect(late.isDue("slot")).toBe(false);
});

test("a run of a slot where nothing is due, and one that is stopped, do not wait", async () => {
  const late = createLateWork();
  await late.settled("slot", never);
  const work = Promise.withResolvers<void>();
  const added = late.add("slot", () => work.promise);
  const stop = new AbortController();
  const waiting = late.settled("slot", stop.signal);
  stop.abort();
  await waiting;
  await late.settled("slot", stop.signal);
  expect(late.isDue("slot")).toBe(true);
  work.resolve();
  await added;
});

test("who waits for a slot hurries its work, and nobody else's", async () => {
  const late = createLateWork();
  const hurried: string[] = [];
  const workOf = (slot: string) => async (hurry: AbortSignal) => {
    await new Promise<void>((resolve) => hurry.addEventListener("abort", () => resolve()));
    hurried.push(slot);
  };
  void late.add("another slot", workOf("another slot"));
  const added = late.add("slot", workOf("slot"));
  await late.settled("slot", never);
  await added;
  expect(hurried).toEqual(["slot"]);
});
