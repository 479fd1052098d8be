import { expect, test } from "vitest";
import { removedBy } from "../src/naming/removal-events.ts";
import type { ClusterFacts } from "../src/facts/cluster-facts.ts";
import { removalRows } from "./removal-rows.ts";

test.each(removalRows)("%s, %s: %s", (object, reason, message, kind) => {
  const [objectKind = ""] = object.split("/");
  const event = { objectKind, reason, message } as ClusterFacts["events"][number];
  const facts = { events: [event], nodeName: "node-1" } as unknown as ClusterFacts;
  expect(removedBy(facts)?.kind ?? null).toBe(kind);
});
