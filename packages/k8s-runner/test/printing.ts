/**
 * A command that prints more than a log file holds: 14 MB in four stages, then a last line.
 *
 * In the local cluster it waits behind each stage, and the test has its log rotated there: on a busy machine a clock would do it in
 * the middle of what nobody has read yet. The real kubelet rotates by itself, every ten seconds, what has more than 10 MiB.
 */

import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import type { onTestFinished } from "vitest";
import type { Run } from "../src/index.ts";
import { makeFolder } from "./supervisor.ts";
import type { World } from "./world.ts";

const linesPerStage = 35_000;

export interface Printing {
  readonly command: readonly string[];
  readonly lines: number;
  /** How each stage's last line begins. */
  readonly stageEnds: readonly string[];
  /** The local cluster's container has printed that many stages. At once in the real one. */
  readonly printed: (stages: number) => Promise<void>;
  /** Lets the local cluster's container go on. */
  readonly goOn: (stages: number, options: { readonly rotate: Run | null }) => Promise<void>;
}

export async function printing(world: World, finished: typeof onTestFinished): Promise<Printing> {
  const { local } = world;
  const folder = await makeFolder(finished);
  const lines = 4 * linesPerStage;
  const program = `const { existsSync, writeFileSync } = require("node:fs");
    // In parts, as the local cluster takes every path below /tmp in a command for one of the container's own.
    const folder = ${JSON.stringify(folder.split("/"))}.join("/");
    let n = 0;
    function print() {
      let s = "";
      for (let i = 0; i < 5000; i++) { const start = n++ + " "; s += start + "x".repeat(99 - start.length) + "\\n"; }
      process.stdout.write(s);
      if (${local !== null} && n % ${linesPerStage} === 0) return pause(n / ${linesPerStage});
      setTimeout(next, n < ${lines} ? 250 : 12_000);
    }
    function pause(stage) {
      writeFileSync(folder + "/printed-" + stage, "");
      const timer = setInterval(() => {
        if (!existsSync(folder + "/go-on-" + stage)) return;
        clearInterval(timer);
        next();
      }, 50);
    }
    function next() {
      if (n < ${lines}) print();
      else console.log("last");
    }
    print();`;
  return {
    command: ["node", "-e", program],
    lines,
    stageEnds: [1, 2, 3, 4].map((stage) => `${stage * linesPerStage - 1} x`),
    async printed(stages) {
      if (local === null) return;
      await expect.poll(() => existsSync(join(folder, `printed-${stages}`)), { timeout: 60_000 }).toBe(true);
    },
    async goOn(stages, { rotate }) {
      if (local === null) return;
      if (rotate !== null) {
        const { namespace, jobName } = rotate.ref;
        const pods = `/api/v1/namespaces/${namespace}/pods?labelSelector=job-name%3D${jobName}`;
        const { name } = (await world.request("GET", pods)).body.items[0].metadata;
        await local.kubelet.rotateLogs({ namespace, name });
      }
      await writeFile(join(folder, `go-on-${stages}`), "");
    },
  };
}
