#!/usr/bin/env node
import { readFileSync } from "node:fs";
import * as nodeModule from "node:module";

import { exitCodes } from "./exit-codes.ts";
import { createInterrupts } from "./interrupts.ts";
import { runProgram } from "./program.ts";
import { askForKey } from "./screen/ask.ts";

// What a command loads need not be compiled again the next time. An old Node has no such cache, and `format` and `explain` work there.
if ("enableCompileCache" in nodeModule) nodeModule.enableCompileCache();

const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
  readonly version: string;
};

const interrupts = createInterrupts();
process.on("SIGINT", () => {
  // The second time somebody means it: what is under way is left to the cluster.
  if (interrupts.signal.aborted) process.exit(exitCodes.interrupted);
  interrupts.interrupt("Ctrl-C");
});
process.on("SIGTERM", () => interrupts.end("SIGTERM"));
// The terminal is gone, and with it whoever could be asked.
process.on("SIGHUP", () => interrupts.leave("the terminal was closed"));
// A reader that has seen enough (`| head`) is no error.
for (const stream of [process.stdout, process.stderr])
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") process.exit(exitCodes.failure);
    interrupts.leave("nobody reads the output any more");
  });

const { stdin, stdout, stderr } = process;
const exitCode = await runProgram(
  process.argv.slice(2),
  {
    input: stdin,
    output: stdout,
    errors: stderr,
    environment: process.env,
    inputIsTerminal: stdin.isTTY,
    ...(stdin.isTTY && stderr.isTTY && { ask: (keys: string) => askForKey(stdin, keys) }),
  },
  { version, signal: interrupts.signal, interrupts },
);
// A command that was interrupted may still wait for its input. What it wrote is written first.
await Promise.all([stdout, stderr].map((stream) => new Promise((resolve) => stream.write("", resolve))));
process.exit(exitCode);
