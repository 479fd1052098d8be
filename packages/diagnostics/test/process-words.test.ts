/** Crashes of the process itself, and commands that never started: `process-words.ts` has the tables. */
import { processBySource } from "./process-words-by-source.ts";
import { eighthSample } from "./process-words-eighth-sample.ts";
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

const ended = { exitCode: 0, code: "claude_failed", bootstrap: false, says: [], from: "" } as const;

describe.each([
  ["crashes", crashes],
  ["starts", starts],
  ["second sample", secondSample],
  ["third sample", thirdSample],
  ["sixth sample", sixthSample],
  ["seventh sample", seventhSample],
  ["eighth sample", eighthSample],
  ["by source", processBySource],
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

/** Each in a form that the reader of a live stream does not read, and a saved log's does. */
const frame = '{"type":"system","subtype":"init","session_id":"s","uuid":"u"}';

test.each([
  ["a string of JSON", JSON.stringify({ log: `${frame}\n`, stream: "stdout" })],
  ["a table", `2026-11-20T10:00:00Z,"${frame.replaceAll('"', '""')}"`],
  ["a page's source", frame.replaceAll('"', "&quot;")],
  ["colours", frame.replaceAll('":', '"\u001b[0m\u001b[1;39m:\u001b[0m')],
  ["a terminal's recording", JSON.stringify([0.5, "o", `${frame}\r\n`])],
  ["bytes as numbers", JSON.stringify({ MESSAGE: [...Buffer.from(frame)] })],
])("frames in %s are said to be no stream-json, not lost", (_form, line) => {
  const told = diagnose(evidence({ ...ended, lines: [line] }));
  expect(told.code).toBe("claude_failed");
  expect(formatText(told)).toContain("stream-json");
});

test.each(["Done: the type: result is fine.", "level=info type=result", '["a", "b"]', "[1.5, 2]"])(
  "near miss: %s is no frame",
  (line) => {
    expect(diagnose(evidence({ ...ended, lines: [line] })).code).toBe("claude_output_lost");
  },
);

test.each([
  ["tar: cannot write x: No space left on device", false],
  ["ENOSPC: no space left on device, write", true],
  ["Error: EROFS: read-only file system, open '/workspace/x'", true],
] as const)("only the process's own error lends a cut run a remedy: %s", (line, helps) => {
  const { fix } = diagnose(evidence({ ...ended, lines: [line], exitCode: 1, spoke: true }));
  expect(fix.some((step) => /ephemeral-storage|Make the named path writable/.test(step))).toBe(helps);
});

test.each([
  ["Error: ENOSPC: no space left on device, write\n    at appendFileSync (unknown)", true],
  ["Error: ENOENT: no such file or directory, scandir '/etc/claude-code/.claude/skills'", false],
] as const)("a run that broke down names its errors: %s", (error, helps) => {
  const { summary } = evidence({ ...ended, lines: [], spoke: true });
  const result = { subtype: "error_during_execution", isError: true, errors: [error] };
  const told = diagnose({
    exit: { kind: "exited", exitCode: 1, signal: null },
    summary: { ...summary, result },
  });
  expect(told.code).toBe("claude_failed");
  expect(told.fix.join(" ").includes("ephemeral-storage")).toBe(helps);
});
