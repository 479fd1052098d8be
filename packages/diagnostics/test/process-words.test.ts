/** Crashes of the process itself, and commands that never started: `process-words.ts` has the tables. */
import { seventhSample } from "./process-words-seventh-sample.ts";
import { sixthSample } from "./process-words-sixth-sample.ts";
import { describe, expect, test } from "vitest";
import { diagnose, type Evidence, formatText } from "../src/index.ts";
import {
  crashes,
  type ProcessEnding,
  secondSample,
  startMessages,
  starts,
  thirdSample,
} from "./process-words.ts";

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
  ["second sample", secondSample],
  ["third sample", thirdSample],
  ["sixth sample", sixthSample],
  ["seventh sample", seventhSample],
] as const)("%s", (_kind, rows) => {
  test.each(
    rows.map((row) => [`${row.from}: exit ${row.exitCode}, ${row.lines.at(0) ?? "no word"}`, row] as const),
  )("%s", (_name, row) => {
    const told = diagnose(evidence(row));
    expect(told.code).toBe(row.code);
    expect(told.bootstrap).toBe(row.bootstrap);
    expect(told.family).toBeNull();
    for (const words of row.says) expect(told.cause).toContain(words);
    expect(told.fix.join(" ")).toContain(row.fix ?? "");
    // Nobody sent a crash its signal, and a signal that somebody sent is no crash.
    expect(/who\s+sent/.test(formatText(told)) && told.code === "claude_crashed").toBe(false);
  });

  test("none of them is more than its result", () => {
    const result = { subtype: "success", isError: false, terminalReason: "completed", text: "Done." };
    const failures = rows
      .filter(({ exitCode }) => exitCode > 128 && exitCode < 160)
      .map((row) => ({ row, seen: evidence({ ...row, spoke: true }) }))
      .filter(
        ({ seen: { exit, summary } }) =>
          diagnose({ exit, summary: { ...summary, result } }).outcome !== "success",
      );
    expect(failures).toEqual([]);
  });
});

test.each(startMessages)("a runtime says: %s", (message, fix) => {
  const told = diagnose({
    exit: {
      kind: "failed",
      started: false,
      failure: { kind: "container-start-failed", reason: "RunContainerError", message, exitCode: 128 },
    },
  });
  expect(told.code).toBe("k8s_container_start_failed");
  expect(told.fix.join(" ")).toContain(fix);
});
