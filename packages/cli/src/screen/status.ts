import type { Sink, Streams } from "../streams.ts";
import { cutTo } from "./table.ts";

/** One line at the foot of the terminal that says where a run stands. */
export interface StatusLine {
  /** `null`: none. */
  set(text: string | null): void;
}

const clear = "\r\u001B[2K";

/**
 * Output, messages and the status line on one terminal: whatever is written pushes the status line down. Without a terminal there
 * is no such line.
 */
export function withStatusLine(streams: Streams): { readonly streams: Streams; readonly status: StatusLine } {
  const { output, errors, environment } = streams;
  if (errors.isTTY !== true || environment["TERM"] === "dumb")
    return { streams, status: { set: () => undefined } };
  let text: string | null = null;
  let drawn = false;
  // Where a line of the output stands open, a status would be written into it.
  let open = false;
  const hide = (): void => {
    if (drawn) errors.write(clear);
    drawn = false;
  };
  const draw = (): void => {
    if (text === null || open) return;
    errors.write(`${clear}${cutTo(text, (errors.columns ?? 80) - 1)}`);
    drawn = true;
  };
  const sharing = (sink: Sink): Sink => ({
    get isTTY() {
      return sink.isTTY;
    },
    get columns() {
      return sink.columns;
    },
    write(written) {
      hide();
      const result = sink.write(written);
      if (sink.isTTY === true && written !== "") open = !written.endsWith("\n");
      draw();
      return result;
    },
  });
  return {
    streams: { ...streams, output: sharing(output), errors: sharing(errors) },
    status: {
      set(next) {
        text = next;
        if (next === null) hide();
        else draw();
      },
    },
  };
}
