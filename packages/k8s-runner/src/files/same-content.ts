/** Whether two files have the same bytes. */

import { constants } from "node:fs";
import { open } from "node:fs/promises";

const pieceBytes = 256 * 1024;

/** False as well where one of them cannot be read. */
export async function sameContent(left: string, right: string): Promise<boolean> {
  // A pipe in the place of a file must not keep us waiting for somebody who writes.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const one = await open(left, flags).catch(() => null);
  const other = await open(right, flags).catch(() => null);
  try {
    if (one === null || other === null) return false;
    if ((await one.stat()).size !== (await other.stat()).size) return false;
    for (let position = 0; ;) {
      const [a, b] = await Promise.all(
        [one, other].map((file) => file.read(Buffer.allocUnsafe(pieceBytes), 0, pieceBytes, position)),
      );
      if (a === undefined || b === undefined || a.bytesRead !== b.bytesRead) return false;
      if (a.bytesRead === 0) return true;
      if (!a.buffer.subarray(0, a.bytesRead).equals(b.buffer.subarray(0, b.bytesRead))) return false;
      position += a.bytesRead;
    }
  } finally {
    await Promise.all([one?.close(), other?.close()]);
  }
}
