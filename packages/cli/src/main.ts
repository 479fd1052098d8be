#!/usr/bin/env node
import { readFileSync } from "node:fs";

import { runProgram } from "./program.ts";

const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
  readonly version: string;
};

const interruption = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const)
  process.on(name, () => {
    // The second time somebody means it: what is under way is left to the cluster.
    if (interruption.signal.aborted) process.exit(130);
    interruption.abort(new Error(name));
  });
// A reader that has seen enough (`| head`) is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));

process.exitCode = await runProgram(
  process.argv.slice(2),
  { input: process.stdin, output: process.stdout, errors: process.stderr, environment: process.env },
  { version, signal: interruption.signal },
);
