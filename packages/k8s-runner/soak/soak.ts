/** `pnpm soak [options]`; `--help` tells them. */

import { runSoak } from "./run.ts";
import { help, readSettings } from "./settings.ts";
import type { Settings } from "./settings.ts";
import { showTeeth } from "./teeth.ts";

const settings = read();
if (settings !== null)
  process.exitCode = (await (settings.teeth ? showTeeth(settings) : runSoak(settings))) ? 0 : 1;

function read(): Settings | null {
  try {
    const asked = readSettings(process.argv.slice(2));
    if (!asked.help) return asked;
    console.log(help);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 2;
  }
  return null;
}
