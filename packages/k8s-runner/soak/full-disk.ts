/** A folder on a disk so small that it is full at once. */

import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";

export interface FullDisk {
  /** `null`: there is none, because of `reason`. */
  readonly folder: string | null;
  readonly reason: string;
  remove(): void;
}

export function mountFullDisk(folder: string): FullDisk {
  const none = (reason: string): FullDisk => ({ folder: null, reason, remove: () => undefined });
  if (process.getuid?.() !== 0) return none("a small file system is mounted by root only");
  mkdirSync(folder, { recursive: true });
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=256k,mode=0700", "tmpfs", folder], { stdio: "pipe" });
  } catch (error) {
    return none(
      `mount failed: ${error instanceof Error ? error.message.split("\n").join(" ") : String(error)}`,
    );
  }
  const remove = (): void => {
    process.off("exit", remove);
    execFileSync("umount", ["-l", folder]);
  };
  process.once("exit", remove);
  return { folder, reason: "", remove };
}
