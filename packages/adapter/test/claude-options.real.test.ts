/** Options of Claude Code whose effect only the real one shows: it runs in a pod of a real cluster, against a scripted Messages API. */

import { afterAll, beforeAll, describe, test } from "vitest";
import type { Block } from "../../../e2e/support/messages-api.ts";
import { say } from "../../../e2e/support/messages-api.ts";
import { execute } from "../src/execute.ts";
import { type RealWorld, done, openRealWorld, whyNot } from "./workspace/copying-world.ts";

describe.skipIf(whyNot !== "")(`[real] options of Claude Code${whyNot && ` (skipped: ${whyNot})`}`, () => {
  let world: RealWorld;
  beforeAll(async () => {
    world = await openRealWorld("options");
  }, 600_000);
  afterAll(() => world?.close(), 120_000);

  test.concurrent("an answer that fits jsonSchema is the result's structuredOutput", async ({ expect }) => {
    const verdict = { verdict: "good", score: 0.9 };
    const answer: Block = { type: "tool_use", name: "StructuredOutput", input: verdict };
    const host = await world.host("schema", {
      replies: [say(answer), done],
      runtime: { taskKey: "schema" },
      config: {
        jsonSchema: JSON.stringify({
          type: "object",
          properties: { verdict: { type: "string" }, score: { type: "number" } },
          required: ["verdict", "score"],
        }),
      },
    });
    const result = await execute(host.context, world.process());
    expect(result).toMatchObject({ exitCode: 0, errorMessage: null });
    expect(result.resultJson).toMatchObject({ structuredOutput: verdict });
    expect(result.resultJson?.["diagnosis"]).toMatchObject({ outcome: "success", notes: [] });
  }, 240_000);

  test.concurrent("an answer without it is a success that says what is missing", async ({ expect }) => {
    const host = await world.host("free", {
      replies: [done],
      runtime: { taskKey: "free" },
      config: { jsonSchema: '{"type":"object","properties":{"verdict":{"type":"string"}}}' },
    });
    const result = await execute(host.context, world.process());
    expect(result).toMatchObject({ exitCode: 0, errorMessage: null });
    expect(result.resultJson).not.toHaveProperty("structuredOutput");
    expect(result.resultJson?.["diagnosis"]).toMatchObject({
      notes: [{ code: "structured_output_missing" }],
    });
  }, 240_000);
});
