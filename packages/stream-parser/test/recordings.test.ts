import { expect, test } from "vitest";
import { recordedFacts, recording, recordingNames } from "./recordings.ts";
import { eventsOf, foldOf } from "./streams.ts";

test("no recording has a frame of an unknown type, or the same frame twice", () => {
  for (const name of recordingNames) {
    const odd = eventsOf([recording(name)]).filter(({ type }) => type === "unknown" || type === "repeated");
    expect([name, odd]).toEqual([name, []]);
  }
});

test("each recording's summary equals what the recorder noted", () => {
  for (const name of recordingNames) {
    const facts = recordedFacts(name);
    const summary = foldOf([recording(name)]);
    expect([name, summary.bytes]).toEqual([name, facts.stdout_bytes]);
    expect([name, summary.lines]).toEqual([name, facts.lines]);
    // The recorder counted a last line without a line end as no line of text.
    const unfinished = facts.stdout_bytes > 0 && !facts.stdout_ends_with_newline ? 1 : 0;
    expect([name, summary.lines - summary.frames]).toEqual([name, facts.non_json_lines + unfinished]);
    expect([name, summary.lastLineCut]).toEqual([name, false]);
    const { last_result: last } = facts;
    expect([name, summary.result === null]).toEqual([name, last === null]);
    if (last === null) continue;
    expect([name, summary.result]).toMatchObject([
      name,
      {
        subtype: last.subtype,
        isError: last.is_error,
        terminalReason: last.terminal_reason ?? null,
        stopReason: last.stop_reason ?? null,
        apiErrorStatus: last.api_error_status ?? null,
        numTurns: last.num_turns,
      },
    ]);
  }
});

test("each recording's summary survives JSON", () => {
  for (const name of recordingNames) {
    const summary = foldOf([recording(name)]);
    expect([name, JSON.parse(JSON.stringify(summary))]).toEqual([name, summary]);
  }
});
