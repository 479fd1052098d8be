import { randomInt } from "node:crypto";

import { UsageError } from "../exit-codes.ts";
import type { Interrupts } from "../interrupts.ts";
import type { CommonOptions } from "../options.ts";
import { tellStory } from "../simulate/story/tell.ts";
import type { Streams } from "../streams.ts";

export interface SimulateOptions extends CommonOptions {
  readonly list?: boolean;
  readonly fault?: readonly string[];
  readonly transcript?: string;
  readonly speed?: number;
  readonly seed?: number;
  readonly image?: string;
  readonly port?: number;
  readonly json?: boolean;
}

/** The scenario that is played when none is named. */
const story = "story";

/** `simulate`: a run with trouble on the way, and what became of it. */
export async function simulateCommand(
  streams: Streams,
  scenario: string | undefined,
  options: SimulateOptions,
  interrupts: Interrupts,
): Promise<number> {
  const seed = options.seed ?? randomInt(1_000_000);
  const playsStory =
    (scenario ?? story) === story && (options.fault ?? []).length === 0 && options.list !== true;
  if (playsStory) {
    const { kubeconfig = null, context = null, namespace = null, image = null, port = 0 } = options;
    if (kubeconfig === null && context !== null)
      throw new UsageError("--context needs --kubeconfig: the local cluster has only one");
    if (kubeconfig !== null && port !== 0)
      throw new UsageError("--port is the local cluster's: it has no meaning with --kubeconfig");
    const { speed = 1, json = false } = options;
    return tellStory({ kubeconfig, context, namespace, image, seed, speed, port, json }, streams, interrupts);
  }
  throw new UsageError(`there is no scenario ${scenario ?? ""}`);
}
