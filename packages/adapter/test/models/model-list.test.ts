import { describe, expect, test } from "vitest";

import { createModelList } from "../../src/models/model-list.ts";
import { models, modelsOf } from "../../src/models/known-models.ts";
import type { OperatorFile } from "../../src/operator/file-schema.ts";
import { fakeServer } from "../host-context.ts";

const key = ["sk", "ant", "0123456789abcdef"].join("-");

function listOf(
  env: Record<string, string>,
  {
    server = {},
    answer = () => Response.json({ data: [] }),
    rules = {},
  }: {
    readonly server?: Record<string, string>;
    readonly answer?: (url: string, init: RequestInit) => Response | Promise<Response>;
    readonly rules?: OperatorFile;
  } = {},
) {
  const asked: { url: string; headers: Headers; redirect: string | undefined }[] = [];
  const lines: string[] = [];
  let time = 0;
  const list = createModelList({
    server: fakeServer({ ...rules, defaults: { ...rules.defaults, env } }, { environment: server }),
    log: (line) => void lines.push(line),
    now: () => time,
    fetch: async (url, init) => {
      asked.push({ url, headers: new Headers(init.headers), redirect: init.redirect });
      return answer(url, init);
    },
  });
  return { list, asked, lines, pass: (seconds: number) => void (time += seconds * 1000) };
}
const ids = (all: readonly { readonly id: string }[]) => all.map(({ id }) => id);

describe("whose names are offered", () => {
  test("of all providers where nobody says which", async () => {
    const { list, asked } = listOf({});
    const all = ids(await list.list());
    expect(all).toEqual(
      expect.arrayContaining([
        "claude-opus-5-5",
        "claude-haiku-4-5",
        "us.anthropic.claude-opus-5-5",
        "us.anthropic.claude-haiku-4-5-20251001-v1:0",
        "claude-haiku-4-5@20251001",
      ]),
    );
    expect(new Set(all).size).toBe(all.length);
    expect(all[0]).toBe("claude-opus-5-5");
    expect(asked).toEqual([]);
  });

  test.each([
    [{ CLAUDE_CODE_USE_BEDROCK: "1" }, "bedrock"],
    [{ CLAUDE_CODE_USE_BEDROCK: "true" }, "bedrock"],
    [{ ANTHROPIC_BEDROCK_BASE_URL: "https://bedrock.example" }, "bedrock"],
    [{ CLAUDE_CODE_USE_VERTEX: "1" }, "vertex"],
    [{ CLAUDE_CODE_USE_BEDROCK: "0", ANTHROPIC_AUTH_TOKEN: "x" }, "anthropic"],
  ] as const)("all pods are given %j: %s", async (env, provider) => {
    const { list } = listOf(env);
    expect(ids(await list.list())).toEqual(ids(modelsOf(provider)));
  });

  test("the server's own cloud comes first, and is not all there is", async () => {
    const all = ids(await listOf({}, { server: { CLAUDE_CODE_USE_BEDROCK: "1" } }).list.list());
    expect(all[0]).toBe("us.anthropic.claude-opus-5-5");
    expect(all).toContain("claude-opus-5-5");
  });

  test("before anything is asked the direct names are there", () => {
    expect(ids(models)).toEqual(ids(modelsOf("anthropic")));
  });
});

describe("with a key Anthropic's API is asked", () => {
  const newer = { id: "claude-opus-7", display_name: "Claude Opus 7" };

  test("what it has comes first, and nothing known goes", async () => {
    const { list, asked } = listOf(
      { ANTHROPIC_API_KEY: key },
      { answer: () => Response.json({ data: [newer, { id: "claude-opus-5-5" }, { id: 7 }, null] }) },
    );
    const [first, second, ...rest] = await list.list();
    expect([first, second]).toEqual([
      { id: "claude-opus-7", label: "Claude Opus 7" },
      { id: "claude-opus-5-5", label: "claude-opus-5-5" },
    ]);
    expect(ids(rest)).toContain("claude-haiku-4-5");
    expect(asked).toMatchObject([
      { url: "https://api.anthropic.com/v1/models?limit=1000", redirect: "error" },
    ]);
    expect(asked[0]?.headers.get("x-api-key")).toBe(key);
  });

  test("once a minute, and at once when it is wished for", async () => {
    const { list, asked, pass } = listOf({ ANTHROPIC_API_KEY: key });
    await list.list();
    await list.list();
    expect(asked).toHaveLength(1);
    await list.refresh();
    expect(asked).toHaveLength(2);
    pass(61);
    await list.list();
    expect(asked).toHaveLength(3);
  });

  test("a failure keeps what was there, says so without the key, and is not repeated for each page", async () => {
    let fails = false;
    const { list, asked, lines, pass } = listOf(
      { ANTHROPIC_API_KEY: key },
      { answer: () => (fails ? new Response("no", { status: 401 }) : Response.json({ data: [newer] })) },
    );
    await list.list();
    fails = true;
    pass(61);
    expect(ids(await list.list())).toContain("claude-opus-7");
    await list.list();
    expect(asked).toHaveLength(2);
    expect(lines).toEqual([expect.stringContaining("api.anthropic.com answers 401")]);
    expect(lines.join("")).not.toContain(key);
  });

  test.each([
    [
      "a refused connection",
      () => Promise.reject(new TypeError("fetch failed", { cause: { code: "ECONNREFUSED" } })),
    ],
    ["no JSON", () => new Response("<html>")],
    ["no list", () => Response.json({ data: "x" })],
    ["more than anybody can want", () => new Response("[".repeat(2_000_000))],
  ])("%s: the known names", async (_what, answer) => {
    const { list, lines } = listOf({ ANTHROPIC_API_KEY: key }, { answer });
    expect(ids(await list.list())).toEqual(ids(models));
    expect(lines).toHaveLength(1);
  });

  test("a key never goes to an address that somebody else gave", async () => {
    const { list, asked } = listOf(
      { ANTHROPIC_BASE_URL: "https://gateway.example" },
      { server: { ANTHROPIC_API_KEY: key } },
    );
    await list.list();
    expect(asked.map(({ url }) => new URL(url).host)).toEqual(["api.anthropic.com"]);
    const both = listOf({ ANTHROPIC_API_KEY: key, ANTHROPIC_BASE_URL: "https://gateway.example/x/" });
    await both.list.list();
    expect(both.asked.map(({ url }) => url)).toEqual(["https://gateway.example/x/v1/models?limit=1000"]);
  });
});

describe("the model of runs that name none", () => {
  test.each<readonly [OperatorFile, Record<string, string>, object | null]>([
    [{}, {}, null],
    [{ defaults: { model: "claude-opus-5-5" } }, {}, { model: "claude-opus-5-5", provider: "anthropic" }],
    [{}, { ANTHROPIC_MODEL: "claude-sonnet-5-5" }, { model: "claude-sonnet-5-5", provider: "anthropic" }],
    [
      { defaults: { model: "us.anthropic.claude-opus-5" } },
      { CLAUDE_CODE_USE_BEDROCK: "1", ANTHROPIC_MODEL: "x" },
      { model: "us.anthropic.claude-opus-5", provider: "bedrock" },
    ],
  ])("%j %j", async (rules, env, expected) => {
    const detected = await listOf(env, { rules }).list.detect();
    const source = detected?.source ?? "";
    expect(detected).toEqual(expected === null ? null : { ...expected, source });
    expect(source.includes("operator's file")).toBe(expected !== null);
  });
});
