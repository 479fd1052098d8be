/** A short soak, as `pnpm soak` runs it for longer, and the proof that it would find a broken runner. */

import { spawn } from "node:child_process";
import { expect, test } from "vitest";

/** One seed, so that a failure here is a change's and not chance's; other seeds are for the long soak. */
const seed = "17";

test(
  "a short soak finds nothing, and a runner without alignment or without its final sweep fails it",
  { timeout: 300_000 },
  async () => {
    expect(await soak("--teeth")).toMatchObject({ code: 0 });
  },
);

async function soak(...flags: readonly string[]): Promise<{ code: number | null; said: string }> {
  const file = new URL("../soak/soak.ts", import.meta.url).pathname;
  const child = spawn(process.execPath, ["--conditions=@claude-k8s/source", file, "--seed", seed, ...flags], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (text: Buffer) => (said += text.toString()));
  const ended = Promise.withResolvers<number | null>();
  child.once("close", (code) => ended.resolve(code));
  return { code: await ended.promise, said };
}
