/** The marks by which the programs of one pod know of each other. */

import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { PodConfig } from "./config.ts";
import type { stateNames } from "./config.ts";

type Mark = (typeof stateNames)[keyof typeof stateNames];

export function markPath({ stateFolder }: Pick<PodConfig, "stateFolder">, mark: Mark): string {
  return join(stateFolder, mark);
}

export function hasMark(config: PodConfig, mark: Mark): boolean {
  return existsSync(markPath(config, mark));
}

/** Whole or not at all. */
export function setMark(config: PodConfig, mark: Mark, text: string): void {
  const path = markPath(config, mark);
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}

export function readMark(config: PodConfig, mark: Mark): string | null {
  try {
    return readFileSync(markPath(config, mark), "utf8");
  } catch {
    return null;
  }
}
