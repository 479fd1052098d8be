const space = 0x20;
const newline = 0x0a;

/** One CRI record: `<timestamp> <stream> <tag> <text>\n`. */
export interface LogRecord {
  readonly timestamp: string;
  readonly nanoseconds: bigint;
  readonly stream: "stdout" | "stderr";
  /** A full record's text ends with its newline; a partial one's does not. */
  readonly text: Buffer;
}

export function parseRecord(line: Buffer): LogRecord | null {
  const first = line.indexOf(space);
  const second = line.indexOf(space, first + 1);
  const third = line.indexOf(space, second + 1);
  if (first === -1 || second === -1 || third === -1) return null;
  const timestamp = line.toString("latin1", 0, first);
  const nanoseconds = parseNanoseconds(timestamp);
  if (nanoseconds === null) return null;
  const partial = line[second + 1] === 0x50;
  let end = line.length;
  if (partial && line[end - 1] === newline) end -= 1;
  return {
    timestamp,
    nanoseconds,
    stream: line.toString("latin1", first + 1, second) === "stderr" ? "stderr" : "stdout",
    text: line.subarray(third + 1, end),
  };
}

export function parseNanoseconds(text: string): bigint | null {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/u.exec(text);
  if (match === null) return null;
  const [, base = "", fraction = "", zone = ""] = match;
  const milliseconds = Date.parse(base + zone);
  return Number.isNaN(milliseconds)
    ? null
    : BigInt(milliseconds) * 1_000_000n + BigInt(fraction.padEnd(9, "0"));
}
