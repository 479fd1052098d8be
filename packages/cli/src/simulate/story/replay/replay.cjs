"use strict";
// Stands in for Claude Code in the demo's container: reads the prompt from stdin, then writes a recorded transcript byte
// for byte at the pace of pace.json. What it wrote it counts itself, and tells it beside the log, in the container's
// termination message, so that the log can be held against a witness that never passed through it.
const { createHash } = require("node:crypto");
const { readFileSync, writeFileSync, writeSync } = require("node:fs");
const path = require("node:path");

const TERMINATION_MESSAGE = process.env.REPLAY_TERMINATION_MESSAGE || "/dev/termination-log";
const TURN = new Int32Array(new SharedArrayBuffer(4));

if (process.argv.includes("--version")) {
  console.log("2.1.330 (Claude Code)");
  process.exit(0);
}

const prompt = readFileSync(0);
if (prompt.length === 0) {
  console.error(
    "Error: Input must be provided either through stdin or as a prompt argument when using --print",
  );
  process.exit(1);
}

const recording = readFileSync(path.join(__dirname, "transcript.ndjson"));
const pace = JSON.parse(readFileSync(path.join(__dirname, "pace.json"), "utf8"));
const ending = process.env.REPLAY_ENDING || "complete";
const lastLine = ending === "complete" ? Infinity : Number(process.env.REPLAY_LINES || 12);
const written = createHash("sha256");
let lines = 0;
let bytes = 0;

// Without handler a process with PID 1 ignores SIGTERM until it is killed.
process.on("SIGTERM", () => {
  tell();
  process.exit(143);
});
replay(0);

function replay(from) {
  if (from >= recording.length || isLast()) return end();
  const newline = recording.indexOf(0x0a, from);
  const to = newline === -1 ? recording.length : newline + 1;
  setTimeout(() => {
    const line = recording.subarray(from, to);
    count(line);
    // Whoever sees the last line may end this process at once.
    if (isLast()) tell();
    writeWhole(line);
    replay(to);
  }, pace[lines] || 0);
}

function writeWhole(line) {
  for (let done = 0; done < line.length;) {
    try {
      done += writeSync(1, line, done);
    } catch (error) {
      // A pipe that somebody made non-blocking says so when it is full; giving up here would cut a line.
      if (error.code !== "EAGAIN") throw error;
      Atomics.wait(TURN, 0, 0, 5);
    }
  }
}

function count(line) {
  written.update(line);
  lines += 1;
  bytes += line.length;
}

function isLast() {
  return lines >= lastLine;
}

function end() {
  if (!isLast()) tell();
  if (ending === "allocate") allocate([]);
  else if (ending === "wait") setInterval(() => {}, 60_000);
}

/** Touches every page: memory that is only reserved does not count against the container's limit. */
function allocate(kept) {
  kept.push(Buffer.alloc(8 * 1024 * 1024, 1));
  setTimeout(() => allocate(kept), 20);
}

function tell() {
  const digest = (hash) => hash.digest("hex");
  const told = {
    lines,
    bytes,
    sha256: digest(written.copy()),
    promptBytes: prompt.length,
    promptSha256: digest(createHash("sha256").update(prompt)),
  };
  writeFileSync(TERMINATION_MESSAGE, JSON.stringify(told));
}
