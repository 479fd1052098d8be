import type { ClusterClock } from "../clock.ts";

type TimeSource = Pick<ClusterClock, "nowNanoseconds">;

/** The API's `Time`: RFC 3339 in whole seconds. */
export function timestamp(clock: TimeSource): string {
  return secondsText(clock.nowNanoseconds());
}

export function secondsText(nanoseconds: bigint): string {
  return `${new Date(Number(nanoseconds / 1_000_000n)).toISOString().slice(0, 19)}Z`;
}

/** The API's `MicroTime`. */
export function microTimestamp(clock: TimeSource): string {
  const now = clock.nowNanoseconds();
  const micros = String((now / 1000n) % 1_000_000n).padStart(6, "0");
  return `${secondsText(now).slice(0, 19)}.${micros}Z`;
}

export function milliseconds(clock: TimeSource): number {
  return Number(clock.nowNanoseconds() / 1_000_000n);
}
