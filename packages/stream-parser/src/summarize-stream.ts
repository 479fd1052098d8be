import { createStreamParser } from "./parser.ts";
import type { StreamParserOptions } from "./parser.ts";
import { emptySummary } from "./summary/empty.ts";
import { settleOwnSpend } from "./summary/spend.ts";
import { foldEvent } from "./summary/summarize.ts";
import type { RunSummary } from "./types/summary.ts";

/**
 * The summary of a whole stream: the fold of `summarize` over its events, which copies the summary once and not for each event.
 */
export async function summarizeStream(
  chunks: AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>,
  options: StreamParserOptions = {},
): Promise<RunSummary> {
  const parser = createStreamParser(options);
  const empty = emptySummary();
  const draft = { ...empty };
  for await (const chunk of chunks) for (const event of parser.push(chunk)) foldEvent(draft, event);
  for (const event of parser.end()) foldEvent(draft, event);
  settleOwnSpend(draft, empty.tracking);
  return draft;
}
