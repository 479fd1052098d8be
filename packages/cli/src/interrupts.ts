/** Ways in which a command is asked to end before it is done. */
export interface Interrupts {
  /** Aborted when the command is to end, by whatever cause. */
  readonly signal: AbortSignal;
  /** A person pressed Ctrl-C. Ends the command, unless it has something to ask first. */
  interrupt(reason: string): void;
  /** Ends the command: a run of it is stopped. */
  end(reason: string): void;
  /** Nobody is there any more: the command ends, and a run of it goes on without it. */
  leave(reason: string): void;
  /** From here on Ctrl-C calls `handler` in place of ending the command. Returns how to undo that. */
  onInterrupt(handler: () => void): () => void;
  /** Why everybody left; `null`: nobody did. */
  readonly left: string | null;
}

export function createInterrupts(): Interrupts {
  const controller = new AbortController();
  let handler: (() => void) | null = null;
  let left: string | null = null;
  return {
    signal: controller.signal,
    interrupt(reason) {
      if (handler === null) controller.abort(new Error(reason));
      else handler();
    },
    end(reason) {
      controller.abort(new Error(reason));
    },
    leave(reason) {
      if (controller.signal.aborted) return;
      left = reason;
      controller.abort(new Error(reason));
    },
    onInterrupt(next) {
      handler = next;
      return () => {
        if (handler === next) handler = null;
      };
    },
    get left() {
      return left;
    },
  };
}

/** The same where only a signal is at hand. */
export function interruptsOf(signal: AbortSignal): Interrupts {
  const interrupts = createInterrupts();
  if (signal.aborted) interrupts.end(String(signal.reason));
  signal.addEventListener("abort", () => interrupts.end(String(signal.reason)), { once: true });
  return interrupts;
}
