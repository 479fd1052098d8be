import type { Step } from "./body.ts";
import type { Ending } from "./faults.ts";
import type { ClientResponse, Listener } from "./listener.ts";
import type { Reservation } from "./rules.ts";
import { delay } from "./waiting.ts";

/** The client's side of one answer. All steps run one after the other, whoever brings them: the server's bytes or a timer. */
export interface Outlet {
  readonly bytesPassed: number;
  /** Nothing passes any more, and the connection is kept open. */
  readonly mute: boolean;
  /** Resolves when the steps are done, so that the source can wait with more. */
  run(steps: readonly Step[]): Promise<void>;
  finish(ending: Ending): Promise<void>;
}

export function createOutlet(
  response: ClientResponse,
  listener: Listener,
  onHappened: (reservation: Reservation) => void,
  signal: AbortSignal,
): Outlet {
  let bytesPassed = 0;
  let mute = false;
  let stopped = false;
  let last = Promise.resolve();

  function enqueue(work: () => Promise<void>): Promise<void> {
    last = last.then(work);
    return last;
  }

  async function runOne(step: Step): Promise<void> {
    switch (step.type) {
      case "pass":
        if (mute) return;
        await write(step.bytes);
        bytesPassed += step.bytes.length;
        return;
      case "happened":
        onHappened(step.reservation);
        return;
      case "silence":
        if (step.forMilliseconds === null) mute = true;
        else await delay(step.forMilliseconds, signal);
        return;
      case "stop":
        stopped = true;
        listener.finish(response, step.ending);
        return;
      default:
        return step satisfies never;
    }
  }

  /** Resolves when the bytes are with the kernel: a reset right after them would take back what is still here. */
  function write(bytes: Buffer): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted) {
        resolve();
        return;
      }
      const done = (): void => {
        signal.removeEventListener("abort", done);
        resolve();
      };
      signal.addEventListener("abort", done, { once: true });
      if ("stream" in response) response.write(bytes, "utf8", done);
      else response.write(bytes, done);
    });
  }

  return {
    get bytesPassed() {
      return bytesPassed;
    },
    get mute() {
      return mute;
    },
    run: (steps) =>
      enqueue(async () => {
        for (const step of steps) {
          if (stopped || signal.aborted) return;
          await runOne(step);
        }
      }),
    finish: (ending) =>
      enqueue(async () => {
        if (stopped || mute || signal.aborted) return;
        stopped = true;
        listener.finish(response, ending);
      }),
  };
}
