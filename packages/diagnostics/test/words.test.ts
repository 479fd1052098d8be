/** What the API, clouds, gateways and the CLI say in words, kind by kind: `words.ts` has the table. */
import { describe, expect, test } from "vitest";
import { catalog, diagnose, type Evidence } from "../src/index.ts";
import { failed } from "./failed-result.ts";
import { wordTables } from "./word-tables.ts";
import type { Wording } from "./words.ts";

const wednesday = "2026-06-10T15:00:00Z";
const families = new Map(catalog.map(({ code, family }) => [code, family]));
const sessions = new Map(catalog.map(({ code, session }) => [code, session]));

/** The same words as what the model answered in a run that went well. */
function answered({ text }: Wording): Evidence {
  return {
    exit: { kind: "exited", exitCode: 0, signal: null },
    summary: {
      frames: 4,
      inits: 1,
      contentSeen: true,
      lastAssistant: { text, error: null },
      result: { subtype: "success", isError: false, terminalReason: "completed", text },
    },
  };
}

describe.each(Object.entries(wordTables))("%s", (_kind, rows) => {
  test.each(rows.map((row) => [`${row.from}: ${row.text.slice(0, 90)}`, row] as const))(
    "%s",
    (_name, row) => {
      const now = row.now ?? wednesday;
      const told = diagnose(failed(row), { now });
      expect(told.code).toBe(row.code);
      expect(told.family).toBe(families.get(row.code));
      expect(told.session).toBe(row.session ?? sessions.get(row.code));
      expect(told.notBefore).toBe(row.notBefore === undefined ? told.notBefore : row.notBefore);
      expect(diagnose(answered(row), { now }).outcome).toBe("success");
    },
  );
});

test.each([
  ["authentication_error", "claude_auth_required"],
  ["permission_error", "claude_access_denied"],
  ["overloaded_error", "claude_transient_upstream"],
  ["api_error", "claude_transient_upstream"],
  ["request_too_large", "claude_prompt_too_long"],
  ["a class that nobody knows", "claude_failed"],
] as const)("the API's own class decides where nothing else does: %s", (apiErrorType, code) => {
  const row = { text: "No more is said.", code, from: "" };
  const { exit, summary } = failed(row);
  const result = { ...summary?.result, apiErrorType };
  expect(diagnose({ exit, summary: { ...summary, result } }).code).toBe(code);
});

test.each([
  ["blocking_limit", "claude_prompt_too_long"],
  ["rapid_refill_breaker", "claude_prompt_too_long"],
  ["completed", "claude_failed"],
] as const)("a terminal reason without words: %s", (terminalReason, code) => {
  const { exit, summary } = failed({ text: "No more is said.", code, from: "" });
  const told = diagnose({ exit, summary: { ...summary, result: { ...summary?.result, terminalReason } } });
  expect(told.code).toBe(code);
});

/** Some releases and gateways write the class on the result itself; a sentence there is read as one. */
test.each<readonly [string, string | null, string]>([
  ["authentication_failed", null, "claude_auth_required"],
  ["billing_error", null, "claude_billing"],
  ["model_not_found", null, "model_not_found"],
  ["overloaded", "authentication_failed", "claude_transient_upstream"],
  ["Credit balance is too low", null, "claude_billing"],
  ["something_new", "billing_error", "claude_failed"],
])("the result's own error %j beside %j of the last answer", (error, before, code) => {
  const summary = {
    frames: 3,
    inits: 1,
    contentSeen: true,
    lastAssistant: before === null ? null : { text: "", error: before },
    result: { subtype: "success", isError: true, text: "", error },
  };
  expect(diagnose({ exit: { kind: "exited", exitCode: 1, signal: null }, summary }).code).toBe(code);
});
