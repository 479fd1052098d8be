/** A soak that lets a broken runner pass proves nothing: with each defect it must fail, and without one it must not. */

import { spawn } from "node:child_process";
import type { Settings } from "./settings.ts";

const bites = [
  { defect: null, says: / 0 problems/ },
  { defect: "without-alignment", says: /repeated: line/ },
  { defect: "without-final-sweep", says: /lost without a gap/ },
] as const;

export async function showTeeth({ seed }: Settings): Promise<boolean> {
  let good = true;
  const endings = await Promise.all(
    bites.map(({ defect }) => shortSoak(seed, defect === null ? [] : ["--defect", defect])),
  );
  for (const [index, { code, said }] of endings.entries()) {
    const { defect, says } = bites[index] as (typeof bites)[number];
    const found = said.split("\n").find((line) => says.test(line)) ?? "(nothing of the kind)";
    const right = (code === 0) === (defect === null) && says.test(said);
    console.log(
      `${right ? "as it must be" : "WRONG"}: ${defect ?? "no defect"}, exit code ${code}: ${found.slice(0, 160)}`,
    );
    if (!right) console.log(said);
    good &&= right;
  }
  return good;
}

async function shortSoak(
  seed: number,
  more: readonly string[],
): Promise<{ code: number | null; said: string }> {
  const flags = [
    "--seed",
    String(seed),
    "--runs",
    "12",
    "--lines",
    "150",
    "--lanes",
    "1",
    "--hang",
    "90",
    "--no-kills",
    "--no-disturbances",
  ];
  const file = new URL("soak.ts", import.meta.url).pathname;
  const child = spawn(process.execPath, ["--conditions=@claude-k8s/source", file, ...flags, ...more], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (text: Buffer) => (said += text.toString()));
  const ended = Promise.withResolvers<number | null>();
  child.once("close", (code) => ended.resolve(code));
  return { code: await ended.promise, said };
}
