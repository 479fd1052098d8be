import type { CutFault, Ending, ErrorTextFault, SilenceFault } from "./faults.ts";
import type { Reservation } from "./rules.ts";

/** What to do next with an answer's body, in this order. */
export type Step =
  | { readonly type: "pass"; readonly bytes: Buffer }
  | { readonly type: "happened"; readonly reservation: Reservation }
  | { readonly type: "silence"; readonly forMilliseconds: number | null }
  | { readonly type: "stop"; readonly ending: Ending };

/** One stage that a body runs through. Pure: bytes in, steps out; after a `stop` the caller sends nothing more. */
export interface BodyStage {
  begin(): readonly Step[];
  push(bytes: Buffer): readonly Step[];
  end(): readonly Step[];
}

export type BodyFault = CutFault | SilenceFault | ErrorTextFault;

export function isBodyFault(fault: Reservation["fault"]): fault is BodyFault {
  return fault.kind === "cut" || fault.kind === "silence" || fault.kind === "error-text";
}

/** Breaks the body at a byte; `fire` does the same at a moment, for faults with `afterMilliseconds`. */
export function createFaultyBody(
  reservation: Reservation,
  fault: BodyFault,
): BodyStage & { fire(): readonly Step[] } {
  const holdsHalfLines = fault.kind === "cut" && fault.boundary === "line";
  const triggerAt = byteTrigger(fault);
  let position = 0;
  let held = Buffer.alloc(0);
  let done = false;

  function fire(): readonly Step[] {
    if (done) return [];
    done = true;
    const happened: Step = { type: "happened", reservation };
    switch (fault.kind) {
      case "cut":
        return [happened, { type: "stop", ending: fault.ending }];
      case "silence":
        return [happened, { type: "silence", forMilliseconds: fault.forMilliseconds ?? null }];
      case "error-text":
        return [...pass(Buffer.from(fault.text)), happened, { type: "stop", ending: "clean" }];
      default:
        return fault satisfies never;
    }
  }

  function push(bytes: Buffer): readonly Step[] {
    if (done) return pass(bytes);
    const room = triggerAt - position;
    position += bytes.length;
    if (bytes.length < room) return holdsHalfLines ? passWholeLines(bytes) : pass(bytes);
    const before = bytes.subarray(0, room);
    const kept = holdsHalfLines ? passWholeLines(before) : pass(before);
    return [...kept, ...fire(), ...pass(bytes.subarray(room))];
  }

  function passWholeLines(bytes: Buffer): readonly Step[] {
    const all = Buffer.concat([held, bytes]);
    const lineEnd = all.lastIndexOf(0x0a) + 1;
    held = all.subarray(lineEnd);
    return pass(all.subarray(0, lineEnd));
  }

  function end(): readonly Step[] {
    if (
      !done &&
      fault.kind === "error-text" &&
      triggerAt === Infinity &&
      fault.afterMilliseconds === undefined
    ) {
      return fire();
    }
    return done ? [] : pass(held);
  }

  return { begin: () => (triggerAt === 0 ? fire() : []), push, end, fire };
}

function byteTrigger(fault: BodyFault): number {
  if (fault.afterBytes !== undefined) return fault.afterBytes;
  return fault.afterMilliseconds !== undefined || fault.kind === "error-text" ? Infinity : 0;
}

function pass(bytes: Buffer): readonly Step[] {
  return bytes.length === 0 ? [] : [{ type: "pass", bytes }];
}

/** Runs steps of one stage through the next: bytes are shaped again, everything else stays where it is. */
export function throughStages(stages: readonly BodyStage[]): BodyStage {
  function run(steps: readonly Step[], from: number): readonly Step[] {
    const stage = stages[from];
    if (stage === undefined) return steps;
    return run(
      steps.flatMap((step) => (step.type === "pass" ? stage.push(step.bytes) : [step])),
      from + 1,
    );
  }
  return {
    begin: () => stages.flatMap((stage, index) => run(stage.begin(), index + 1)),
    push: (bytes) => run([{ type: "pass", bytes }], 0),
    end: () => stages.flatMap((stage, index) => run(stage.end(), index + 1)),
  };
}
