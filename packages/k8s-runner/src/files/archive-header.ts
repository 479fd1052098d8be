/** What stands before an entry's content in a tar: one block, and extended records before it where a field is too small. Pure. */

export const blockBytes = 512;

export interface EntryHeader {
  readonly name: string;
  readonly type: "file" | "hard-link" | "link" | "folder";
  readonly mode: number;
  readonly size: number;
  readonly modifiedSeconds: number;
  readonly target: string;
  /** Further extended records. */
  readonly records?: Readonly<Record<string, string>>;
}

const typeFlags: Readonly<Record<EntryHeader["type"], string>> = {
  file: "0",
  "hard-link": "1",
  link: "2",
  folder: "5",
};
const recordsFlag = "x";
const mostNameBytes = 100;
const mostPrefixBytes = 155;
/** Eleven octal digits. */
const mostNumber = 0o77777777777;

/**
 * A field that holds the value is used, as it costs nothing; names that are long, or not ASCII, which old readers take for another
 * encoding, and numbers that are too large stand in extended records.
 */
export function headerBytes(header: EntryHeader): Uint8Array {
  const { name, target, size } = header;
  const place = placeOfName(name);
  const records: [string, string][] = Object.entries(header.records ?? {});
  if (place === null) records.push(["path", name]);
  if (!fits(target, mostNameBytes)) records.push(["linkpath", target]);
  if (size > mostNumber) records.push(["size", String(size)]);
  const type = typeFlags[header.type];
  if (records.length === 0) return block({ ...header, place: place ?? cut(name), type });
  const content = Buffer.from(records.map(([key, value]) => recordText(key, value)).join(""));
  const before = { mode: 0o644, modifiedSeconds: header.modifiedSeconds, target: "", type: recordsFlag };
  return Buffer.concat([
    block({ ...before, place: cut(`PaxHeader/${name}`), size: content.length }),
    content,
    padding(content.length),
    block({ ...header, place: place ?? cut(name), target: cut(target).name, type }),
  ]);
}

/** What fills the last block of a content. */
export function padding(bytes: number): Uint8Array {
  const over = bytes % blockBytes;
  return over === 0 ? none : zeros.subarray(over);
}

const zeros = Buffer.alloc(blockBytes);
const none = Buffer.alloc(0);

interface NamePlace {
  readonly prefix: string;
  readonly name: string;
}

/** `null`: it fits no field. */
function placeOfName(name: string): NamePlace | null {
  if (fits(name, mostNameBytes)) return { prefix: "", name };
  if (!fits(name, mostNameBytes + mostPrefixBytes + 1)) return null;
  // The first slash that leaves a name that is short enough.
  const slash = name.indexOf("/", name.length - mostNameBytes - 1);
  if (slash <= 0 || slash > mostPrefixBytes || slash === name.length - 1) return null;
  return { prefix: name.slice(0, slash), name: name.slice(slash + 1) };
}

function fits(text: string, most: number): boolean {
  // eslint-disable-next-line no-control-regex -- ASCII is what is asked for.
  return text.length <= most && /^[\u0001-\u007F]*$/.test(text);
}

/** For readers that know no extended records: something that can be shown. */
function cut(text: string): NamePlace {
  return { prefix: "", name: text.replaceAll(/[^\u0020-\u007E]/g, "_").slice(0, mostNameBytes) };
}

interface Block extends Pick<EntryHeader, "mode" | "size" | "modifiedSeconds" | "target"> {
  readonly place: NamePlace;
  readonly type: string;
}

function block({ place, mode, size, modifiedSeconds, target, type }: Block): Buffer {
  const bytes = Buffer.alloc(blockBytes);
  bytes.write(place.name, 0, "latin1");
  bytes.write(octal(mode, 7), 100, "latin1");
  bytes.write(octal(0, 7), 108, "latin1");
  bytes.write(octal(0, 7), 116, "latin1");
  // The true one is in the extended records, which count.
  bytes.write(octal(size > mostNumber ? 0 : size, 11), 124, "latin1");
  bytes.write(octal(Math.min(Math.max(Math.floor(modifiedSeconds), 0), mostNumber), 11), 136, "latin1");
  bytes.write(type, 156, "latin1");
  bytes.write(target, 157, "latin1");
  bytes.write("ustar\u000000", 257, "latin1");
  bytes.write(place.prefix, 345, "latin1");
  // The sum is taken with spaces in its own place.
  let sum = 8 * 0x20;
  for (const byte of bytes) sum += byte;
  bytes.write(`${octal(sum, 6)}\u0000 `, 148, "latin1");
  return bytes;
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, "0");
}

/** Its length counts itself. */
function recordText(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  const bytes = Buffer.byteLength(rest);
  let length = bytes + String(bytes).length;
  if (bytes + String(length).length !== length) length = bytes + String(length).length;
  return `${length}${rest}`;
}
