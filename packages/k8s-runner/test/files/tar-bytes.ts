/** Headers of tar archives byte by byte, also such as no program writes. */

export interface RawEntry {
  readonly name: Uint8Array;
  /** The byte that says what it is. */
  readonly type: number;
  readonly link: Uint8Array;
  readonly content: Uint8Array;
  /** What the header says; without it, the truth. */
  readonly size?: Uint8Array | undefined;
  readonly mode: number;
  readonly seconds: Uint8Array;
  readonly magic: "ustar" | "gnu" | "none";
}

const blockBytes = 512;

export const bytesOf = (text: string): Uint8Array => Buffer.from(text);

export function octal(value: number, width: number): Uint8Array {
  return bytesOf(`${value.toString(8).padStart(width - 1, "0")}\0`.slice(-width));
}

/** Numbers that do not fit: GNU's form with the first bit set. */
export function binary(first: number, rest: readonly number[], width = 12): Uint8Array {
  const bytes = new Uint8Array(width);
  bytes[0] = first;
  bytes.set(rest.slice(0, width - 1), width - Math.min(rest.length, width - 1));
  return bytes;
}

export function plain(name: string, more: Partial<RawEntry> = {}): RawEntry {
  return {
    name: bytesOf(name),
    type: "0".charCodeAt(0),
    link: new Uint8Array(),
    content: new Uint8Array(),
    mode: 0o644,
    seconds: octal(1_700_000_000, 12),
    magic: "ustar",
    ...more,
  };
}

/** An extended header in the way of POSIX: `x` for the next entry, `g` for all that follow. */
export function pax(records: readonly (readonly [string, string])[], type: "x" | "g" = "x"): RawEntry {
  return plain("PaxHeader", {
    type: type.charCodeAt(0),
    content: Buffer.concat(records.map(([key, value]) => paxRecord(key, value))),
  });
}

/** Its length stands before it, and counts itself. */
function paxRecord(key: string, value: string): Buffer {
  const rest = ` ${key}=${value}\n`;
  const length = Buffer.byteLength(rest);
  let all = length + String(length).length;
  if (String(all).length > String(length).length) all = length + String(all).length;
  return Buffer.from(`${all}${rest}`);
}

/** GNU's extended header: `L` for a long name, `K` for the long target of a link. */
export function gnuLong(type: "L" | "K", text: string): RawEntry {
  return plain("././@LongLink", {
    type: type.charCodeAt(0),
    content: bytesOf(`${text}\0`),
    magic: "gnu",
  });
}

export function tarBytes(entries: readonly RawEntry[], zeros = 2): Buffer {
  return Buffer.concat([...entries.flatMap(blocksOf), Buffer.alloc(zeros * blockBytes)]);
}

function blocksOf(entry: RawEntry): readonly Buffer[] {
  const header = Buffer.alloc(blockBytes);
  header.set(entry.name.subarray(0, 100), 0);
  header.set(octal(entry.mode & 0o7777, 8), 100);
  header.set(octal(0, 8), 108);
  header.set(octal(0, 8), 116);
  header.set(entry.size ?? octal(entry.content.length, 12), 124);
  header.set(entry.seconds, 136);
  header[156] = entry.type;
  header.set(entry.link.subarray(0, 100), 157);
  header.set(magicOf(entry.magic), 257);
  // The checksum is made with spaces in its own place.
  header.fill(" ", 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.set(octal(sum, 7), 148);
  return [header, Buffer.from(entry.content), Buffer.alloc(-entry.content.length & (blockBytes - 1))];
}

function magicOf(magic: RawEntry["magic"]): Uint8Array {
  switch (magic) {
    case "ustar":
      return bytesOf("ustar\u000000");
    case "gnu":
      return bytesOf("ustar  \0");
    case "none":
      return new Uint8Array();
  }
}
