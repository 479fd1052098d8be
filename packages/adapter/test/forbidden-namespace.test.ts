import { expect, test } from "vitest";

import type { Connection } from "../src/connections.ts";
import { execute } from "../src/execute.ts";
import { fakeHost, fakeServer } from "./host-context.ts";

/** A connection to a cluster of which nothing may be asked: each question is noted. */
function silentConnection(asked: string[]): Connection {
  const cluster = new Proxy(
    {},
    {
      get: (_target, verb) => async (resource: unknown) => {
        asked.push(`${String(verb)} ${String(resource)}`);
        throw new Error("nothing may be asked of this cluster");
      },
    },
  );
  return { cluster, secrets: {}, defaultNamespace: "default", runner: {} } as unknown as Connection;
}

test.each(["claim", "empty"])(
  "a namespace that the operator does not allow: nothing is made there, not even a volume (mode %s)",
  async (workspaceMode) => {
    const asked: string[] = [];
    const { context } = fakeHost({ config: { image: "lab:1", namespace: "kube-system", workspaceMode } });
    const result = await execute(context, {
      connections: { open: async () => silentConnection(asked) } as never,
      server: fakeServer({ allow: { namespaces: ["agents-{company}"] } }),
    });
    expect(JSON.stringify(result.resultJson)).toContain("not_allowed_by_operator");
    expect(asked).toEqual([]);
  },
);
