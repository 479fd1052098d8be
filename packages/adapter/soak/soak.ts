/** `pnpm soak --adapter [options]`; `--help` tells them. */

import { askedSettings } from "../../k8s-runner/soak/settings.ts";
import { runAdapterSoak } from "./run.ts";

const settings = askedSettings(process.argv.slice(2));
if (settings !== null) process.exitCode = (await runAdapterSoak(settings)) ? 0 : 1;
