/** A process that dies in the middle of a write to its spool, as a power cut or the kernel's out-of-memory killer leave one. */

import { REAL_DISK } from "../src/logs/spool/disk.ts";
import type { SpoolDisk, SpoolHandle } from "../src/logs/spool/disk.ts";

/** The one form in which spools write. */
type Write = (
  buffer: Uint8Array,
  offset: number,
  length: number,
  position: number,
) => Promise<{ readonly bytesWritten: number; readonly buffer: Uint8Array }>;

/** Half of write number `number` reaches the file, then the process gets SIGKILL. */
export function mortalDisk(number: number, dying: () => void): SpoolDisk {
  let left = number;
  return {
    ...REAL_DISK,
    async open(path, flags) {
      const handle = await REAL_DISK.open(path, flags);
      const write = handle.write.bind(handle) as Write;
      const mortal: Write = async (buffer, offset, length, position) => {
        left -= 1;
        if (left === 0) {
          await write(buffer, offset, Math.ceil(length / 2), position);
          dying();
          process.kill(process.pid, "SIGKILL");
        }
        return write(buffer, offset, length, position);
      };
      handle.write = mortal as SpoolHandle["write"];
      return handle;
    },
  };
}
