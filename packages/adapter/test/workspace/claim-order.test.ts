/** A claim stays where nothing else of a run does: it is made when nothing stands in the run's way any more. */

import { expect, test } from "vitest";

import type { Connection } from "../../src/connections.ts";
import { execute } from "../../src/execute.ts";
import { fakeHost, fakeServer } from "../host-context.ts";

const notFound = { kind: "error", error: { kind: "not-found", status: 404, message: "not found" } };
const exists = { kind: "error", error: { kind: "already-exists", status: 409, message: "exists" } };

/** A cluster that has nothing, and notes what is made there. */
function connection(made: string[], claim: unknown = notFound): Connection {
  const cluster = {
    server: "https://cluster.example",
    get: async () => (made.includes("persistentvolumeclaims") ? claim : notFound),
    create: async (resource: string) => {
      made.push(resource);
      if (resource === "persistentvolumeclaims" && claim !== notFound) return exists;
      return { kind: "ok", value: {}, resourceVersion: "1" };
    },
  };
  const runner = {
    start: async () => {
      made.push("run");
      return { kind: "busy", holder: { jobName: "other", runId: "other" }, waitedSeconds: 0 };
    },
  };
  return { cluster, secrets: {}, defaultNamespace: "agents", runner } as unknown as Connection;
}

async function run(config: Record<string, unknown>, opened: Connection): Promise<string> {
  const { context } = fakeHost({ config: { image: "lab:1", workspaceMode: "claim", ...config } });
  const result = await execute(context, {
    connections: { open: async () => opened } as never,
    server: fakeServer(),
  });
  return JSON.stringify(result);
}

/** What only the merged Job shows. */
const podTemplates: Readonly<Record<string, unknown>> = {
  "the node's network": { spec: { hostNetwork: true } },
  "a folder of the node": { spec: { volumes: [{ name: "root", hostPath: { path: "/" } }] } },
  "somebody else's claim": {
    spec: { volumes: [{ name: "theirs", persistentVolumeClaim: { claimName: "theirs" } }] },
  },
};

test.each(Object.entries(podTemplates))(
  "a run that is refused for %s makes no claim",
  async (_of, podTemplate) => {
    const made: string[] = [];
    expect(await run({ podTemplate }, connection(made))).toContain("not_allowed_by_operator");
    expect(made).not.toContain("persistentvolumeclaims");
    expect(made).not.toContain("run");
  },
);

test("a run that may be makes its claim before its Job", async () => {
  const made: string[] = [];
  await run({}, connection(made));
  expect(made.filter((what) => what === "persistentvolumeclaims" || what === "run")).toEqual([
    "persistentvolumeclaims",
    "run",
  ]);
});

test("a claim that somebody else makes meanwhile is left to them, and no Job is made", async () => {
  const made: string[] = [];
  const theirs = { kind: "ok", value: { metadata: { name: "claim", labels: {} } }, resourceVersion: "1" };
  expect(await run({}, connection(made, theirs))).toContain("was made by somebody else");
  expect(made).not.toContain("run");
});
