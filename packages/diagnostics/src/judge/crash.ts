import type { FixCondition } from "../catalog/entry.ts";
import type { Facts } from "../facts/facts.ts";
import type { StreamFacts } from "../facts/stream-facts.ts";
import { sentence } from "../words/quote.ts";
import { quotableLines } from "./last-words.ts";
import { retriesBefore, whileWords } from "./progress-words.ts";
import { runNumbers } from "./run-numbers.ts";
import { startTrouble } from "./start-words.ts";
import type { Verdict } from "./verdict.ts";

/** Signals that a process gets for what it did itself: nobody sends them to end a run. */
const faults: ReadonlyMap<string, string> = new Map([
  ["SIGILL", "an instruction that the processor does not know"],
  ["SIGSEGV", "a segmentation fault"],
  ["SIGABRT", "it gave up by itself"],
  ["SIGBUS", "a bus error: memory that is not there, mostly a file or volume that is full or was cut"],
  ["SIGFPE", "an arithmetic fault"],
  ["SIGTRAP", "a trap: an assertion of its runtime, or the limit of its heap"],
  ["SIGSYS", "a system call that the pod's seccomp profile forbids"],
]);

/** What a crashing runtime says, the most telling first. */
const causes: readonly { readonly condition: FixCondition; readonly pattern: RegExp }[] = [
  {
    condition: "cpu",
    pattern:
      /lacks? (?:avx|sse)|avx2? (?:support|instruction)|(?:avx|sse4)[^\n]{0,60}(?:required|not supported)/i,
  },
  {
    condition: "heap",
    pattern:
      /heap out of memory|heap limit|(?:invalid|ineffective) (?:table size|mark-compacts)|allocation failed - |out of memory: (?:cannot|zone|heap)|fatalprocessoutofmemory|std::bad_alloc|mimalloc[^\n]{0,40}(?:unable to allocate|out of memory)|memory allocation of \d{1,20} bytes failed|panic[^\n]{0,40}out of memory/i,
  },
  {
    condition: "threads",
    pattern:
      /(?:uv_thread_create|pthread_create|failed to (?:spawn|create) (?:a )?thread|can't create thread|fork)[^\n]{0,80}(?:resource temporarily unavailable|eagain|failed)|assertion [^\n]{0,120}(?:uv_thread_create|pthread_create)|what\(\): {1,4}resource temporarily unavailable/i,
  },
  // A processor that is played by another: what crashes there runs on its own.
  { condition: "cpu", pattern: /qemu: uncaught target signal/i },
  { condition: "cpu", pattern: /illegal instruction/i },
  {
    condition: "fault",
    pattern:
      /^panic(?:\([^)]{0,40}\))?:|\bpas panic:|fatal error in|# fatal error|^fatal error: |assertion [^\n]{0,200} failed|terminate called|double free|heap corruption|corrupted (?:size|double|unsorted|top)|(?:malloc|free|realloc|munmap_chunk)\(\)?: |stack smashing|overflowed its stack|fatal runtime error/i,
  },
  // Of the shell that started it, which knows no more than the signal.
  {
    condition: "fault",
    pattern:
      /segmentation fault|bus error|floating point exception|trace\/breakpoint trap|\(core dumped\)|bad system call/i,
  },
  { condition: "fault", pattern: /bun has crashed/i },
];
/** Said by no other program than the one that runs Claude Code, whatever the exit. */
const ownWords =
  /bun has crashed|javascript heap out of memory|^fatal error: [^\n]{0,120}(?:heap|allocation)|^# fatal error in/i;

/** `null`: the process did not crash, as far as the exit and its words tell. */
export function crash(facts: Facts, stream: StreamFacts | null): Verdict | null {
  const lines = quotableLines(facts);
  const spoke = stream !== null && ((stream.frames ?? stream.inits ?? 0) > 0 || stream.contentSeen === true);
  // An emulator that cannot begin traps, too; nothing of Claude Code ran.
  if (!spoke && startTrouble(lines, facts.exitCode)?.condition === "processor") return null;
  const fault = faults.get(facts.signal ?? "");
  const says = lines.some((line) => ownWords.test(line));
  // A failing exit is needed: a process that goes on and ends well has survived whatever a child of it said.
  if (fault === undefined && (!says || facts.exitCode === 0 || (facts.signal ?? "SIGABRT") !== "SIGABRT"))
    return null;
  const told = causes
    .map(({ condition, pattern }) => ({ condition, line: lines.findLast((line) => pattern.test(line)) }))
    .filter(({ line }) => line !== undefined);
  const [first] = told;
  const condition =
    facts.signal === "SIGSYS"
      ? "seccomp"
      : (first?.condition ?? (facts.signal === "SIGILL" ? "cpu" : "fault"));
  const words = [...new Set(told.map(({ line }) => line ?? ""))].slice(0, 2);
  const before = stream === null ? "" : whileWords(stream);
  return {
    code: "claude_crashed",
    cause: [
      `Claude Code's own process crashed${before}: ${fault ?? "its runtime failed"}.`,
      words.length === 0 ? null : `It said: ${words.map(sentence).join(" ")}`,
      stream === null ? null : retriesBefore(stream).trim(),
      runNumbers(facts),
    ]
      .filter((part) => part !== null && part !== "")
      .join(" "),
    detail: first?.line ?? facts.signal,
    bootstrap: stream !== null && !spoke,
    // The same processor and the same heap give the same crash; only a fault may not come again, and even it is no upstream's.
    family: null,
    conditions: [condition],
    names: { model: stream?.model ?? null },
  };
}
