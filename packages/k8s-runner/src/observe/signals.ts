/** Exit code → name of the signal, as shells and container runtimes tell it: 128 + n. */

import { constants } from "node:os";

const names: ReadonlyMap<number, string> = new Map(
  Object.entries(constants.signals)
    .toReversed()
    .map(([name, number]) => [number, name]),
);

export function signalName(exitCode: number, signal: number | null): string | null {
  if (signal !== null) return names.get(signal) ?? `signal ${signal}`;
  return exitCode > 128 && exitCode < 128 + 65 ? (names.get(exitCode - 128) ?? null) : null;
}
