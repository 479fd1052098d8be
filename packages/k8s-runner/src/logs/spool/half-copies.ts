/** A spool file is taken over by copying it; a process that dies meanwhile leaves its half copy beside it. */

import { basename, dirname, join } from "node:path";
import type { SpoolDisk } from "./disk.ts";

/** Where this process copies to. */
export function copyPathOf(path: string): string {
  return `${path}.${process.pid}.new`;
}

/** Before an own copy is begun: whoever takes the file over later is then never met. */
export async function removeDeadCopies(path: string, disk: SpoolDisk): Promise<void> {
  for (const { copy, pid } of await copiesOf(path, disk))
    if (!isAlive(pid)) await disk.remove(copy).catch(() => undefined);
}

/** With all its copies: nobody will take it over any more. */
export async function removeWithCopies(path: string, disk: SpoolDisk): Promise<void> {
  await disk.remove(path);
  for (const { copy } of await copiesOf(path, disk)) await disk.remove(copy);
}

async function copiesOf(path: string, disk: SpoolDisk): Promise<{ copy: string; pid: number }[]> {
  const prefix = `${basename(path)}.`;
  const names = await disk.list(dirname(path)).catch(() => []);
  return names.flatMap((name) => {
    const pid = name.startsWith(prefix) ? /^(\d+)\.new$/.exec(name.slice(prefix.length))?.[1] : undefined;
    return pid === undefined ? [] : [{ copy: join(dirname(path), name), pid: Number(pid) }];
  });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // What may not be signalled lives.
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}
