import { PRICES } from "./prices.ts";
import type { PriceTable } from "./prices.ts";
import { emptySummary } from "./summary/empty.ts";
import { ownSpend } from "./summary/spend.ts";
import { summarize } from "./summary/summarize.ts";
import type { ClaudeEvent } from "./types/event.ts";
import type { Spend } from "./types/usage.ts";

export interface MeterOptions {
  /** Default: `PRICES`. Prices the estimate only: what a result tells was charged at the CLI's own prices. */
  readonly prices?: PriceTable;
}

export interface Meter {
  /** Counts one more event; gives the reading after it. */
  push(event: ClaudeEvent): Spend;
  /**
   * This process's own tokens and cost so far, sub-agents included. `estimated` until a result has told them; the cost is `null`
   * where a model has no price.
   */
  readonly reading: Spend;
}

/** Live tokens and cost of a run, from its events. */
export function createMeter(options: MeterOptions = {}): Meter {
  const prices = options.prices ?? PRICES;
  let summary = emptySummary();
  let reading = summary.cost.own;
  return {
    push(event) {
      if (event.type !== "assistant" && event.type !== "stream_event" && event.type !== "result")
        return reading;
      const before = summary.cost.own;
      summary = summarize(summary, event);
      if (summary.cost.own !== before) reading = ownSpend(summary.tracking, prices);
      return reading;
    },
    get reading() {
      return reading;
    },
  };
}
