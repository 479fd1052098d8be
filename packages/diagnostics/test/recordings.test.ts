import { readFileSync } from "node:fs";
import { createStreamParser, emptySummary, type RunSummary, summarize } from "@claude-k8s/stream-parser";
import { describe, expect, test } from "vitest";
import { diagnose } from "../src/index.ts";

interface Label {
  readonly outcome: "success" | "failure";
  readonly code: string | null;
  readonly family: string | null;
  readonly notes: readonly string[];
  readonly notBefore?: string;
  readonly alternatives?: readonly string[];
}

const recordings = new URL("../../stream-parser/test/fixtures/recordings/", import.meta.url);
const labels = JSON.parse(readFileSync(new URL("fixtures/labels.json", import.meta.url), "utf8")) as Record<
  string,
  Label
>;

/**
 * Two labels ask for `structured_output_missing`, but both results carry `structured_output` with what the model gave to the
 * tool; only their text says "Done.".
 */
const notesThatAreNotTrue: Readonly<Record<string, string>> = {
  "v2.0.77--structured-output": "structured_output_missing",
  "v2.1.110--structured-output": "structured_output_missing",
};

const signalNumbers: Readonly<Record<string, number>> = { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 };

/** One log of stdout and then stderr, as a container shows it, and an exit code alone. */
function evidenceOf(name: string): { readonly summary: RunSummary; readonly exitCode: number } {
  const stdout = readFileSync(new URL(`${name}.ndjson`, recordings));
  const stderr = readFileSync(new URL(`${name}.stderr`, recordings));
  const run = JSON.parse(readFileSync(new URL(`${name}.json`, recordings), "utf8")) as {
    readonly exit_code: number | null;
    readonly signal: string | null;
  };
  const unfinished = stdout.length > 0 && stdout.at(-1) !== 0x0a && stderr.length > 0;
  const parser = createStreamParser();
  let summary = emptySummary();
  for (const chunk of [stdout, unfinished ? "\n" : "", stderr])
    for (const event of parser.push(chunk)) summary = summarize(summary, event);
  for (const event of parser.end()) summary = summarize(summary, event);
  const signalled = 128 + (signalNumbers[run.signal ?? ""] ?? 0);
  return { summary, exitCode: run.exit_code ?? signalled };
}

describe("every labelled recording gets its ending from bytes and exit status alone", () => {
  test.each(Object.entries(labels))("%s", (name, label) => {
    const { summary, exitCode } = evidenceOf(name);
    const diagnosis = diagnose({ exit: { kind: "exited", exitCode, signal: null }, summary });
    expect(diagnosis.outcome).toBe(label.outcome);
    expect([label.code, ...(label.alternatives ?? [])]).toContain(diagnosis.code);
    expect(diagnosis.family).toBe(label.family);
    const expected = label.notes.filter((note) => note !== notesThatAreNotTrue[name]);
    expect(diagnosis.notes.map(({ code }) => code)).toEqual(expect.arrayContaining(expected));
    expect(diagnosis.notBefore).toBe(label.notBefore ?? diagnosis.notBefore);
    const endedAfter = diagnosis.notes.some(({ code }) => code === "ended_after_result");
    expect(endedAfter).toBe(expected.includes("ended_after_result"));
  });

  test("the two labels set aside are contradicted by the recordings themselves", () => {
    for (const [name, note] of Object.entries(notesThatAreNotTrue)) {
      expect(labels[name]?.notes).toContain(note);
      expect(evidenceOf(name).summary.structuredOutput).not.toBeNull();
    }
  });
});

describe("the reset time of a usage limit", () => {
  const exit = { kind: "exited", exitCode: 1, signal: null } as const;

  test("comes from the rejected window where the stream tells it", () => {
    const { summary } = evidenceOf("usage-limit-429-subscription");
    expect(diagnose({ exit, summary }).notBefore).toBe("2026-11-24T06:00:00.000Z");
  });

  test("else from the words, which need the day of the run", () => {
    const { summary } = evidenceOf("v2.0.77--usage-limit-429-subscription");
    expect(diagnose({ exit, summary }).notBefore).toBeNull();
    expect(diagnose({ exit, summary }, { now: "2026-11-22T10:00:00Z" }).notBefore).toBe(
      "2026-11-24T06:00:00.000Z",
    );
  });

  test("a window that is not rejected says nothing about when to come back", () => {
    const { summary } = evidenceOf("rate-limit-event");
    expect(diagnose({ exit: { ...exit, exitCode: 0 }, summary }).notBefore).toBeNull();
  });
});
