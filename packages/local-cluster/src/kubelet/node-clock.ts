import type { ClusterClock } from "../clock.ts";

/** One node's clock: the cluster's, moved and coarsened at will. */
export interface NodeClock {
  nowNanoseconds(): bigint;
  step(milliseconds: number): void;
  setGranularity(milliseconds: number): void;
  /** `2026-01-02T03:04:05.678901234Z`, or with the node's offset. */
  logTimestamp(): string;
}

export function createNodeClock(clock: ClusterClock, utcOffsetMinutes: number): NodeClock {
  let offset = 0n;
  let grain = 0n;
  // One second's text serves all records of that second: making a Date for each record would be most of the work.
  let cachedSecond = -1n;
  let cachedText = "";
  const zone = zoneText(utcOffsetMinutes);

  const now = () => {
    const time = clock.nowNanoseconds() + offset;
    return grain === 0n ? time : time - (time % grain);
  };
  return {
    nowNanoseconds: now,
    step: (milliseconds) => void (offset += BigInt(Math.round(milliseconds * 1e6))),
    setGranularity: (milliseconds) => void (grain = BigInt(Math.round(milliseconds * 1e6))),
    logTimestamp() {
      const time = now();
      const second = time / 1_000_000_000n;
      if (second !== cachedSecond) {
        cachedSecond = second;
        const local = new Date((Number(second) + utcOffsetMinutes * 60) * 1000);
        cachedText = local.toISOString().slice(0, 19);
      }
      return `${cachedText}.${String(time % 1_000_000_000n).padStart(9, "0")}${zone}`;
    },
  };
}

function zoneText(minutes: number): string {
  if (minutes === 0) return "Z";
  const absolute = Math.abs(minutes);
  const hours = String(Math.floor(absolute / 60)).padStart(2, "0");
  return `${minutes < 0 ? "-" : "+"}${hours}:${String(absolute % 60).padStart(2, "0")}`;
}
