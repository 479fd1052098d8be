/** When the host is asked whether it has stored a result: not while it may be in the middle of that. */

import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { expect, onTestFinished, test } from "vitest";

import { untilSettled } from "../src/host/fate.ts";

async function hostThatSays(status: string) {
  const asked: string[] = [];
  const server = createServer(({ url = "" }, response) => {
    asked.push(url);
    response.end(JSON.stringify({ status }));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { asked, place: { origin: () => origin, runId: "r", token: "t" } };
}

test("nothing is asked in the first seconds after the answer", async () => {
  const { asked, place } = await hostThatSays("succeeded");
  const hurry = new AbortController();
  const settled = untilSettled(place, "uid", { isStopping: () => false, hurry: hurry.signal });
  // A question without a pause would have been on its way before this one.
  await fetch(`${place.origin()}/a-later-question`);
  hurry.abort();
  expect(await settled).toBe("stored");
  expect(asked).toEqual(["/a-later-question", "/api/heartbeat-runs/r"]);
});

test("the next run of the slot does not wait for the pause", async () => {
  const { place } = await hostThatSays("succeeded");
  const pauseMilliseconds = 2 ** 30;
  const hurry = new AbortController();
  const settled = untilSettled(place, "uid", {
    isStopping: () => false,
    hurry: hurry.signal,
    pauseMilliseconds,
  });
  hurry.abort();
  expect(await settled).toBe("stored");
});
