import type { DemoEvent } from "./events.ts";
import { playFailingRun } from "./failing-run.ts";
import { playMainRun } from "./main-run.ts";
import type { DemoOptions } from "./options.ts";
import { planTrouble } from "./plan.ts";
import { conclude, splitLines, type Proof } from "./proof.ts";
import { DemoError } from "./trouble.ts";
import { openWorld, type World } from "./world.ts";

/** A demo that takes so long is stuck. */
const LIMIT_MILLISECONDS = 180_000;

/** The whole demo. Whatever happens, nothing of it remains: no process, no Job, no file. */
export async function playDemo(
  options: DemoOptions,
  emit: (event: DemoEvent) => void,
  interruption: AbortSignal,
): Promise<Proof> {
  const limit = AbortSignal.timeout(LIMIT_MILLISECONDS);
  const signal = AbortSignal.any([interruption, limit]);
  const world = await openWorld(options);
  try {
    const size = { lines: splitLines(world.recording).length, bytes: world.recording.length };
    const stage = { world, plan: planTrouble(options.seed, size), emit, signal };
    emit(describe(world, options.seed, size));
    const account = await playMainRun(stage);
    const failingRun = await playFailingRun(stage);
    return conclude(account, failingRun);
  } catch (error) {
    throw limit.aborted
      ? new DemoError(`gave up after ${LIMIT_MILLISECONDS / 1000} s`, { cause: error })
      : error;
  } finally {
    for (const left of await world.close()) emit({ type: "error", message: `left behind: ${left}` });
  }
}

function describe(
  world: World,
  seed: number,
  size: { readonly lines: number; readonly bytes: number },
): DemoEvent {
  return {
    type: "world",
    cluster: world.kind,
    server: world.target.server,
    proxy: world.proxy.url,
    namespace: world.target.namespace,
    image: world.image,
    seed,
    recordedLines: size.lines,
    recordedBytes: size.bytes,
  };
}
