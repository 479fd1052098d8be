import { readFileSync } from "node:fs";
import { connect, type ClientHttp2Session } from "node:http2";
import { afterEach, describe, expect, test } from "vitest";
import { parse } from "yaml";

import { startFaultProxy, startLocalCluster, type Ending, type FaultProxy } from "../../src/index.ts";
import { createHttpClient, type Json } from "../contract/http-client.ts";
import { linesOf } from "../contract/subject.ts";

const FOLLOWS = 30;
const LINES = 600;
/** 600 lines of 200 bytes within about six seconds. */
const COUNT = `let n = 0; const timer = setInterval(() => { for (let k = 0; k < 10; k += 1) console.log(++n + " " + "x".repeat(200)); if (n >= ${LINES}) clearInterval(timer); }, 100);`;

const closers: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

async function localTarget(): Promise<string> {
  const cluster = await startLocalCluster();
  closers.push(() => cluster.close());
  return cluster.kubeconfig;
}

async function countingPod(kubeconfig: string): Promise<string> {
  const client = createHttpClient(kubeconfig);
  const name = `many-follows-${Date.now().toString(36)}`;
  const path = `/api/v1/namespaces/default/pods/${name}`;
  const container = { name: "main", image: "lab/base:1", imagePullPolicy: "Never" };
  const made = await client.post("/api/v1/namespaces/default/pods", {
    metadata: { name },
    spec: { restartPolicy: "Never", containers: [{ ...container, command: ["node", "-e", COUNT] }] },
  });
  if (made.status !== 201) throw new Error(made.text);
  closers.push(async () => {
    await client.delete(path, { gracePeriodSeconds: 0 });
    client.close();
  });
  const phase = async (): Promise<string> => (await client.get(path)).json.status.phase;
  await expect.poll(phase, { timeout: 20_000 }).toBe("Running");
  return `${path}/log?follow=true&timestamps=true`;
}

function proxyWithCuts(target: string, endings: readonly Ending[], seed: number): Promise<FaultProxy> {
  return startFaultProxy({
    target,
    seed,
    plan: [
      {
        when: { kind: "log-follow" },
        probability: 0.9,
        fault: (random) => ({
          kind: "cut",
          ending: endings[Math.floor(random() * endings.length)] ?? "clean",
          ...(random() < 0.5
            ? { afterBytes: Math.floor(random() * 40_000) }
            : { afterMilliseconds: 100 + Math.floor(random() * 2_000) }),
        }),
      },
    ],
  });
}

/** Opens the log again and again, from the second of the last line, until the last line is there. */
async function followToTheEnd(open: (query: string) => Promise<AsyncIterable<Buffer>>): Promise<number[]> {
  const seen: number[] = [];
  let since = "";
  while (seen.at(-1) !== LINES) {
    try {
      for await (const line of linesOf(await open(since))) {
        const [timestamp = "", number] = line.split(" ");
        if (line.length < 200 || Number(number) <= (seen.at(-1) ?? 0)) continue;
        seen.push(Number(number));
        since = `&sinceTime=${timestamp.slice(0, 19)}Z`;
      }
    } catch {
      // A reset, as planned.
    }
  }
  return seen;
}

const everyLine = Array.from({ length: LINES }, (_, index) => index + 1);
const { KUBECONFIG } = process.env;

describe.each(["local", "real"] as const)("thirty follows through the proxy [%s]", (kind) => {
  const target = (): Promise<string> =>
    kind === "local" ? localTarget() : Promise.resolve(readFileSync(KUBECONFIG ?? "", "utf8"));
  const missing = kind === "real" && KUBECONFIG === undefined;
  const reason = missing ? " (needs KUBECONFIG)" : "";

  test.skipIf(missing)(
    `over one HTTP/2 connection, cut cleanly and by resets of streams${reason}`,
    async () => {
      const kubeconfig = await target();
      const path = await countingPod(kubeconfig);
      const proxy = await proxyWithCuts(kubeconfig, ["clean", "reset"], 7);
      closers.push(() => proxy.close());
      const session = connectTo(proxy);
      closers.push(() => session.destroy());
      const { authorization } = credentialsOf(proxy);
      const open = async (query: string): Promise<AsyncIterable<Buffer>> => {
        if (session.destroyed) throw new Error("the connection did not last");
        const stream = session.request({ ":path": path + query, authorization });
        return stream as AsyncIterable<Buffer>;
      };
      const all = await Promise.all(Array.from({ length: FOLLOWS }, () => followToTheEnd(open)));
      for (const seen of all) expect(seen).toEqual(everyLine);
      expect(proxy.incidents.length, `seed ${proxy.seed}`).toBeGreaterThan(FOLLOWS);
      expect(session.destroyed).toBe(false);
    },
  );

  test.skipIf(missing)(`over HTTP/1.1, with resets of connections too${reason}`, async () => {
    const kubeconfig = await target();
    const path = await countingPod(kubeconfig);
    const proxy = await proxyWithCuts(kubeconfig, ["clean", "reset", "disconnect"], 8);
    closers.push(() => proxy.close());
    const client = createHttpClient(proxy.kubeconfig);
    closers.push(() => client.close());
    const open = async (query: string): Promise<AsyncIterable<Buffer>> =>
      (await client.open(path + query)).body;
    const all = await Promise.all(Array.from({ length: FOLLOWS }, () => followToTheEnd(open)));
    for (const seen of all) expect(seen).toEqual(everyLine);
    expect(proxy.incidents.length, `seed ${proxy.seed}`).toBeGreaterThan(FOLLOWS);
  });
});

function connectTo(proxy: FaultProxy): ClientHttp2Session {
  return connect(proxy.url, { ca: credentialsOf(proxy).authority });
}

function credentialsOf(proxy: FaultProxy): { readonly authority: Buffer; readonly authorization: string } {
  const config: Json = parse(proxy.kubeconfig);
  return {
    authority: Buffer.from(config.clusters[0].cluster["certificate-authority-data"], "base64"),
    authorization: `Bearer ${config.users[0].user.token}`,
  };
}
