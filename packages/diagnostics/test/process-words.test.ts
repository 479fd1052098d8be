/** Crashes of the process itself, and commands that never started: `process-words.ts` has the tables. */
import { describe, expect, test } from "vitest";
import { diagnose, type Evidence, formatText } from "../src/index.ts";
import { crashes, type ProcessEnding, starts } from "./process-words.ts";

function evidence({ lines, exitCode, spoke }: ProcessEnding): Evidence {
  return {
    exit: { kind: "exited", exitCode, signal: null },
    summary:
      spoke === true
        ? {
            frames: 3,
            inits: 1,
            contentSeen: true,
            lastAssistant: { text: "Reading." },
            result: null,
            noise: lines,
          }
        : { frames: 0, inits: 0, contentSeen: false, lastAssistant: null, result: null, noise: lines },
  };
}

describe.each([
  ["crashes", crashes],
  ["starts", starts],
] as const)("%s", (_kind, rows) => {
  test.each(
    rows.map((row) => [`${row.from}: exit ${row.exitCode}, ${row.lines.at(0) ?? "no word"}`, row] as const),
  )("%s", (_name, row) => {
    const told = diagnose(evidence(row));
    expect(told.code).toBe(row.code);
    expect(told.bootstrap).toBe(row.bootstrap);
    expect(told.family).toBeNull();
    for (const words of row.says) expect(told.cause).toContain(words);
    if (row.fix !== undefined) expect(told.fix.join(" ")).toContain(row.fix);
    if (told.code === "claude_crashed") expect(formatText(told)).not.toMatch(/who\s+sent/);
  });

  test("none of them is more than its result", () => {
    const result = { subtype: "success", isError: false, terminalReason: "completed", text: "Done." };
    for (const row of rows) {
      const { exit, summary } = evidence({ ...row, spoke: true });
      const signalled = row.exitCode > 128 && row.exitCode < 160;
      if (signalled) expect(diagnose({ exit, summary: { ...summary, result } }).outcome).toBe("success");
    }
  });
});
