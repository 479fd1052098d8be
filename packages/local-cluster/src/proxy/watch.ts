import type { BodyStage, Step } from "./body.ts";
import type { GoneFault, WatchDropFault, WatchRepeatFault } from "./faults.ts";
import type { Reservation } from "./rules.ts";
import { goneEvent } from "./status.ts";

export type WatchFault = WatchDropFault | WatchRepeatFault | GoneFault;

export function isWatchFault(fault: Reservation["fault"]): fault is WatchFault {
  return (
    fault.kind === "watch-drop" ||
    fault.kind === "watch-repeat" ||
    (fault.kind === "gone" && fault.as === "event")
  );
}

/** Breaks the events of a watch: lines of JSON, counted without bookmarks. */
export function createFaultyWatch(reservation: Reservation, fault: WatchFault): BodyStage {
  let pending = Buffer.alloc(0);
  let events = 0;
  let broken = 0;

  function push(bytes: Buffer): readonly Step[] {
    const steps: Step[] = [];
    let rest = Buffer.concat([pending, bytes]);
    for (let lineEnd = rest.indexOf(0x0a); lineEnd >= 0; lineEnd = rest.indexOf(0x0a)) {
      const line = rest.subarray(0, lineEnd + 1);
      rest = rest.subarray(lineEnd + 1);
      steps.push(...shape(line));
    }
    pending = rest;
    return steps;
  }

  function shape(line: Buffer): readonly Step[] {
    const kept: Step = { type: "pass", bytes: line };
    const event = readEvent(line);
    if (event === null || event.type === "BOOKMARK") return [kept];
    if (fault.kind !== "gone" && fault.name !== undefined && fault.name !== event.name) return [kept];
    events += 1;
    switch (fault.kind) {
      case "gone":
        return events === (fault.afterEvents ?? 0) ? [kept, ...gone()] : [kept];
      case "watch-drop":
        return events > (fault.afterEvents ?? 0) && broken < (fault.events ?? 1) ? happened() : [kept];
      case "watch-repeat":
        if (events <= (fault.afterEvents ?? 0) || broken > 0) return [kept];
        return [kept, ...happened(), ...Array.from({ length: fault.times ?? 1 }, () => kept)];
      default:
        return fault satisfies never;
    }
  }

  function happened(): readonly Step[] {
    broken += 1;
    return [{ type: "happened", reservation }];
  }

  function gone(): readonly Step[] {
    return [
      { type: "pass", bytes: Buffer.from(goneEvent()) },
      ...happened(),
      { type: "stop", ending: "clean" },
    ];
  }

  return {
    begin: () => (fault.kind === "gone" && (fault.afterEvents ?? 0) === 0 ? gone() : []),
    push,
    end: () => (pending.length === 0 ? [] : [{ type: "pass", bytes: pending }]),
  };
}

function readEvent(line: Buffer): { readonly type: string; readonly name: string | null } | null {
  try {
    const parsed = JSON.parse(line.toString("utf8")) as {
      type?: unknown;
      object?: { metadata?: { name?: unknown } };
    };
    const name = parsed.object?.metadata?.name;
    return typeof parsed.type === "string"
      ? { type: parsed.type, name: typeof name === "string" ? name : null }
      : null;
  } catch {
    return null;
  }
}
