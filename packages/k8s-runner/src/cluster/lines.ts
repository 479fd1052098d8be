/** Bytes to lines, for watch streams. Decoded after the newline is found, so that no character is cut in two. */

import { TooLargeError, mostLineBytes } from "./body.ts";

/** Throws a `TooLargeError` for a line that holds more than an object can. */
export async function* readLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let parts: Uint8Array[] = [];
  let waiting = 0;
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
      parts.push(chunk.subarray(start, end));
      const line = Buffer.concat(parts).toString("utf8");
      parts = [];
      waiting = 0;
      start = end + 1;
      if (line !== "") yield line;
    }
    if (start === chunk.length) continue;
    parts.push(chunk.subarray(start));
    waiting += chunk.length - start;
    if (waiting > mostLineBytes) throw new TooLargeError("an event of the watch", mostLineBytes);
  }
}
