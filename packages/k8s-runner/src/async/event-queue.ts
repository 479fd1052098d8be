/** Events of a run, kept for a consumer that is late. */

import type { RunEvent } from "../types/events.ts";

export interface EventQueue {
  push(event: RunEvent): void;
  end(): void;
  readonly events: AsyncIterable<RunEvent>;
}

const capacity = 1000;

export function createEventQueue(onEvent?: (event: RunEvent) => void): EventQueue {
  const waiting: RunEvent[] = [];
  let dropped = 0;
  let ended = false;
  let wake: (() => void) | null = null;

  async function* read(): AsyncGenerator<RunEvent> {
    for (;;) {
      const event = waiting.shift();
      if (event !== undefined) {
        if (dropped > 0) yield droppedWarning(event.at, dropped);
        dropped = 0;
        yield event;
      } else if (ended) return;
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
  }
  return {
    push(event) {
      if (ended) return;
      waiting.push(event);
      if (waiting.length > capacity) {
        waiting.shift();
        dropped += 1;
      }
      onEvent?.(event);
      wake?.();
    },
    end() {
      ended = true;
      wake?.();
    },
    events: { [Symbol.asyncIterator]: read },
  };
}

function droppedWarning(at: string, count: number): RunEvent {
  return { type: "warning", at, message: `${count} earlier events were dropped, as nobody read them` };
}
