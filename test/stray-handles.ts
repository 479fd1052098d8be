/**
 * Set up for every test file: no file handle may be left to the garbage collector. Node closes such a handle with the warning
 * DEP0137 and is going to make an error of it, in whatever process the handle was forgotten.
 */

import { setImmediate } from "node:timers/promises";
import { afterAll } from "vitest";

const stray: string[] = [];

function note(warning: Error): void {
  if ((warning as { readonly code?: unknown }).code === "DEP0137") stray.push(warning.message);
}

process.on("warning", note);

afterAll(async () => {
  // What is unreachable now would be collected sometime during another file.
  globalThis.gc?.();
  await setImmediate();
  // Files share their process, in which each one's listener would stay.
  process.off("warning", note);
  if (stray.length > 0) throw new Error(`the garbage collector closed a file handle: ${stray.join("; ")}`);
});
