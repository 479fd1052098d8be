import { readdirSync, readFileSync } from "node:fs";
import { createStreamParser, emptySummary, summarize } from "@claude-k8s/stream-parser";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  catalog,
  diagnose,
  type Diagnosis,
  type Evidence,
  formatJson,
  formatLine,
  formatMarkdown,
  formatText,
} from "../src/index.ts";
import { endings, notes } from "./endings.ts";

const known: readonly Evidence[] = [
  ...Object.values(endings).flatMap(({ evidence, nearMiss }) => [evidence, nearMiss.evidence]),
  ...Object.values(notes).flatMap(({ evidence, nearMiss }) => [evidence, nearMiss]),
];

/** What must hold of a diagnosis whatever it was made of. */
function contradictions(diagnosis: Diagnosis, evidence: unknown): readonly string[] {
  const entry = catalog.find(({ code }) => code === diagnosis.code);
  const { summary } = (evidence ?? {}) as { readonly summary?: unknown };
  const { contentSeen, lastAssistant } = (summary ?? {}) as {
    readonly contentSeen?: unknown;
    readonly lastAssistant?: unknown;
  };
  const worked = contentSeen === true && lastAssistant !== null;
  const rules: readonly (readonly [string, boolean])[] = [
    ["a success has no code", (diagnosis.outcome === "success") === (diagnosis.code === null)],
    ["a failure's code is in the catalogue", diagnosis.outcome === "success" || entry !== undefined],
    [
      "there is a cause in words",
      diagnosis.cause.trim() !== "" && !/undefined|NaN|\[object/.test(diagnosis.cause),
    ],
    ["a failure says what to do", diagnosis.outcome === "success" || diagnosis.fix.length > 0],
    ["no fix has a hole", diagnosis.fix.every((fix) => !/undefined|\{(?:setting|pod|namespace)/.test(fix))],
    ["what never started has not worked", !(diagnosis.bootstrap && worked)],
    [
      "only a quota has a time to wait for",
      diagnosis.notBefore === null || diagnosis.code === "provider_quota",
    ],
    ["that time is one", diagnosis.notBefore === null || !Number.isNaN(Date.parse(diagnosis.notBefore))],
    ["the key begins with the code", diagnosis.key.startsWith(diagnosis.code ?? "success")],
    ["every finding counts at least once", diagnosis.evidence.every(({ count }) => count >= 1)],
    ["success never clears the session", diagnosis.outcome === "failure" || diagnosis.session === "keep"],
    ["it is plain JSON", JSON.stringify(JSON.parse(formatJson(diagnosis))) === formatJson(diagnosis)],
    ["a line is one line", !/[\n\r]/.test(formatLine(diagnosis))],
    ["the other formats hold it", formatText(diagnosis).length > 0 && formatMarkdown(diagnosis).length > 0],
  ];
  return rules.filter(([, holds]) => !holds).map(([rule]) => rule);
}

/** One number is the whole case: drawing each leaf through the library would take minutes. */
function random(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const strange: readonly unknown[] = [
  null,
  undefined,
  "",
  " ",
  "\n",
  "{",
  "constructor",
  "__proto__",
  "toString",
  "SIGKILL",
  "2026-11-22T10:00:00Z",
  "9".repeat(400),
  "resets 99:99am (Nowhere/At_All)",
  "\u001B[31m",
  "\uD800",
  0,
  -1,
  137,
  1e21,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  true,
  false,
  [],
  {},
  [null],
  [[[[]]]],
  { reason: { message: [] } },
  new Date(0),
  /x/,
  () => 1,
  Symbol("s"),
  10n,
];

function shuffled<Item>(items: readonly Item[], next: () => number): readonly Item[] {
  return items
    .map((item) => [next(), item] as const)
    .toSorted(([one], [other]) => one - other)
    .map(([, item]) => item);
}

/** A copy with fields left out, replaced by anything, and lists in another order and shorter. */
function damaged(value: unknown, next: () => number, odds: number): unknown {
  if (next() < odds) return strange[Math.floor(next() * strange.length)];
  if (Array.isArray(value)) {
    const items = shuffled(
      value.map((item) => damaged(item, next, odds)),
      next,
    );
    return next() < 0.5 ? items : items.slice(0, Math.floor(next() * (items.length + 1)));
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(() => next() >= odds)
      .map(([key, item]) => [key, damaged(item, next, odds)]),
  );
}

describe("shuffled and cut evidence", () => {
  test("never throws and never contradicts itself", { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.constantFrom(...known),
        fc.constantFrom(...known),
        fc.constantFrom(0, 0.02, 0.1, 0.4),
        (seed, one, other, odds) => {
          const evidence = damaged(
            { exit: one.exit, summary: other.summary, settings: one.settings },
            random(seed),
            odds,
          ) as Evidence;
          const options = {
            now: "2026-11-22T10:12:30Z",
            timeZone: "Europe/Berlin",
            secrets: ["registry.example.com"],
          };
          const diagnosis = diagnose(evidence, options);
          expect(contradictions(diagnosis, evidence)).toEqual([]);
          expect(diagnose(evidence, options)).toEqual(diagnosis);
          expect(JSON.stringify(diagnosis)).not.toContain("registry.example.com");
        },
      ),
      { numRuns: 2000 },
    );
  });

  test.each(["__proto__", "constructor", "toString", "hasOwnProperty"])(
    "a setting may be called %s",
    (setting) => {
      const refusals = [{ setting, value: 1, rule: "no" }];
      const failure = { kind: "not-allowed", file: "/etc/operator.yaml", refusals };
      const { cause } = diagnose({ exit: { kind: "refused", failure } } as unknown as Evidence);
      expect(cause).toBe(`1 as \`${setting}\` is not allowed: no.`);
      expect(cause).not.toMatch(/\[object|function/);
    },
  );

  test("anything at all in the place of evidence is told honestly", () => {
    fc.assert(
      fc.property(
        fc.anything({ withBigInt: true, withDate: true, withMap: true, withSparseArray: true }),
        (anything) => {
          const diagnosis = diagnose(anything as Evidence);
          expect(contradictions(diagnosis, anything)).toEqual([]);
          expect(diagnosis.outcome).toBe("failure");
        },
      ),
      { numRuns: 1000 },
    );
    const endless: Record<string, unknown> = { kind: "exited", exitCode: 1 };
    endless["evidence"] = endless;
    expect(diagnose({ exit: endless } as unknown as Evidence).code).toBe("claude_failed");
  });

  test("the order in which events, conditions and servers come changes no verdict", () => {
    fc.assert(
      fc.property(fc.constantFrom(...known), fc.integer(), (evidence, seed) => {
        const { code, cause, family, certainty, key } = diagnose(evidence);
        const other = shuffledLists(evidence, random(seed)) as Evidence;
        expect(diagnose(other)).toMatchObject({ code, cause, family, certainty, key });
      }),
      { numRuns: 500 },
    );
  });
});

const recordings = new URL("../../stream-parser/test/fixtures/recordings/", import.meta.url);
const names = readdirSync(recordings).filter((name) => name.endsWith(".ndjson"));

describe("transcripts cut anywhere, with any exit", () => {
  test("success is told only where a result said so", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...names),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.constantFrom(0, 1, 2, 126, 127, 128, 129, 130, 137, 139, 143, 255),
        (name, part, exitCode) => {
          const bytes = readFileSync(new URL(name, recordings));
          const parser = createStreamParser();
          const events = [
            ...parser.push(bytes.subarray(0, Math.floor(bytes.length * part))),
            ...parser.end(),
          ];
          const summary = events.reduce(summarize, emptySummary());
          const evidence: Evidence = { exit: { kind: "exited", exitCode, signal: null }, summary };
          const diagnosis = diagnose(evidence);
          expect(contradictions(diagnosis, evidence)).toEqual([]);
          expect(diagnosis.outcome === "success" && summary.result?.success !== true).toBe(false);
        },
      ),
      { numRuns: 600 },
    );
  });
});

/** Only lists whose order says nothing: the last of several lines, denials or stops does. */
const unordered = new Set([
  "events",
  "conditions",
  "mcpServers",
  "gaps",
  "unavailable",
  "otherPods",
  "rateLimits",
]);

function shuffledLists(value: unknown, next: () => number, key = ""): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => shuffledLists(item, next));
    return unordered.has(key) ? shuffled(items, next) : items;
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, shuffledLists(item, next, name)]),
  );
}
