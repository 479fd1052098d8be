import type { RunEvent, RunRef, RunSpec } from "@claude-k8s/k8s-runner";
import type { Cancellation } from "paperclip-adapter-claude-k8s/cli-parts";

import { returnWords } from "./copied-run.ts";
import { exitCodes } from "./exit-codes.ts";
import type { Interrupts } from "./interrupts.ts";
import type { Streams } from "./streams.ts";

/** How this process parts with its run before the end: by stopping it, or by leaving it to itself. */
export interface Leaving {
  readonly cancellation: Cancellation;
  /** What the run is, as soon as that is known. */
  readonly onSpec: (spec: RunSpec) => void;
  readonly onJob: (ref: RunRef) => void;
  readonly onEvent: (event: RunEvent) => void;
  /** Resolves when no question is open. */
  asked(): Promise<void>;
  /** Says how to come back to the run that was left. */
  told(): number;
  close(): void;
}

type How = "detach" | "left" | "stop";

export interface LeavingOptions {
  readonly detach?: boolean;
  readonly json?: boolean;
}

export function createLeaving(streams: Streams, options: LeavingOptions, interrupts: Interrupts): Leaving {
  const going = new AbortController();
  const { ask, errors } = streams;
  let why: How | null = null;
  let ref: RunRef | null = null;
  let copies: NonNullable<RunSpec["copies"]> | null = null;
  /** Files can only be sent by this process: a run that is left before waits for them in vain. */
  let isSending = false;
  let waiting: { readonly how: How; readonly reason: unknown } | null = null;
  let question: Promise<void> = Promise.resolve();
  const go = (how: How, reason: unknown): void => {
    if (how !== "stop" && ref !== null && isSending) {
      waiting ??= { how, reason };
      errors.write("▸ The folder is copied into the pod first.\n");
      return;
    }
    why ??= how;
    going.abort(reason);
  };
  const onEnd = (): void => go(interrupts.left === null ? "stop" : "left", interrupts.signal.reason);
  if (interrupts.signal.aborted) onEnd();
  else interrupts.signal.addEventListener("abort", onEnd, { once: true });

  const askWhat = async (put: NonNullable<typeof ask>): Promise<void> => {
    streams.status?.set(null);
    errors.write("▸ Ctrl-C. [d] detach, the run goes on · [s] stop it · [g] go on watching\n");
    const answer = await put("dsg");
    if (answer === "d") go("detach", new Error("detached"));
    else if (answer !== "g") interrupts.end("Ctrl-C");
  };
  let isAsking = false;
  const release =
    ask === undefined
      ? () => undefined
      : interrupts.onInterrupt(() => {
          // Before there is a Job nothing can be left behind.
          if (ref === null || isAsking) return interrupts.end("Ctrl-C");
          isAsking = true;
          question = askWhat(ask).finally(() => {
            isAsking = false;
          });
        });
  return {
    cancellation: {
      signal: going.signal,
      request: () =>
        going.signal.aborted
          ? { reason: why === "stop" ? "Ctrl-C" : "detached", byPerson: why === "stop" }
          : null,
    },
    onSpec(spec) {
      copies = spec.copies ?? null;
      isSending = copies !== null;
    },
    onJob(made) {
      ref = made;
      if (options.detach === true) go("detach", new Error("detached"));
    },
    onEvent({ type }) {
      if (!isSending || !endsSending.has(type)) return;
      isSending = false;
      if (waiting !== null) go(waiting.how, waiting.reason);
    },
    asked: () => question,
    told() {
      const where = ref === null ? "" : ` -n ${ref.namespace}`;
      const name = ref?.jobName ?? "JOB";
      errors.write(
        `▸ ${why === "left" ? `${sentence(interrupts.left ?? "")} The` : "The"} run goes on as Job ${name}, and nobody watches over its budget, its silence or its ending.\n` +
          `  See it through:  claude-k8s attach ${name}${where}\n` +
          `  End it:          claude-k8s stop ${name}${where}\n`,
      );
      const [first] = copies?.folders ?? [];
      if (ref !== null && first !== undefined)
        errors.write(returnWords(ref, copies?.holdSeconds ?? 0, first.folder));
      if (why === "left") return exitCodes.readerGone;
      if (options.json === true) streams.output.write(`${JSON.stringify(ref)}\n`);
      else streams.output.write(`${name}\n`);
      return exitCodes.success;
    },
    close() {
      interrupts.signal.removeEventListener("abort", onEnd);
      release();
    },
  };
}

/** The files are in, or nobody waits for them any more. */
const endsSending: ReadonlySet<RunEvent["type"]> = new Set([
  "files-sent",
  "container-started",
  "container-terminated",
  "files-returned",
  "files-lost",
]);

function sentence(text: string): string {
  return text === "" ? "" : `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
