import { describe, expect, test } from "vitest";
import { recordedFacts, recording, recordingNames } from "./recordings.ts";
import { eventsOf, foldOf } from "./streams.ts";

describe.each(recordingNames)("recording %s", (name) => {
  const facts = recordedFacts(name);
  const bytes = recording(name);

  test("has no frame of an unknown type", () => {
    const unknown = eventsOf([bytes]).filter((event) => event.type === "unknown");
    expect(unknown).toEqual([]);
  });

  test("gives a summary that equals what the recorder noted", () => {
    const summary = foldOf([bytes]);
    expect(summary.bytes).toBe(facts.stdout_bytes);
    expect(summary.lines).toBe(facts.lines);
    // The recorder counted a last line without a line end as no line of text.
    const unfinished = facts.stdout_bytes > 0 && !facts.stdout_ends_with_newline ? 1 : 0;
    expect(summary.lines - summary.frames).toBe(facts.non_json_lines + unfinished);
    expect(summary.lastLineCut).toBe(false);
    const { last_result: last } = facts;
    expect(summary.result === null).toBe(last === null);
    if (last === null) return;
    expect(summary.result).toMatchObject({
      subtype: last.subtype,
      isError: last.is_error,
      terminalReason: last.terminal_reason ?? null,
      stopReason: last.stop_reason ?? null,
      apiErrorStatus: last.api_error_status ?? null,
      numTurns: last.num_turns,
    });
  });

  test("gives a summary that survives JSON", () => {
    const summary = foldOf([bytes]);
    expect(JSON.parse(JSON.stringify(summary))).toEqual(summary);
  });
});
