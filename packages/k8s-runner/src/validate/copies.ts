/** The folders that a run gets as copies. */

import { isAbsolute } from "node:path";
import type { RunSpec } from "../types/spec.ts";
import * as rules from "./rules.ts";

const mostFolders = 20;
const mostPatterns = 500;

export function checkCopies({ copies, volumeMounts, writablePaths }: RunSpec): void {
  if (copies === undefined) return;
  const { folders, image, holdSeconds, limits, cache } = copies;
  if (folders.length === 0 || folders.length > mostFolders)
    rules.fail("copies.folders", `${folders.length} folders`, `must be 1 to ${mostFolders}`);
  const taken = new Set([
    ...(volumeMounts ?? []).map(({ mountPath }) => mountPath.replace(/(?<!\/)\/+$/, "")),
    ...(writablePaths ?? []).map((path) => path.replace(/(?<!\/)\/+$/, "")),
  ]);
  for (const [index, { path, folder, direction, exclude, only }] of folders.entries()) {
    const field = `copies.folders[${index}]`;
    rules.absolutePath(`${field}.path`, path);
    const place = path.replace(/(?<!\/)\/+$/, "");
    if (taken.has(place) || place === "" || place === "/tmp")
      rules.fail(`${field}.path`, path, "is mounted already, or cannot be");
    taken.add(place);
    if (typeof folder !== "string" || !isAbsolute(folder) || folder.includes("\0"))
      rules.fail(`${field}.folder`, folder, "must be the absolute path of a folder on this machine");
    rules.oneOf(`${field}.direction`, direction, ["both", "in", "out"]);
    for (const [name, patterns] of Object.entries({ exclude, only }))
      checkPatterns(`${field}.${name}`, patterns ?? []);
  }
  if (image !== undefined) rules.nonEmpty("copies.image", image, 1024);
  if (cache !== undefined) rules.objectName("copies.cache.name", cache.name);
  rules.wholeNumber("copies.holdSeconds", holdSeconds);
  for (const [name, value] of Object.entries(limits ?? {}))
    if (!Number.isSafeInteger(value) || value < 1)
      rules.fail(`copies.limits.${name}`, value, "must be a whole number, at least 1");
}

function checkPatterns(field: string, patterns: readonly string[]): void {
  if (patterns.length > mostPatterns)
    rules.fail(field, `${patterns.length} patterns`, `must have at most ${mostPatterns}`);
  for (const pattern of patterns)
    if (typeof pattern !== "string" || pattern === "" || pattern.split("/").includes(".."))
      rules.fail(field, pattern, "must be a name or a path below the folder, with * for any characters");
}
