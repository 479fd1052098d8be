import { messages, type Field, type Message } from "./messages.ts";

/** Bytes that are no such message, or carry what this server does not read. */
export class UnreadableMessage extends Error {
  override readonly name = "UnreadableMessage";
}

type Fields = Record<string, unknown>;

const magic = Buffer.from("k8s\0");

/** `runtime.Unknown`: what the rest is, and the rest. */
const envelope: Message = {
  1: {
    name: "typeMeta",
    type: { 1: { name: "apiVersion", type: "string" }, 2: { name: "kind", type: "string" } },
  },
  2: { name: "raw", type: "bytes" },
  3: { name: "contentEncoding", type: "string" },
  4: { name: "contentType", type: "string" },
};

/** Reads an object that was written as Kubernetes' protobuf. A field that is not known here makes it unreadable. */
export function decodeProtobuf(bytes: Buffer): object {
  if (!bytes.subarray(0, magic.length).equals(magic)) {
    throw new UnreadableMessage(
      "provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]",
    );
  }
  const outer = readMessage(bytes.subarray(magic.length), envelope, "Unknown");
  const { apiVersion, kind = "" } = (outer["typeMeta"] ?? {}) as { apiVersion?: string; kind?: string };
  const message = messages[kind];
  if (message === undefined) throw new UnreadableMessage(`no protobuf message for kind "${kind}"`);
  return {
    apiVersion,
    kind,
    ...readMessage(Buffer.from(textOf(outer["raw"]), "base64"), message, kind),
  };
}

function readMessage(bytes: Buffer, message: Message, path: string): Fields {
  const result: Fields = {};
  let at = 0;

  function varint(): bigint {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at];
      if (byte === undefined || shift > 63n) throw new UnreadableMessage("proto: unexpected EOF");
      at += 1;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  }

  while (at < bytes.length) {
    const tag = Number(varint());
    const field = message[tag >> 3];
    const wire = tag & 7;
    if (wire === 0) {
      const value = varint();
      if (field === undefined) skip(value !== 0n, path, tag >> 3);
      else result[field.name] = field.type === "bool" ? value !== 0n : Number(BigInt.asIntN(64, value));
    } else if (wire === 2) {
      const length = Number(varint());
      if (at + length > bytes.length) throw new UnreadableMessage("proto: unexpected EOF");
      const part = bytes.subarray(at, at + length);
      at += length;
      if (field === undefined) skip(length > 0, path, tag >> 3);
      else put(result, field, part, path);
    } else throw new UnreadableMessage(`proto: wrong wireType = ${wire} in ${path}`);
  }
  return result;
}

/** Go writes fields without a value too; only one with a value would be lost. */
function skip(hasValue: boolean, path: string, number: number): void {
  if (hasValue) throw new UnreadableMessage(`field ${number} of ${path} is not read from protobuf here`);
}

function put(result: Fields, field: Field, part: Buffer, path: string): void {
  const { name } = field;
  if (field.map === true) {
    const { type, plain } = field;
    const entry = readMessage(
      part,
      { 1: { name: "key", type: "string" }, 2: { name: "value", type, ...(plain ? { plain } : {}) } },
      path,
    );
    const values = (result[name] ??= {}) as Fields;
    values[textOf(entry["key"])] = entry["value"] ?? "";
    return;
  }
  const value = valueOf(field, part, `${path}.${name}`);
  if (field.repeated === true) ((result[name] ??= []) as unknown[]).push(value);
  else if (value !== "" && !isEmpty(value)) result[name] = value;
}

function valueOf(field: Field, part: Buffer, path: string): unknown {
  if (field.type === "bytes") return part.toString("base64");
  if (typeof field.type === "string") return part.toString("utf8");
  const read = readMessage(part, field.type, path);
  return field.plain === true ? (read["string"] ?? "") : read;
}

function isEmpty(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
