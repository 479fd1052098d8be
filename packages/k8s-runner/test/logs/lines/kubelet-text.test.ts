/** What the kubelet says inside of an answer, in the words of its sources, each with a near miss. */

import { describe, expect, test } from "vitest";
import { isCutStamp, isSpoken, readKubeletText } from "../../../src/logs/lines/kubelet-text.ts";
import { countedLine } from "../../../src/logs/lines/record.ts";
import type { UnstampedText } from "../../../src/logs/lines/record.ts";

function unstamped(text: string): UnstampedText {
  return { kind: "unstamped", text: Buffer.from(text) };
}

test("a line with a timestamp, and none at all, are no words", () => {
  expect(readKubeletText(countedLine(Buffer.from("too many open files"), 0))).toBeNull();
  expect(readKubeletText(null)).toBeNull();
});

const inotify = "the node has no inotify instance or watch left to follow this log with";
const retrieve = "the kubelet says: unable to retrieve container logs";
const opening = "the kubelet says that it failed to open or read the log file";
const runtime = "the kubelet says that it does not reach the container runtime";
const container = "the kubelet says that it does not know the container";

test.each([
  ["failed to create fsnotify watcher: too many open files", "cannot-follow", inotify],
  ["failed to watch: Inotify limit reached", "cannot-follow", inotify],
  ["accept: Too many open files", "cannot-follow", inotify],
  ['failed to watch file "/var/log/pods/x/0.log": no space left on device', "cannot-follow", inotify],
  ['failed to watch directory "/var/log/pods/x": no space left on device', "cannot-follow", inotify],
  ["unable to retrieve container logs for containerd://0123456789abcdef", "unreadable", retrieve],
  ["Unable to Retrieve Container Logs for docker://0", "unreadable", retrieve],
  ['failed to open log file "/var/log/pods/x/0.log"', "unreadable", opening],
  ["failed to read log line: input/output error", "unreadable", opening],
  ["failed to get container status", "unreadable", opening],
  ["Failed to find container", "unreadable", opening],
  ["failed to try resolving symlinks in path", "unreadable", opening],
  ["failed to reopen container log", "unreadable", opening],
  ["lstat /var/log/pods/x/0.log: no such file or directory", "unreadable", opening],
  ["rpc error: code = Unavailable desc = connection refused", "unreadable", runtime],
  ["error dialing backend: dial tcp 10.0.0.1:10250: i/o timeout", "unreadable", runtime],
  ['container "main" in pod "p" is not running', "unreadable", container],
  ["container main not found in pod p", "unreadable", container],
  // The rest of a line that `sinceTime` cut, and what is almost one of these.
  ["failed to watch the build", "other", "the answer has text without a timestamp"],
  ["failed to compile", "other", "the answer has text without a timestamp"],
  ["the pod was not running", "other", "the answer has text without a timestamp"],
  [`container ${"x".repeat(201)} not found`, "other", "the answer has text without a timestamp"],
  ["unable to retrieve the log", "other", "the answer has text without a timestamp"],
  ["", "other", "the answer has text without a timestamp"],
])("%j", (text, kind, message) => {
  expect(readKubeletText(unstamped(text))).toEqual({ kind, message });
  expect(isSpoken(Buffer.from(text))).toBe(kind !== "other");
});

test("only the first 300 bytes are looked at: words of the kubelet are short, and a line of output is not", () => {
  const words = "no such file";
  expect(isSpoken(Buffer.from("x".repeat(300 - words.length) + words))).toBe(true);
  expect(isSpoken(Buffer.from("x".repeat(301 - words.length) + words))).toBe(false);
});

describe("an answer that ends inside of a timestamp", () => {
  const stamp = "2026-11-22T17:00:00.000000001Z";
  test("at each of its characters", () => {
    const heads = Array.from({ length: stamp.length }, (_, index) => stamp.slice(0, index + 1));
    expect(heads.filter((head) => !isCutStamp(unstamped(head)))).toEqual([]);
    expect(isCutStamp(unstamped("2026-11-22T17:00:00.000000001+05:30"))).toBe(true);
    expect(isCutStamp(unstamped(" 2026-11 "))).toBe(true);
  });

  test.each(["", "hello", "20261", "2026x", "2026-11-22 at noon", "x2026-11", `2026-${"1".repeat(32)}`])(
    "not %j",
    (text) => {
      expect(isCutStamp(unstamped(text))).toBe(false);
    },
  );

  test("not a line, nor nothing, nor a long text", () => {
    expect(isCutStamp(null)).toBe(false);
    expect(isCutStamp(countedLine(Buffer.from("2026"), 0))).toBe(false);
    expect(isCutStamp(unstamped(`2026${" ".repeat(296)}`))).toBe(true);
    expect(isCutStamp(unstamped(`2026${" ".repeat(297)}`))).toBe(false);
  });
});
