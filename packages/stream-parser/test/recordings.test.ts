import { expect, test } from "vitest";
import { recordedFacts, recording, recordingNames } from "./recordings.ts";
import { eventsOf, foldOf } from "./streams.ts";

test("no recording has a frame of an unknown type, or the same frame twice", () => {
  for (const name of recordingNames) {
    const odd = eventsOf([recording(name)]).filter(({ type }) => type === "unknown" || type === "repeated");
    expect(odd, name).toEqual([]);
  }
});

test("each recording's summary equals what the recorder noted", () => {
  for (const name of recordingNames) {
    const facts = recordedFacts(name);
    const summary = foldOf([recording(name)]);
    expect(summary.bytes, name).toBe(facts.stdout_bytes);
    expect(summary.lines, name).toBe(facts.lines);
    // The recorder counted a last line without a line end as no line of text.
    const unfinished = facts.stdout_bytes > 0 && !facts.stdout_ends_with_newline ? 1 : 0;
    expect(summary.lines - summary.frames, name).toBe(facts.non_json_lines + unfinished);
    expect(summary.lastLineCut, name).toBe(false);
    const { last_result: last } = facts;
    expect(summary.result === null, name).toBe(last === null);
    if (last === null) continue;
    expect(summary.result, name).toMatchObject({
      subtype: last.subtype,
      isError: last.is_error,
      terminalReason: last.terminal_reason ?? null,
      stopReason: last.stop_reason ?? null,
      apiErrorStatus: last.api_error_status ?? null,
      numTurns: last.num_turns,
    });
  }
});

test("each recording's summary survives JSON", () => {
  for (const name of recordingNames) {
    const summary = foldOf([recording(name)]);
    expect(JSON.parse(JSON.stringify(summary)), name).toEqual(summary);
  }
});
