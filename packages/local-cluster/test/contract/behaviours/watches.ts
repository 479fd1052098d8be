import { expect } from "vitest";

import type { Json } from "../http-client.ts";
import { watchEvents, type Behaviour, type Scene } from "../subject.ts";

const secret = (name: string, labels: Json = {}): Json => ({ metadata: { name, labels } });

/** So many events of a watch, then its connection is closed. */
async function take(scene: Scene, query: string, count: number, resource = "secrets"): Promise<Json[]> {
  const events: Json[] = [];
  const path = `${scene.path(resource)}?watch=true${query}`;
  for await (const event of watchEvents(scene.client, path, AbortSignal.timeout(20_000))) {
    events.push(event);
    if (events.length === count) break;
  }
  return events;
}

const told = (events: readonly Json[]): string[] =>
  events.map(({ type, object }) => `${type} ${object.metadata.name}`);

export const watchBehaviours: readonly Behaviour[] = [
  {
    name: "a watch from a list's resourceVersion tells everything after it, in order, once",
    async show(scene) {
      const { client, create, path } = scene;
      await create(path("secrets"), secret("before"));
      const list = await client.get(path("secrets"));
      const events = take(scene, `&resourceVersion=${list.json.metadata.resourceVersion}`, 3);
      await create(path("secrets"), secret("one"));
      await client.patch(`${path("secrets")}/one`, { metadata: { annotations: { note: "1" } } });
      const last = await client.get(`${path("secrets")}/one`);
      await client.delete(`${path("secrets")}/one`);
      const seen = await events;
      expect(told(seen)).toEqual(["ADDED one", "MODIFIED one", "DELETED one"]);
      const [added, modified, deleted] = seen.map((event) => Number(event.object.metadata.resourceVersion));
      expect(modified).toBeGreaterThan(added ?? Infinity);
      expect(deleted).toBeGreaterThan(modified ?? Infinity);
      expect(seen[1].object).toEqual(last.json);
      expect(seen[2].object.metadata.annotations).toEqual({ note: "1" });
    },
  },
  {
    name: "a watch goes on from the resourceVersion of an event",
    async show(scene) {
      const { client, create, path } = scene;
      const one = await create(path("secrets"), secret("one"));
      const two = await create(path("secrets"), secret("two"));
      await client.delete(`${path("secrets")}/one`);
      expect(told(await take(scene, `&resourceVersion=${one.metadata.resourceVersion}`, 2))).toEqual([
        "ADDED two",
        "DELETED one",
      ]);
      expect(told(await take(scene, `&resourceVersion=${two.metadata.resourceVersion}`, 1))).toEqual([
        "DELETED one",
      ]);
    },
  },
  {
    name: "a watch without a resourceVersion begins with what is there",
    async show(scene) {
      await scene.create(scene.path("secrets"), secret("one"));
      await scene.create(scene.path("secrets"), secret("two"));
      const seen = told(await take(scene, "", 2));
      expect(seen.toSorted()).toEqual(["ADDED one", "ADDED two"]);
    },
  },
  {
    name: "a selected object that no longer matches is told as DELETED",
    async show(scene) {
      const { client, create, path } = scene;
      const made = await create(path("secrets"), secret("one", { run: "1" }));
      const events = take(
        scene,
        `&labelSelector=run%3D1&resourceVersion=${made.metadata.resourceVersion}`,
        2,
      );
      await client.patch(`${path("secrets")}/one`, { metadata: { labels: { run: "2" } } });
      await create(path("secrets"), secret("other"));
      await client.patch(`${path("secrets")}/one`, { metadata: { labels: { run: "1" } } });
      expect(told(await events)).toEqual(["DELETED one", "ADDED one"]);
    },
  },
  {
    name: "a watch of one object by name",
    async show(scene) {
      const { client, create, path } = scene;
      const made = await create(path("secrets"), secret("one"));
      const events = take(
        scene,
        `&fieldSelector=metadata.name%3Done&resourceVersion=${made.metadata.resourceVersion}`,
        1,
      );
      await create(path("secrets"), secret("two"));
      await client.delete(`${path("secrets")}/one`);
      expect(told(await events)).toEqual(["DELETED one"]);
    },
  },
  {
    name: "a watch across all namespaces, with a selector",
    async show(scene) {
      const { client, create, path, namespace } = scene;
      const list = await client.get("/api/v1/secrets?limit=1");
      const query = `/api/v1/secrets?watch=true&labelSelector=scene%3D${namespace}&resourceVersion=${list.json.metadata.resourceVersion}`;
      const first = watchEvents(client, query, AbortSignal.timeout(20_000)).next();
      await create(path("secrets"), secret("one", { scene: namespace }));
      expect((await first).value).toMatchObject({
        type: "ADDED",
        object: { metadata: { namespace, name: "one" } },
      });
    },
  },
  {
    name: "timeoutSeconds ends a watch cleanly, with a bookmark before where bookmarks are allowed",
    async show(scene) {
      const { client, create, path } = scene;
      const made = await create(path("secrets"), secret("one"));
      const version: string = made.metadata.resourceVersion;
      const events: Json[] = [];
      const query = `?watch=true&allowWatchBookmarks=true&timeoutSeconds=5&resourceVersion=${version}`;
      for await (const event of watchEvents(client, path("secrets") + query, AbortSignal.timeout(20_000))) {
        events.push(event);
      }
      expect(events.map((event) => event.type)).toContain("BOOKMARK");
      const bookmark = events.find((event) => event.type === "BOOKMARK");
      expect(bookmark.object).toMatchObject({ kind: "Secret", apiVersion: "v1" });
      expect(Number(bookmark.object.metadata.resourceVersion)).toBeGreaterThanOrEqual(Number(version));
      expect(bookmark.object.metadata.name).toBeUndefined();
    },
  },
  {
    name: "without allowWatchBookmarks there are none",
    async show(scene) {
      const { client, create, path } = scene;
      const made = await create(path("secrets"), secret("one"));
      const query = `?watch=true&timeoutSeconds=3&resourceVersion=${made.metadata.resourceVersion}`;
      const answer = await client.get(path("secrets") + query);
      expect(answer).toMatchObject({ status: 200, text: "" });
    },
  },
  {
    name: "a resourceVersion that is too old: an ERROR event with 410 Expired, and the end",
    alone: true,
    async show(scene) {
      const version = await scene.forgottenVersion();
      const answer = await scene.client.get(
        `${scene.jobs}?watch=true&resourceVersion=${version}&timeoutSeconds=5`,
      );
      expect(answer.status).toBe(200);
      const event = JSON.parse(answer.text);
      expect(event).toMatchObject({
        type: "ERROR",
        object: { kind: "Status", status: "Failure", reason: "Expired", code: 410 },
      });
      expect(event.object.message).toMatch(/^too old resource version: 1 \(\d+\)$/);
    },
  },
  {
    name: "a list at a resourceVersion that is not there yet answers 504 Timeout, to be tried again",
    async show(scene) {
      const answer = await scene.client.get(
        `${scene.path("secrets")}?resourceVersion=999999999&resourceVersionMatch=NotOlderThan`,
      );
      expect(answer.status).toBe(504);
      expect(answer.json).toMatchObject({ reason: "Timeout", details: { retryAfterSeconds: 1 } });
      expect(answer.json.message).toMatch(/^Timeout: Too large resource version: 999999999, current: \d+$/);
    },
  },
  {
    name: "resourceVersion 0 lists what the server has",
    async show(scene) {
      await scene.create(scene.path("secrets"), secret("one"));
      const list = await scene.client.get(`${scene.path("secrets")}?resourceVersion=0`);
      expect(list.status).toBe(200);
      expect(Number(list.json.metadata.resourceVersion)).toBeGreaterThan(0);
    },
  },
];
