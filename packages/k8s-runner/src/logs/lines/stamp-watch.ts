/** Does the node write timestamps? What depends on them cannot be had without; what is in the log can. */

import { readKubeletText } from "./kubelet-text.ts";
import type { LogLine } from "./record.ts";

export interface StampWatch {
  /** Lines are told by their place in the file, not by a time: each request asks for the whole file. */
  readonly counted: boolean;
  /** An answer has timestamps. */
  stamped(): void;
  /** An answer has none where it must have some. */
  unstamped(): void;
}

/** One answer that is looked at line by line. */
export interface AnswerWatch {
  /** `unstamped`: it has whole lines without a timestamp, more than any kubelet that writes them leaves without one. */
  see(lines: readonly LogLine[]): "unstamped" | null;
  /** The answer is over. */
  end(): void;
}

/** Lines without a timestamp that an answer of a node that writes them may have. */
const ALLOWED = {
  /** It may start inside a line; and where a clock was set back, `sinceTime` hides the beginning of lines in the middle, too. */
  part: { beforeAny: 1, afterOne: 20 },
  /** From the first byte on every line has one; a single one may be some proxy's word. */
  whole: { beforeAny: 0, afterOne: 1 },
};

export function watchAnswer(stamps: StampWatch, fromFirstByte: boolean): AnswerWatch {
  const allowed = fromFirstByte ? ALLOWED.whole : ALLOWED.part;
  let stamped = false;
  let without = 0;
  let failed = false;
  return {
    see(lines) {
      if (stamps.counted) return null;
      for (const line of lines) {
        if (line.kind === "line") stamped = true;
        else if (readKubeletText(line)?.kind === "other") without++;
      }
      failed = without > (stamped ? allowed.afterOne : allowed.beforeAny);
      if (failed) stamps.unstamped();
      return failed ? "unstamped" : null;
    },
    end() {
      if (stamped && !failed) stamps.stamped();
    },
  };
}

/** An answer without timestamps in the middle of a run that had them may be one replica's mistake: the next one decides. */
const ANSWERS_IN_A_ROW = 2;

/** `onUnstamped` is called once, when it is certain. */
export function createStampWatch(options: {
  readonly isCounted: () => boolean;
  readonly nothingDelivered: () => boolean;
  readonly onUnstamped: () => void;
}): StampWatch {
  let inARow = 0;
  return {
    get counted() {
      return options.isCounted();
    },
    stamped() {
      inARow = 0;
    },
    unstamped() {
      inARow++;
      if (!options.isCounted() && (options.nothingDelivered() || inARow >= ANSWERS_IN_A_ROW))
        options.onUnstamped();
    },
  };
}
