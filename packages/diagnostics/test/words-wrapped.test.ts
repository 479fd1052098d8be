/** The same words as gateways pass them on: what is told does not depend on what is around them. */
import { expect, test } from "vitest";
import { diagnose } from "../src/index.ts";
import { failed } from "./failed-result.ts";
import { type Wording, wordings } from "./words.ts";
import { eighthSample } from "./words-eighth-sample.ts";
import { eleventhSample } from "./words-eleventh-sample.ts";
import { fifthSample } from "./words-fifth-sample.ts";
import { fourthSample } from "./words-fourth-sample.ts";
import { ninthSample } from "./words-ninth-sample.ts";
import { ownWordings } from "./words-own.ts";
import { secondSample } from "./words-second-sample.ts";
import { seventhSample } from "./words-seventh-sample.ts";
import { sixthSample } from "./words-sixth-sample.ts";
import { tenthSample } from "./words-tenth-sample.ts";
import { thirdSample } from "./words-third-sample.ts";

const tables: readonly Readonly<Record<string, readonly Wording[]>>[] = [
  wordings,
  secondSample,
  thirdSample,
  fourthSample,
  fifthSample,
  sixthSample,
  seventhSample,
  eighthSample,
  ninthSample,
  tenthSample,
  eleventhSample,
  ownWordings,
];
const rows = tables.flatMap((table) => Object.values(table).flat());

const wrappings: Readonly<Record<string, (head: string, words: string) => string>> = {
  "LiteLLM's trailer": (head, words) =>
    `${head}${words}\nReceived Model Group=claude-sonnet-4\nAvailable Model Group Fallbacks=None LiteLLM Retried: 1 times, LiteLLM Max Retries: 2`,
  "a string of JSON": (head, words) =>
    head + JSON.stringify({ error: { message: words, type: "None", param: "None", code: "400" } }),
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
    const code = words === "" ? row.code : told(row, wrap(head, words));
    return code === row.code ? [] : [`${row.code}, not ${code}: ${row.text}`];
  });
  expect(wrong).toEqual([]);
});
