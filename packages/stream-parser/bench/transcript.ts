import { readdirSync, readFileSync } from "node:fs";

const RECORDINGS = new URL("../test/fixtures/recordings/", import.meta.url);
const CHUNK_BYTES = 64 * 1024;

/** The recordings one after another, as chunks that share one buffer: what one parser reads, since a frame counts once. */
export function transcript(): readonly Uint8Array[] {
  const recordings = readdirSync(RECORDINGS)
    .filter((name) => name.endsWith(".ndjson"))
    .sort()
    .map((name) => readFileSync(new URL(name, RECORDINGS)))
    .filter((recording) => recording.at(-1) === 0x0a);
  const whole = new Uint8Array(Buffer.concat(recordings));
  const chunks: Uint8Array[] = [];
  for (let start = 0; start < whole.length; start += CHUNK_BYTES) {
    chunks.push(whole.subarray(start, start + CHUNK_BYTES));
  }
  return chunks;
}

export function sizeOf(chunks: readonly Uint8Array[]): number {
  return chunks.reduce((sum, chunk) => sum + chunk.length, 0);
}
