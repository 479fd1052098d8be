/** `pnpm soak [options]`; `--help` tells them. */

import { runSoak } from "./run.ts";
import { askedSettings } from "./settings.ts";
import { showTeeth } from "./teeth.ts";

const settings = askedSettings(process.argv.slice(2));
if (settings !== null)
  process.exitCode = (await (settings.teeth ? showTeeth(settings) : runSoak(settings))) ? 0 : 1;
