/** The program that runs beside the command. Bundled into one text, as the image of a run is the user's own. */

import { openPodCache } from "./cache.ts";
import { readConfig, stateNames } from "./config.ts";
import type { PodConfig, Reply } from "./config.ts";
import { hold, untilEnded, untilReceived } from "./hold.ts";
import { mainProcess } from "./main-process.ts";
import { receive } from "./receive.ts";
import { changedFiles } from "./send.ts";
import { setMark } from "./state.ts";

const exitTerminated = 143;
const mostLinesLength = 64 * 1024;

async function main(command: string | undefined, argument: string | undefined): Promise<void> {
  const config = readConfig();
  switch (command) {
    case "wait":
      process.on("SIGTERM", () => process.exit(exitTerminated));
      return untilReceived(config);
    case "receive":
      return receive(config, process.stdin, reply);
    case "cached":
      return listCache(config);
    case "hold":
      return report(config);
    case "send":
      await untilEnded(config);
      for await (const chunk of changedFiles(config)) await write(chunk);
      return;
    case "stop":
      if (mainProcess(config).state() === "ended") return reply({ kind: "ended" });
      setMark(config, stateNames.stop, argument ?? "");
      return reply({ kind: "done" });
    case "release":
      setMark(config, stateNames.released, "");
      return reply({ kind: "done" });
    case undefined:
    default:
      throw new Error(`there is no command ${String(command)}`);
  }
}

/** Many lines are one message. */
async function listCache({ cacheFolder }: PodConfig): Promise<void> {
  if (cacheFolder === null) return reply({ kind: "failed", code: "ECACHE", message: "there is no cache" });
  const cache = openPodCache(cacheFolder);
  const trouble = cache.trouble();
  if (trouble !== null) return reply({ kind: "failed", code: "ECACHE", message: trouble });
  let lines = "";
  for (const hash of cache.hashes()) {
    lines += `${hash}\n`;
    if (lines.length < mostLinesLength) continue;
    await write(lines);
    lines = "";
  }
  await write(lines);
  await reply({ kind: "done" });
}

async function report(config: PodConfig): Promise<void> {
  const terminated = new AbortController();
  process.on("SIGTERM", () => terminated.abort());
  const end = await hold(config, terminated.signal);
  await write(`${end}\n`);
}

function reply(value: Reply): Promise<void> {
  return write(`${JSON.stringify(value)}\n`);
}

function write(data: Uint8Array | string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(data, (error) => (error ? reject(error) : resolve()));
  });
}

main(process.argv[2], process.argv[3]).then(
  () => process.exit(0),
  async (error: unknown) => {
    const { code, message } = error as NodeJS.ErrnoException;
    await reply({ kind: "failed", code: code ?? "error", message }).catch(() => undefined);
    process.exit(1);
  },
);
