/**
 * Speed as ratios to a bare loop in the same process, on the recordings read again and again up to 100 MB, and resident memory on long streams.
 * Times are the thread's own processor time, best of several rounds: on a busy machine the clock measures the neighbours.
 */
import { benchRow } from "../../../scripts/bench-row.ts";
import { createStreamParser, emptySummary, summarize, summarizeStream } from "../src/index.ts";
import { sizeOf, transcript } from "./transcript.ts";

const ROUNDS = Number(process.env["BENCH_ROUNDS"] ?? 7);
const MEBIBYTE = 1024 * 1024;
const chunks = transcript();
/** 100 MB in all, each pass with a parser of its own. */
const PASSES = Math.ceil(100e6 / sizeOf(chunks));

/** What every reader of the format does at least: split on 0x0A, decode, JSON.parse. The fastest form of it that we know. */
function bareLoop(): void {
  const decoder = new TextDecoder();
  let held: Uint8Array[] = [];
  for (const chunk of chunks) {
    let start = 0;
    for (let at = chunk.indexOf(0x0a); at !== -1; at = chunk.indexOf(0x0a, start)) {
      const rest = chunk.subarray(start, at);
      const line = held.length === 0 ? rest : Buffer.concat([...held, rest]);
      held = [];
      try {
        JSON.parse(decoder.decode(line));
      } catch {
        // A line of text between the frames.
      }
      start = at + 1;
    }
    if (start < chunk.length) held.push(chunk.subarray(start));
  }
}

function events(): void {
  const parser = createStreamParser();
  for (const chunk of chunks) parser.push(chunk);
  parser.end();
}

function fold(): void {
  const parser = createStreamParser();
  let summary = emptySummary();
  for (const chunk of chunks) for (const event of parser.push(chunk)) summary = summarize(summary, event);
}

interface Contender {
  readonly name: string;
  readonly run: () => void | Promise<unknown>;
  /** Times the bare loop's time. */
  readonly atMost: number | null;
}

const contenders: readonly Contender[] = [
  { name: "bare loop", run: bareLoop, atMost: null },
  { name: "events", run: events, atMost: 1.15 },
  { name: "events and summarize", run: fold, atMost: 1.25 },
  { name: "summarizeStream", run: () => summarizeStream(chunks), atMost: 1.25 },
];

function processorMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

const best = new Map<string, number>();
for (let round = 0; round < ROUNDS; round++) {
  for (const { name, run } of contenders) {
    globalThis.gc?.();
    const started = processorMs();
    for (let pass = 0; pass < PASSES; pass++) await run();
    best.set(name, Math.min(best.get(name) ?? Infinity, processorMs() - started));
  }
}

const megabytes = (PASSES * sizeOf(chunks)) / 1e6;
const bareMs = best.get("bare loop") ?? Number.NaN;
console.log(
  `${megabytes.toFixed(0)} MB in chunks of 64 KiB, best of ${ROUNDS} rounds, Node ${process.version}`,
);
for (const { name, atMost } of contenders) {
  const ms = best.get(name) ?? Number.NaN;
  const ratio = ms / bareMs;
  const speed = `${((megabytes / ms) * 1000).toFixed(0)} MB/s`;
  if (atMost === null) console.log(`${name}: ${speed}`);
  else
    benchRow({
      what: name,
      figure: `${ratio.toFixed(2)} × (${speed})`,
      peer: "a bare loop of JSON.parse",
      limit: `${atMost.toFixed(2)} ×`,
      held: ratio <= atMost,
    });
}

/** Feeds `bytes` of transcript and tells the most memory that was resident beyond what was before. */
async function residentBytes(bytes: number, feed: (source: AsyncIterable<Uint8Array>) => Promise<unknown>) {
  globalThis.gc?.();
  const before = process.memoryUsage.rss();
  let most = 0;
  async function* source(): AsyncGenerator<Uint8Array> {
    let given = 0;
    for (let index = 0; given < bytes; index = (index + 1) % chunks.length) {
      const chunk = chunks[index] ?? new Uint8Array(0);
      given += chunk.length;
      if (index % 64 === 0) most = Math.max(most, process.memoryUsage.rss() - before);
      yield chunk;
    }
  }
  await feed(source());
  return Math.max(most, process.memoryUsage.rss() - before);
}

for (const bytes of [10e6, 100e6, 1e9]) {
  const resident = await residentBytes(bytes, (source) => summarizeStream(source));
  benchRow({
    what: `summarizeStream, memory beyond the start after ${bytes / 1e6} MB`,
    figure: `${(resident / MEBIBYTE).toFixed(0)} MiB`,
    limit: "the same at every length",
  });
}

const pad = new Uint8Array(MEBIBYTE).fill(0x78);
async function* oneLine(): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode('{"type":"user","pad":"');
  for (let count = 0; count < 256; count++) yield pad;
  yield new TextEncoder().encode('"}\n{"type":"keep_alive"}\n');
}
globalThis.gc?.();
const before = process.memoryUsage.rss();
let most = 0;
const parser = createStreamParser();
const types: string[] = [];
for await (const chunk of oneLine()) {
  types.push(...parser.push(chunk).map((event) => event.type));
  most = Math.max(most, process.memoryUsage.rss() - before);
}
benchRow({
  what: `a line of 256 MiB (${types.join(", ")}), memory beyond the start`,
  figure: `${(most / MEBIBYTE).toFixed(0)} MiB`,
  limit: "64 MiB",
  held: most <= 64 * MEBIBYTE,
});
