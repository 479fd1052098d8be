import { type Redaction, createRedaction } from "paperclip-adapter-claude-k8s/cli-parts";

import type { Sink, Streams } from "./streams.ts";

export interface MaskedStreams {
  readonly streams: Streams;
  /** Writes what was held back since its line had no end. */
  end(): void;
}

/** What a command writes, behind one mask, so that no command has to think of it. Lines are written when they are whole. */
export function maskedStreams(streams: Streams): MaskedStreams {
  const redaction = createRedaction();
  const output = maskedSink(streams.output, redaction);
  const errors = maskedSink(streams.errors, redaction);
  return {
    streams: {
      ...streams,
      output: output.sink,
      errors: errors.sink,
      learn(secrets) {
        output.end();
        errors.end();
        redaction.learn(secrets);
      },
    },
    end() {
      output.end();
      errors.end();
    },
  };
}

function maskedSink(sink: Sink, redaction: Redaction): { readonly sink: Sink; end(): void } {
  let redactor = redaction.redactor();
  const show = (text: string): unknown => (text === "" ? true : sink.write(text));
  return {
    sink: { isTTY: sink.isTTY, columns: sink.columns, write: (text) => show(redactor.push(text)) },
    end() {
      show(redactor.end());
      redactor = redaction.redactor();
    },
  };
}
