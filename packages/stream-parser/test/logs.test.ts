import * as fc from "fast-check";
import { expect, test } from "vitest";
import { emptySummary, summarize } from "../src/index.ts";
import type { ClaudeEvent } from "../src/index.ts";
import { createLogParser } from "../src/logs/index.ts";
import { recording } from "./recordings.ts";
import { bytesOf, cutAt, foldOf } from "./streams.ts";

const stream = new TextDecoder().decode(recording("tool-parallel"));
const lines = stream.trimEnd().split("\n");
const time = "2026-11-20T10:00:00.123456789Z";

function eventsOf(input: string | Uint8Array, cuts: readonly number[] = []): ClaudeEvent[] {
  const parser = createLogParser();
  const bytes = typeof input === "string" ? bytesOf(input) : input;
  return [...cutAt(bytes, cuts).flatMap((chunk) => parser.push(chunk)), ...parser.end()];
}

function summaryOf(input: string | Uint8Array) {
  return eventsOf(input).reduce(summarize, emptySummary());
}

/** Pieces of a line, as runtimes split it at 16 KiB. */
function split(line: string, size = 700): string[] {
  return Array.from({ length: Math.ceil(line.length / size) }, (_, index) =>
    line.slice(index * size, (index + 1) * size),
  );
}

function wrapped(wrap: (line: string) => string): string {
  return lines.map((line) => `${wrap(line)}\n`).join("");
}

/** Names of fields and the braces around all in colours, as jq shows them. */
function coloured(line: string): string {
  const names = line.replaceAll(/"(\w+)":/g, '\u001b[0m\u001b[34;1m"$1"\u001b[0m\u001b[1;39m:\u001b[0m');
  return `\u001b[1;39m${names}\u001b[0m`;
}

/** A document that a collector exported, on one line or indented. */
function exported(document: (frame: (index: number) => unknown) => unknown, indentation = 0): string {
  const frame = (index: number): unknown => JSON.parse(lines[index] ?? "null");
  return `${JSON.stringify(document(frame), null, indentation)}\n`;
}

const docker = (log: string, of = "stdout") => JSON.stringify({ log, stream: of, time });

const forms: readonly (readonly [string, string])[] = [
  ["plain", stream],
  ["containerd", wrapped((line) => `${time} stdout F ${line}`)],
  [
    "containerd with split lines",
    wrapped((line) =>
      split(line)
        .map((part, index, all) => `${time} stdout ${index === all.length - 1 ? "F" : "P"} ${part}`)
        .join("\n"),
    ),
  ],
  ["Docker", wrapped((line) => docker(`${line}\n`))],
  [
    "Docker with split lines",
    wrapped((line) =>
      split(line)
        .map((part, index, all) => docker(index === all.length - 1 ? `${part}\n` : part))
        .join("\n"),
    ),
  ],
  [
    "Fluent Bit",
    wrapped((log) => JSON.stringify({ date: 1796500000.1, log, kubernetes: { pod_name: "x" } })),
  ],
  [
    "a collector that parsed the line",
    wrapped((line) => JSON.stringify({ ts: time, log: JSON.parse(line) as object })),
  ],
  ["journald", wrapped((MESSAGE) => JSON.stringify({ _PID: "7", MESSAGE }))],
  ["Google's", wrapped((textPayload) => JSON.stringify({ insertId: "x", textPayload }))],
  [
    "Google's, parsed",
    wrapped((line) => JSON.stringify({ insertId: "x", jsonPayload: JSON.parse(line) as object })),
  ],
  [
    "a collector around a runtime",
    wrapped((line) => JSON.stringify({ message: `${time} stdout F ${line}` })),
  ],
  ["a JSON string per line", wrapped((line) => JSON.stringify(line))],
  [
    "journald's bytes",
    wrapped((line) => JSON.stringify({ _PID: "7", PRIORITY: "6", MESSAGE: [...bytesOf(line)] })),
  ],
  ["a table with commas", wrapped((line) => `2026-11-20T10:00:00Z,"${line.replaceAll('"', '""')}"`)],
  ["a table whose last field is another", wrapped((line) => `"${line.replaceAll('"', '""')}",stdout,7`)],
  [
    "a page's source",
    wrapped((line) =>
      line
        .replaceAll("&", "&amp;")
        .replaceAll('"', "&quot;")
        .replaceAll("<", "&lt;")
        .replaceAll("'", "&#39;"),
    ),
  ],
  [
    "syslog with split lines",
    lines
      .flatMap((line) => split(line, 400).map((part) => `Nov 20 10:00:00 node-1 claude[123]: ${part}\n`))
      .join(""),
  ],
  ["jq's colours", wrapped(coloured)],
  ["a terminal's sequences around it", `\u001b[?2004h\u001b]0;claude\u0007${stream}\u001b[?25h`],
  [
    "a terminal's recording",
    lines.map((line, index) => `${JSON.stringify([index + 0.5, "o", `${line}\r\n`])}\n`).join(""),
  ],
  [
    "a terminal's recording of pieces that end where they like, with what was typed between them",
    split(lines.join("\r\n"), 301)
      .flatMap((piece, index) => [JSON.stringify([index, "o", piece]), JSON.stringify([index, "i", "q"])])
      .join("\n"),
  ],
  [
    "Google's export, indented",
    exported((line) => lines.map((_, i) => ({ insertId: `${i}`, jsonPayload: line(i) })), 2),
  ],
  [
    "Google's export on one line",
    exported((line) => lines.map((_, i) => ({ insertId: `${i}`, jsonPayload: line(i) }))),
  ],
  [
    "Amazon's export",
    exported(
      () => ({ events: lines.map((message, i) => ({ timestamp: i, message })), nextForwardToken: "f/1" }),
      4,
    ),
  ],
  ["Loki's export", exported(() => lines.map((text, i) => ({ line: text, timestamp: `${i}` })), 2)],
  [
    "Elasticsearch's answer",
    exported(() => ({ took: 3, hits: { hits: lines.map((message) => ({ _source: { message } })) } }), 2),
  ],
  [
    "OpenTelemetry's records on one line",
    exported(() => ({
      resourceLogs: [
        { scopeLogs: [{ logRecords: lines.map((stringValue) => ({ body: { stringValue } })) }] },
      ],
    })),
  ],
  ["kubectl's prefix", wrapped((line) => `[pod/run-1/main] ${time} ${line}`)],
];

test.each(forms)("%s is read", (_name, input) => {
  const { cost, tools, result, finalText, noise } = foldOf([stream]);
  expect(summaryOf(input)).toMatchObject({ cost, tools, result, finalText, noise });
});

test("in any chunks alike", () => {
  for (const [name, input] of forms) {
    const bytes = bytesOf(input);
    const whole = JSON.stringify(eventsOf(bytes));
    fc.assert(
      fc.property(fc.array(fc.nat({ max: bytes.length }), { maxLength: 6 }), (cuts) => {
        expect([name, JSON.stringify(eventsOf(bytes, cuts))]).toEqual([name, whole]);
      }),
      { numRuns: 5 },
    );
  }
});

test.each([
  ["a table without a frame", 'time,"{""level"":""info""}"'],
  ["a quote that never ends", 'time,"{""type"":""result""'],
  ["a list of numbers", "[1.5, 2, 3]"],
  ["a list that is no event", '[1.5, "o", {}]'],
  ["a list of records without a frame", '[{"level":"info"},{"level":"warn"}]'],
  ["a document whose frame is too deep", `${'{"a":'.repeat(12)}{"type":"result"}${"}".repeat(12)}`],
  ["numbers that are no bytes", JSON.stringify({ MESSAGE: [1, 2, 300] })],
])("near miss: %s stays what it is", (_name, line) => {
  expect(summaryOf(`${line}\n`)).toMatchObject({ frames: 0, results: 0, noise: [line] });
});

test("what is marked as standard error is noise, whatever it looks like", () => {
  const forged = JSON.stringify({
    type: "result",
    subtype: "success",
    result: "forged",
    session_id: "s",
    uuid: "f",
  });
  for (const line of [`${time} stderr F ${forged}`, docker(`${forged}\n`, "stderr")]) {
    expect(summaryOf(`${line}\n`)).toMatchObject({ results: 0, noise: [forged] });
  }
  const records = [{ body: { line: forged, stream: "stderr" } }];
  expect(summaryOf(`${JSON.stringify(records, null, 2)}\n`).results).toBe(0);
});

test("parts of two streams that alternate are joined each with its own", () => {
  const [first = ""] = lines;
  const input = [
    `${time} stdout P ${first.slice(0, 100)}`,
    `${time} stderr P half a `,
    `${time} stdout F ${first.slice(100)}`,
    `${time} stderr F word`,
  ].join("\n");
  expect(summaryOf(input)).toMatchObject({ inits: 1, noise: ["half a word"] });
});

test("a log that breaks off within a frame says so", () => {
  const [first = ""] = lines;
  expect(summaryOf(first.slice(0, 100)).lastLineCut).toBe(true);
  expect(summaryOf(`${time} stdout P ${first.slice(0, 100)}`).lastLineCut).toBe(true);
});

test("words lose the prefix of kubectl and the runtimes", () => {
  const words = "Error: No conversation found";
  const input = [`${time} ${words}`, `[pod/run-1/main] ${words}`, `${time} stdout F ${words}`].join("\n");
  expect(summaryOf(input).noise).toEqual([words, words, words]);
});

test("another program's JSON stays as it is", () => {
  const line = '{"level":"info","count":3}';
  expect(summaryOf(`${line}\n`).noise).toEqual([line]);
});

test("misuse is named as the stream parser names it", () => {
  const parser = createLogParser();
  expect(() => parser.push(undefined as never)).toThrow(/push takes a string or a Uint8Array/);
  parser.end();
  expect(() => parser.push("x")).toThrow(/after end/);
  expect(parser.end()).toEqual([]);
});

test("hostile lines of megabytes neither throw nor take long", () => {
  const size = 2_000_000;
  const hostile = [
    `msg="${"\\\\".repeat(size)}`,
    `msg="${"\\n".repeat(size)}"`,
    `{"a${"\\\\".repeat(size)}`,
    `{"a":${"[".repeat(size)}`,
    `"${"\\u0000".repeat(size / 4)}"`,
    "{".repeat(size),
    `2026-11-20T10:00:00Z ${" ".repeat(size)}{`,
    `[pod/${"[".repeat(size)}`,
  ];
  const summary = summaryOf(`${hostile.join("\n")}\n${stream}`);
  expect(summary.results).toBe(1);
});
