/** The same words as gateways pass them on: what is told does not depend on what is around them. */
import { expect, test } from "vitest";
import { diagnose } from "../src/index.ts";
import { failed } from "./failed-result.ts";
import { wordTables } from "./word-tables.ts";
import type { Wording } from "./words.ts";

const rows = Object.values(wordTables).flat();

/** Words that say no more than that it failed somehow: a status that a gateway gives beside them knows more. */
const weak: ReadonlySet<string> = new Set(["claude_transient_upstream", "llm_api_error", "claude_failed"]);

const wrappings: Readonly<Record<string, (head: string, words: string, row: Wording) => string>> = {
  "LiteLLM's trailer": (head, words) =>
    `${head}${words}\nReceived Model Group=claude-sonnet-4\nAvailable Model Group Fallbacks=None LiteLLM Retried: 1 times, LiteLLM Max Retries: 2`,
  "a string of JSON": (head, words, { code }) =>
    head +
    JSON.stringify({
      error: { message: words, type: "None", param: "None", code: weak.has(code) ? "None" : "400" },
    }),
  "a string of JSON in a string of JSON": (head, words) =>
    head + JSON.stringify({ error: { message: JSON.stringify({ error: { message: words } }), code: "x" } }),
  "an exception's name": (head, words) => `${head}litellm.BadRequestError: AnthropicException - ${words}`,
  "a request's id": (head, words) => `${head}${words} (request id: 20260819093313792535838)`,
  "an upstream": (head, words) => `${head}upstream error: ${words}`,
};

function told(row: Wording, text: string): string | null {
  return diagnose(failed({ ...row, text }), { now: row.now ?? "2026-06-10T15:00:00Z" }).code;
}

test.each(Object.entries(wrappings))("%s around the words changes nothing", (_name, wrap) => {
  const wrong = rows.flatMap((row) => {
    const [, head = "", words = ""] = /^(API Error: (?:\d{3} )?)([\s\S]+)$/.exec(row.text) ?? [];
    const code = words === "" ? row.code : told(row, wrap(head, words, row));
    return code === row.code ? [] : [`${row.code}, not ${code}: ${row.text}`];
  });
  expect(wrong).toEqual([]);
});
