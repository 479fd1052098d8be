import { createStreamParser } from "./parser.ts";
import type { StreamParserOptions } from "./parser.ts";
import type { ClaudeEvent } from "./types/event.ts";

/**
 * The events of a whole stream. Pulls one chunk at a time, so a slow consumer slows the source down; leaving the loop early
 * closes the source.
 */
export async function* parseStream(
  chunks: AsyncIterable<string | Uint8Array>,
  options: StreamParserOptions = {},
): AsyncGenerator<ClaudeEvent, void, undefined> {
  const parser = createStreamParser(options);
  for await (const chunk of chunks) yield* parser.push(chunk);
  yield* parser.end();
}

/** The same as a web stream, for `readable.pipeThrough(claudeEventStream())`. */
export function claudeEventStream(
  options: StreamParserOptions = {},
): TransformStream<string | Uint8Array, ClaudeEvent> {
  const parser = createStreamParser(options);
  return new TransformStream({
    transform(chunk, controller) {
      for (const event of parser.push(chunk)) controller.enqueue(event);
    },
    flush(controller) {
      for (const event of parser.end()) controller.enqueue(event);
    },
  });
}
