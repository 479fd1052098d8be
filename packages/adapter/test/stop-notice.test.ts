import { EventEmitter } from "node:events";

import { expect, test } from "vitest";

import { createStopNotice } from "../src/host/stop-notice.ts";

test("a signal that the server listens to is noted, and the listener goes with the notice", () => {
  const emitter = new EventEmitter();
  const notice = createStopNotice(emitter);
  emitter.once("SIGTERM", () => undefined);
  notice.listen();
  notice.listen();
  expect([emitter.listenerCount("SIGTERM"), notice.isGiven()]).toEqual([2, false]);
  emitter.emit("SIGTERM");
  expect(notice.isGiven()).toBe(true);
  notice.close();
  expect(emitter.listenerCount("SIGTERM")).toBe(0);
});

test("a signal that nobody listens to still ends the process", () => {
  const emitter = new EventEmitter();
  createStopNotice(emitter).listen();
  expect(emitter.eventNames()).toEqual([]);
});
