import * as fc from "fast-check";
import { expect, test } from "vitest";

import { chunksOf } from "../src/output/chunks.ts";
import { createRedaction } from "../src/output/redaction.ts";
import { createTranscript } from "../src/output/transcript.ts";

const secret = ["run", "token", "0123456789"].join("-");

async function shown(text: string, size: number, secrets: Record<string, string>): Promise<string> {
  const chunks: string[] = [];
  const transcript = createTranscript(
    async (_stream, chunk) => void chunks.push(chunk),
    createRedaction(secrets),
  );
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) await transcript.write(bytes.subarray(at, at + size));
  await transcript.end();
  return chunks.join("");
}

test("secrets are masked in frames and in text, cut anywhere, and frames stay JSON", async () => {
  const frame = JSON.stringify({ type: "user", text: `a ${secret} b`, twice: JSON.stringify({ secret }) });
  const whole = await shown(`${frame}\nplain ${secret}\n`, 4096, { RUN: secret });
  expect(whole).not.toContain(secret);
  expect(JSON.parse(whole.split("\n")[0] ?? "")).toEqual({
    type: "user",
    text: "a [redacted RUN] b",
    twice: JSON.stringify({ secret: "[redacted RUN]" }),
  });
  for (let size = 1; size < 80; size += 1)
    expect(await shown(`${frame}\nplain ${secret}\n`, size, { RUN: secret })).toBe(whole);
});

test("what is learnt of a Job that was taken over is masked as what is known from the beginning", async () => {
  const redaction = createRedaction({ PAPERCLIP_API_KEY: secret });
  const chunks: string[] = [];
  const transcript = createTranscript(async (_stream, chunk) => void chunks.push(chunk), redaction);
  redaction.learn({ PAPERCLIP_API_KEY: "token-of-the-first-run" });
  await transcript.write(Buffer.from(`${secret} token-of-the-first-run\n`));
  await transcript.end();
  expect(chunks.join("")).toBe("[redacted PAPERCLIP_API_KEY] [redacted PAPERCLIP_API_KEY.1]\n");
  expect(redaction.mask({ a: [`x token-of-the-first-run`], n: 1 })).toEqual({
    a: ["x [redacted PAPERCLIP_API_KEY.1]"],
    n: 1,
  });
});

test("a last line of nothing but backslashes is no more work than another", async () => {
  const text = "\\".repeat(1_000_000);
  expect(await shown(`${text}x`, 8192, { RUN: secret })).toBe(`${text}x`);
});

test("chunks are small, whole and in order", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "binary", maxLength: 400 }),
      fc.integer({ min: 4, max: 64 }),
      (text, limit) => {
        const well = text.toWellFormed();
        const chunks = chunksOf(well, limit);
        expect(chunks.join("")).toBe(well);
        for (const chunk of chunks) expect(Buffer.byteLength(chunk)).toBeLessThanOrEqual(limit);
      },
    ),
  );
});

test("bytes cut within a character come whole", async () => {
  const seen: string[] = [];
  const transcript = createTranscript(async (_stream, chunk) => void seen.push(chunk), createRedaction());
  const bytes = new TextEncoder().encode("ä€😀\n");
  for (const byte of bytes) await transcript.write(Uint8Array.of(byte));
  await transcript.end();
  expect(seen.join("")).toBe("ä€😀\n");
});

test("what the host cannot store is told, and ends nothing", async () => {
  const told: number[] = [];
  let calls = 0;
  const refuse = async (): Promise<void> => {
    calls += 1;
    throw new Error("database is gone");
  };
  const transcript = createTranscript(refuse, createRedaction(), (bytes) => told.push(bytes));
  await transcript.write(Buffer.from("1234\n"));
  await transcript.write(Buffer.from("678"));
  await transcript.end();
  expect(told).toEqual([5, 8]);
  expect(calls).toBe(4);
});

test("the server has its turn while a large piece of output is masked", async () => {
  const order: string[] = [];
  const transcript = createTranscript(async () => void order.push("piece"), createRedaction());
  const written = transcript
    .write(Buffer.from(`${"x".repeat(1023)}\n`.repeat(64)))
    .then(() => order.push("written"));
  setImmediate(() => order.push("turn"));
  await written;
  await transcript.end();
  expect(order.indexOf("turn")).toBeGreaterThan(-1);
  expect(order.indexOf("turn")).toBeLessThan(order.indexOf("written"));
});
