import { readFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";

import { UsageError } from "./exit-codes.ts";
import { type Streams, readAll } from "./streams.ts";

/** A file, or standard input (`-`, or nothing); a packed one, as a rotated log is, is unpacked. */
export async function readInput(streams: Streams, file: string | undefined): Promise<Uint8Array> {
  if (file !== undefined && file !== "-") return unpacked(await readBytes(file), file);
  if (streams.inputIsTerminal === true && file === undefined)
    throw new UsageError("nothing is given: name a file, or pipe something in");
  return unpacked(await readAll(streams.input), "standard input");
}

function unpacked(bytes: Uint8Array, name: string): Uint8Array {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: mostUnpackedBytes });
  } catch (error) {
    throw new UsageError(
      `${name} is a gzip file that cannot be unpacked (damaged, or more than 1 GiB); unpack it first`,
      { cause: error },
    );
  }
}

const mostUnpackedBytes = 1024 ** 3;

async function readBytes(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (error) {
    throw new UsageError(`${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? "unknown"})`, {
      cause: error,
    });
  }
}
