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
  const { errors } = streams;
  let why: How | null = null;
  let ref: RunRef | null = null;
  let copies: NonNullable<RunSpec["copies"]> | null = null;
  /** Files can only be sent by this process: a run that is left before waits for them in vain. */
  let isSending = false;
  let waiting: { readonly how: How; readonly reason: unknown } | null = null;
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

  const questions = createQuestions(streams, interrupts, {
    // Before there is a Job nothing can be left behind.
    canBeLeft: () => ref !== null,
    detach: () => go("detach", new Error("detached")),
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
    asked: () => questions.asked(),
    told() {
      sayHowToComeBack(streams, { ref, copies, left: why === "left" ? (interrupts.left ?? "") : null });
      if (why === "left") return exitCodes.readerGone;
      streams.output.write(options.json === true ? `${JSON.stringify(ref)}\n` : `${ref?.jobName ?? "JOB"}\n`);
      return exitCodes.success;
    },
    close() {
      interrupts.signal.removeEventListener("abort", onEnd);
      questions.close();
    },
  };
}

/** What Ctrl-C means is asked where somebody is there; elsewhere it ends the run. */
function createQuestions(
  { ask, errors, status }: Streams,
  interrupts: Interrupts,
  { canBeLeft, detach }: { readonly canBeLeft: () => boolean; readonly detach: () => void },
): { asked(): Promise<void>; close(): void } {
  let question: Promise<void> = Promise.resolve();
  if (ask === undefined) return { asked: () => question, close: () => undefined };
  let isAsking = false;
  const askWhat = async (): Promise<void> => {
    status?.set(null);
    errors.write("▸ Ctrl-C. [d] detach, the run goes on · [s] stop it · [g] go on watching\n");
    const answer = await ask("dsg");
    if (answer === "d") detach();
    else if (answer !== "g") interrupts.end("Ctrl-C");
  };
  const release = interrupts.onInterrupt(() => {
    if (!canBeLeft() || isAsking) return interrupts.end("Ctrl-C");
    isAsking = true;
    question = askWhat().finally(() => {
      isAsking = false;
    });
  });
  return { asked: () => question, close: release };
}

/** `left`: why everybody left; `null`: somebody let go of the run. */
function sayHowToComeBack(
  { errors }: Streams,
  {
    ref,
    copies,
    left,
  }: {
    readonly ref: RunRef | null;
    readonly copies: RunSpec["copies"] | null;
    readonly left: string | null;
  },
): void {
  const where = ref === null ? "" : ` -n ${ref.namespace}`;
  const name = ref?.jobName ?? "JOB";
  errors.write(
    `▸ ${left === null ? "The" : `${sentence(left)} The`} run goes on as Job ${name}, and nobody watches over its budget, its silence or its ending.\n` +
      `  See it through:  claude-k8s attach ${name}${where}\n` +
      `  End it:          claude-k8s stop ${name}${where}\n`,
  );
  const [first] = copies?.folders ?? [];
  if (ref !== null && first !== undefined)
    errors.write(returnWords(ref, copies?.holdSeconds ?? 0, first.folder));
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
