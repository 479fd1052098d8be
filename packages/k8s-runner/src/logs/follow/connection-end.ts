/** How one follow request ended, and what the end of its stream says of that. Pure. */

import { readKubeletText } from "../lines/kubelet-text.ts";
import { describeRefusal } from "../read.ts";
import type { ReadEnd } from "../read.ts";

export type ConnectionEnd =
  /** Ended, broken, refused: the pod must say what that means. */
  | {
      readonly kind: "ended";
      readonly reason: string;
      /** The log API answered: it is the stream that broke, not the way to it. */
      readonly answered: boolean;
      /** It came to its end, as far as can be seen. */
      readonly clean: boolean;
      readonly retryAfterSeconds: number | null;
    }
  /** The lines do not go on where we left off: only a plain read can tell. */
  | { readonly kind: "realign" }
  | { readonly kind: "cannot-follow"; readonly message: string }
  | { readonly kind: "full" }
  | { readonly kind: "aged" }
  | { readonly kind: "half-open" }
  /** The pod was read, and the container is not running any more. */
  | { readonly kind: "terminated" | "gone" };

export function connectionEndOf(end: ReadEnd): ConnectionEnd {
  switch (end.kind) {
    case "refused": {
      const retryAfterSeconds = end.answer.kind === "unavailable" ? end.answer.retryAfterSeconds : null;
      const reason = describeRefusal(end.answer);
      return { kind: "ended", reason, answered: false, clean: false, retryAfterSeconds };
    }
    case "broken":
      return streamEnded(end.reason, false);
    case "stopped":
      return streamEnded("stopped", false);
    case "end": {
      const words = readKubeletText(end.rest);
      if (words?.kind === "cannot-follow") return { kind: "cannot-follow", message: words.message };
      // Any other text is a line that was cut inside its timestamp, or a rest of one.
      const said = words?.kind === "unreadable" ? `: ${words.message}` : "";
      return streamEnded(`the stream ended${said}`, true);
    }
  }
}

function streamEnded(reason: string, clean: boolean): ConnectionEnd {
  return { kind: "ended", reason, answered: true, clean, retryAfterSeconds: null };
}
