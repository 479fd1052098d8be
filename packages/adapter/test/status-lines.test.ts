import type { RunEvent, SlotHolder } from "@claude-k8s/k8s-runner";
import { describe, expect, test } from "vitest";

import { createRedaction } from "../src/output/redaction.ts";
import { createStatusLines } from "../src/output/status-lines.ts";
import { createTranscript } from "../src/output/transcript.ts";
import { parseStdoutLine } from "../src/ui-parser.ts";

const at = "2026-11-22T18:00:00.000Z";
type Untimed = RunEvent extends infer E ? (E extends RunEvent ? Omit<E, "at"> : never) : never;

function told(events: readonly Untimed[], budgets = {}): readonly string[] {
  const lines: string[] = [];
  const status = createStatusLines({ budgets, busyWaitSeconds: 45, write: (line) => lines.push(line) });
  for (const event of events) status.runEvent({ at, ...event });
  return lines;
}
const unschedulable = (message: string) => ({ type: "pod-unschedulable", message }) as const;
const retrying = (reason: string, message: string) =>
  ({ type: "image-pull-retrying", image: "acme/agent:1", reason, message }) as const;
const started = { type: "container-started", podName: "p", nodeName: "node-1", startedAt: at } as const;
const unreachable = { type: "api-unreachable", message: "ECONNREFUSED", since: at } as const;
const reachable = { type: "api-reachable", afterSeconds: 12.3 } as const;

describe("one line for each change", () => {
  test("a start without a wait says nothing", () => {
    expect(
      told([
        { type: "job-created", jobName: "j" },
        { type: "pod-created", podName: "p" },
        { type: "pod-scheduled", podName: "p", nodeName: "n" },
        { type: "container-waiting", container: "main", reason: "ContainerCreating", message: null },
        started,
        { type: "log-connected", resumedFrom: null },
      ]),
    ).toEqual([]);
  });
  test("the scheduler's words, when the wait ends and which setting says so; the same with other numbers is no news", () => {
    expect(
      told(
        [
          unschedulable("0/3 nodes are available: 3 Insufficient memory."),
          unschedulable("0/4 nodes are available: 4 Insufficient memory."),
          { type: "scale-up-triggered", message: "pool a 1->2" },
          started,
        ],
        { schedulingSeconds: 600 },
      ),
    ).toEqual([
      "[claude_k8s] Waiting for a node: 0/3 nodes are available: 3 Insufficient memory. Given up after 10 minutes (setting nodeWaitSec).",
      "[claude_k8s] A node is being added: pool a 1->2.",
      "[claude_k8s] Started on node node-1.",
    ]);
  });
  test("alternating messages of the kubelet are one line", () => {
    const lines = told([
      { type: "image-pulling", image: "acme/agent:1" },
      retrying("ErrImagePull", "failed to pull: 503"),
      retrying("ImagePullBackOff", "Back-off pulling image"),
      retrying("ErrImagePull", "failed to pull: 503"),
      retrying("ImagePullBackOff", "Back-off pulling image"),
    ]);
    expect(lines).toHaveLength(2);
    expect(lines[1]).toContain("Given up after 15 minutes (setting imageWaitSec)");
  });
  test("a gap in the connection is told, its end too, and each time anew", () => {
    expect(told([unreachable, unreachable, reachable, unreachable, reachable])).toHaveLength(4);
    expect(told([reachable])).toEqual([]);
  });
  test("a queue that nobody limited", () => {
    expect(told([{ type: "job-queued", queueName: "agents", message: null }])).toEqual([
      "[claude_k8s] Queued in agents. It waits as long as it takes (setting queueWaitSec).",
    ]);
  });
  test("a busy slot: its holder, the position, the end of the wait", () => {
    const lines: string[] = [];
    const status = createStatusLines({ busyWaitSeconds: 45, write: (line) => lines.push(line) });
    const holder = { jobName: "j", jobUid: "u", podName: null, runId: "r1" } as SlotHolder;
    status.waiting(holder, 2);
    status.waiting(holder, 2);
    status.waiting(holder, 1);
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/run r1 .*\(Job j\), number 2 in the line\. Given up after 45 s/);
    status.waiting({ ...holder, podName: "j-x7k2p" }, 1);
    expect(lines[2]).toMatch(/run r1 .*\(pod j-x7k2p, whose Job was deleted\), number 1 in the line/);
  });
  test("words of the cluster stay on one line, bounded; and so is their number", () => {
    const [line = ""] = told([unschedulable(`a\nb ${"x".repeat(5000)}`)]);
    expect(line).not.toContain("\n");
    expect(line.length).toBeLessThan(800);
    const letters = (index: number) => String.fromCharCode(97 + (index % 26), 97 + Math.floor(index / 26));
    const many = Array.from({ length: 400 }, (_, index) => unschedulable(letters(index)));
    expect(told(many)).toHaveLength(101);
  });
});

describe("never inside a line of the output", () => {
  function open(secrets = {}) {
    let text = "";
    const onLog = async (_stream: string, chunk: string) => void (text += chunk);
    return { transcript: createTranscript(onLog, createRedaction(secrets)), text: () => text };
  }
  const bytes = (text: string) => new TextEncoder().encode(text);

  test("before the output, between lines, in the middle of one, after an unfinished one", async () => {
    const { transcript, text } = open();
    transcript.note("[claude_k8s] one");
    await transcript.write(bytes('{"a":1}\n{"b":'));
    transcript.note("[claude_k8s] two");
    await transcript.write(bytes("2"));
    await transcript.write(bytes('}\n{"c":3}\n{"d"'));
    transcript.note("[claude_k8s] three");
    await transcript.end();
    const lines = text().split("\n");
    const isNote = (line: string) => line.startsWith("[claude_k8s] ");
    expect(lines[0]).toBe("[claude_k8s] one");
    expect(lines.filter(isNote)).toEqual(["one", "two", "three"].map((word) => `[claude_k8s] ${word}`));
    const rest = lines.filter((line) => !isNote(line));
    expect(rest.join("\n").trimEnd()).toBe('{"a":1}\n{"b":2}\n{"c":3}\n{"d"');
  });
  test("a line that is longer than what the host takes at once stays whole", async () => {
    const { transcript, text } = open();
    const long = JSON.stringify({ text: "x".repeat(3_000_000) });
    for (let start = 0; start < long.length; start += 100_000) {
      await transcript.write(bytes(long.slice(start, start + 100_000)));
      transcript.note(`[claude_k8s] ${start}`);
    }
    await transcript.write(bytes("\n"));
    await transcript.end();
    expect(text().split("\n")).toContain(long);
  });
  test("for every border of chunks and every moment of a note, the output without notes is the output", async () => {
    const output = '{"a":1}\n{"long":"ä€𝄞"}\nplain\n{"z":0}\n';
    const whole = bytes(output);
    for (let cut = 0; cut <= whole.length; cut += 1) {
      const { transcript, text } = open();
      await transcript.write(whole.subarray(0, cut));
      transcript.note("[claude_k8s] note");
      await transcript.write(whole.subarray(cut));
      await transcript.end();
      const lines = text().split("\n");
      expect(lines.filter((line) => line === "[claude_k8s] note")).toHaveLength(1);
      expect(lines.filter((line) => line !== "[claude_k8s] note").join("\n")).toBe(output);
    }
  });
  test("secrets in the cluster's words are masked", async () => {
    const value = ["s3cret", "value", "0123456789"].join("-");
    const { transcript, text } = open({ TOKEN: value });
    transcript.note(`[claude_k8s] pull from https://u:${value}@registry`);
    await transcript.end();
    expect(text()).not.toContain(value);
  });
});

test("the transcript's view draws them as system entries", () => {
  expect(parseStdoutLine("[claude_k8s] Waiting for a node.", at)).toEqual([
    { kind: "system", ts: at, text: "Waiting for a node." },
  ]);
  expect(parseStdoutLine("[paperclip] Preparing.", at)).toEqual([
    { kind: "system", ts: at, text: "Preparing." },
  ]);
  expect(parseStdoutLine("[other] words", at)).toEqual([{ kind: "stdout", ts: at, text: "[other] words" }]);
});
