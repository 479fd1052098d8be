import { setTimeout as sleep } from "node:timers/promises";

import type { Streams } from "../streams.ts";

/** To the upper left corner, and what stands below goes: no flicker, as a whole clear would make. */
const home = "\u001B[H";
const clearScreen = "\u001B[2J";
const clearRest = "\u001B[J";
const clearLine = "\u001B[K";

/**
 * Shows a text again and again until the signal: on a terminal in the place of the one before, elsewhere only when it has changed.
 * A question to the cluster that fails is told, and asked again.
 */
export async function redrawEvery(
  { output, errors, environment }: Streams,
  draw: () => Promise<string>,
  { milliseconds, signal }: { readonly milliseconds: number; readonly signal: AbortSignal },
): Promise<void> {
  const isScreen = output.isTTY === true && environment["TERM"] !== "dumb";
  let before: string | null = null;
  while (!signal.aborted) {
    try {
      const text = await draw();
      if (isScreen)
        output.write(
          `${before === null ? clearScreen : ""}${home}${text.replaceAll("\n", `${clearLine}\n`)}${clearRest}`,
        );
      else if (text !== before) output.write(text);
      before = text;
    } catch (error) {
      if (before === null) throw error;
      errors.write(`▸ ${error instanceof Error ? error.message : String(error)}\n`);
    }
    await sleep(milliseconds, undefined, { signal }).catch(() => undefined);
  }
}
