/**
 * Masking as ratios to the least that hides known values at all, one RegExp of them over the same text, in the same process; and
 * how long one chunk of text that wants to be slow holds up the event loop. Times are the thread's own processor time.
 */
import { benchRow } from "../../../scripts/bench-row.ts";
import { createRedactor } from "../src/index.ts";
import { cleanTranscript, hostileCorpus } from "./corpus.ts";

const ROUNDS = Number(process.env["BENCH_ROUNDS"] ?? 5);
const CHUNK = 64 * 1024;
const MOST_MILLISECONDS = 50;
const secrets = {
  PAPERCLIP_API_KEY: ["run", "token", "0123456789abcdef"].join("-"),
  DB_PASSWORD: ["swordfish", "of", "the", "database"].join("-"),
  REPOSITORY: ["another", "value", "abcdef0123456789"].join("-"),
};

function processorMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

function chunksOf(text: string, size = CHUNK): readonly string[] {
  return Array.from({ length: Math.ceil(text.length / size) }, (_, index) =>
    text.slice(index * size, (index + 1) * size),
  );
}

const clean = chunksOf(cleanTranscript(20e6));
const values = new RegExp(Object.values(secrets).join("|"), "g");
const contenders: Readonly<Record<string, () => void>> = {
  "known values, one RegExp": () => {
    for (const chunk of clean) chunk.replaceAll(values, "***");
  },
  "redactor, values and forms": () => {
    const redactor = createRedactor(secrets);
    for (const chunk of clean) redactor.push(chunk);
    redactor.end();
  },
};
const best = new Map<string, number>();
for (let round = 0; round < ROUNDS; round += 1)
  for (const [name, run] of Object.entries(contenders)) {
    globalThis.gc?.();
    const started = processorMs();
    run();
    best.set(name, Math.min(best.get(name) ?? Infinity, processorMs() - started));
  }
console.log(
  `20 MB of transcript without secrets, chunks of 64 KiB, best of ${ROUNDS}, Node ${process.version}`,
);
const bare = best.get("known values, one RegExp") ?? Number.NaN;
const masked = best.get("redactor, values and forms") ?? Number.NaN;
benchRow({
  what: "masking text without secrets",
  figure: `${(20_000 / masked).toFixed(0)} MB/s`,
  peer: `one RegExp of the known values alone (${(20_000 / bare).toFixed(0)} MB/s)`,
});

/** What the adapter masks at once, between two turns of the event loop. */
const SLICE = 16 * 1024;
for (const size of [CHUNK, SLICE]) {
  let worst = { milliseconds: 0, piece: "" };
  let total = 0;
  let bytes = 0;
  for (const { piece, text } of hostileCorpus(10e6)) {
    const redactor = createRedactor({
      ...secrets,
      ITSELF: `${piece.repeat(40)}x`,
      AGAIN: `${piece}${piece}secret`,
    });
    for (const chunk of chunksOf(text, size)) {
      const started = processorMs();
      redactor.push(chunk);
      if (chunk.length < size) redactor.end();
      const milliseconds = processorMs() - started;
      total += milliseconds;
      bytes += chunk.length;
      if (milliseconds > worst.milliseconds) worst = { milliseconds, piece };
    }
  }
  benchRow({
    what: `the worst chunk of ${(bytes / 1e6).toFixed(0)} MB of hostile text, ${size / 1024} KiB at once`,
    figure: `${worst.milliseconds.toFixed(0)} ms`,
    limit: `${MOST_MILLISECONDS} ms`,
    held: worst.milliseconds <= MOST_MILLISECONDS,
  });
  console.log(`  of ${JSON.stringify(worst.piece)}; on the whole ${(bytes / 1000 / total).toFixed(0)} MB/s`);
}
