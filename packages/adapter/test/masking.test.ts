import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { chunksOf } from "../src/output/chunks.ts";
import { createMasker } from "../src/output/masking.ts";
import { createTranscript } from "../src/output/transcript.ts";

function mask(secrets: readonly string[], ...pieces: readonly string[]): string {
  const masker = createMasker(secrets);
  return pieces.map((piece) => masker.push(piece)).join("") + masker.end();
}

const secret = ["sk", "ant", "0123456789"].join("-");

describe("secrets are hidden", () => {
  test("in a frame, which stays JSON", () => {
    const line = `${JSON.stringify({ type: "x", text: `a ${secret} b` })}\n`;
    expect(mask([secret], line)).toBe(`${JSON.stringify({ type: "x", text: "a *** b" })}\n`);
  });
  test("cut anywhere", () => {
    const line = `${JSON.stringify({ text: `a ${secret} b` })}\nplain ${secret}\n`;
    for (let cut = 0; cut <= line.length; cut += 1)
      expect(mask([secret], line.slice(0, cut), line.slice(cut))).toBe('{"text":"a *** b"}\nplain ***\n');
  });
  test("with characters that JSON escapes, once and twice", () => {
    const odd = ['quo"te', "back\\slash", "line\nend"].join("|");
    const once = JSON.stringify({ text: odd });
    const twice = JSON.stringify({ text: once });
    expect(mask([odd], `${once}\n`)).toBe('{"text":"***"}\n');
    expect(mask([odd], `${twice}\n`)).toBe(`${JSON.stringify({ text: '{"text":"***"}' })}\n`);
  });
  test("each line of one with several, in plain text", () => {
    expect(mask(["first-line-1\nsecond-line-2"], "x first-line-1\ny second-line-2\n")).toBe("x ***\ny ***\n");
  });
  test("the longest first", () => {
    expect(mask(["abcdefgh", "abcdefghij"], '{"a":"abcdefghij"}\n')).toBe('{"a":"***"}\n');
  });
});

test("an escape sequence is not torn", () => {
  const line = `${JSON.stringify({ text: "\nfoobar12" })}\n`;
  expect(mask(["nfoobar12"], line)).toBe(line);
  for (let cut = 0; cut <= line.length; cut += 1)
    expect(mask(["nfoobar12"], line.slice(0, cut), line.slice(cut))).toBe(line);
});

test("without secrets nothing is held back", () => {
  const masker = createMasker([]);
  expect(masker.push("abc")).toBe("abc");
});

test("frames stay JSON whatever the secret and the cut, and hold it no more", () => {
  const text = fc.string({ unit: "binary", maxLength: 40 });
  const anySecret = fc.string({ unit: "binary", minLength: 8, maxLength: 20 });
  fc.assert(
    fc.property(anySecret, text, text, fc.nat(200), (value, before, after, cut) => {
      const line = `${JSON.stringify({ type: "x", text: before + value + after })}\n`;
      const shown = mask([value], line.slice(0, cut), line.slice(cut));
      const frame = JSON.parse(shown) as { text: string };
      expect(frame.text.includes(value) && !(before + after).includes(value)).toBe(false);
    }),
    { numRuns: 500 },
  );
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
  const transcript = createTranscript(async (_stream, chunk) => void seen.push(chunk), []);
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
  const transcript = createTranscript(refuse, [], (bytes) => told.push(bytes));
  await transcript.write(Buffer.from("12345"));
  await transcript.write(Buffer.from("678"));
  await transcript.end();
  expect(told).toEqual([5, 8]);
  expect(calls).toBe(4);
});
