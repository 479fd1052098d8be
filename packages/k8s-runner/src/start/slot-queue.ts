/** Starts of this process that wait for the same slot: first come, first served, and only the first one asks. */

import type { SlotHolder } from "../types/exit.ts";

export interface WaitingLines {
  /** At the end of the line of this slot. */
  join(namespace: string, slot: string): Place;
}

export interface Place {
  /** 1: next. */
  position(): number;
  /** As the first one has seen it last. */
  holder(): SlotHolder | null;
  see(holder: SlotHolder | null): void;
  leave(): void;
}

interface Line {
  readonly places: Place[];
  holder: SlotHolder | null;
}

export function createWaitingLines(): WaitingLines {
  const lines = new Map<string, Line>();
  return {
    join(namespace, slot) {
      const key = `${namespace}/${slot}`;
      const line: Line = lines.get(key) ?? { places: [], holder: null };
      const place: Place = {
        position: () => line.places.indexOf(place) + 1,
        holder: () => line.holder,
        see(holder) {
          line.holder = holder;
        },
        leave() {
          const index = line.places.indexOf(place);
          if (index !== -1) line.places.splice(index, 1);
          if (line.places.length === 0) lines.delete(key);
        },
      };
      line.places.push(place);
      lines.set(key, line);
      return place;
    },
  };
}
