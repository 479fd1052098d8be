/** The host keeps only the last 8 KiB of a chunk in its live view, and cuts longer ones than 64 Ki in the middle. */
export const largestChunkBytes = 8 * 1024;

/** Cuts a text into chunks of at most `limit` bytes of UTF-8, never within a character. */
export function chunksOf(text: string, limit = largestChunkBytes): readonly string[] {
  const bytes = Buffer.from(text, "utf8");
  if (bytes.length <= limit) return text === "" ? [] : [text];
  const chunks: string[] = [];
  let start = 0;
  while (start < bytes.length) {
    let end = Math.min(start + limit, bytes.length);
    // 10xxxxxx continues a character.
    while (end < bytes.length && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
    chunks.push(bytes.toString("utf8", start, end));
    start = end;
  }
  return chunks;
}
