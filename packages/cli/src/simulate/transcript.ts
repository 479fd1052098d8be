import { readFileSync } from "node:fs";

import type { ContainerScript } from "@claude-k8s/local-cluster";

import { asset } from "./story/assets.ts";
import { paceOf } from "./story/pace.ts";

/** What the container of a scenario writes, and how it ends. */
export interface Act {
  /** How many of the transcript's lines; default: all but its result. */
  readonly lines?: number;
  /** Fields that the result has otherwise than in the transcript; `null`: there is none. */
  readonly result?: Readonly<Record<string, unknown>> | null;
  /** Default: exit code 0. `never`: it goes on until something ends it. */
  readonly ending?: ContainerScript["ending"];
  /** Words that are no frame, before everything else. */
  readonly noise?: string;
}

export interface Transcript {
  readonly lines: readonly string[];
}

/** The recording that goes along, or a file of one's own. */
export function readTranscript(file: string | null): Transcript {
  const text = readFileSync(file ?? asset("recording/fix-the-failing-tests.ndjson"), "utf8");
  return { lines: text.split("\n").filter((line) => line !== "") };
}

/** Counts what a container has been given to write: the witness beside the log. */
export interface Witness {
  written: string;
}

const totalMilliseconds = 9000;

export function scriptOf({ lines }: Transcript, act: Act, witness: Witness, speed: number): ContainerScript {
  const shown = linesOf(lines, act).map((line) => `${line}\n`);
  const pace = paceOf(Buffer.from(shown.join("")), { totalMilliseconds, speed });
  witness.written = "";
  return {
    steps: (function* () {
      for (const [index, stdout] of shown.entries()) {
        yield { afterMilliseconds: pace[index] ?? 0, stdout };
        // Whoever asks for the next step has written this one.
        witness.written += stdout;
      }
    })(),
    ...(act.ending !== undefined && { ending: act.ending }),
  };
}

function linesOf(lines: readonly string[], act: Act): readonly string[] {
  const last = lines.at(-1) ?? "";
  const result = isResult(last) ? last : null;
  const body = result === null ? lines : lines.slice(0, -1);
  const noise = act.noise === undefined ? [] : [act.noise];
  const head = act.lines === undefined ? body : body.slice(0, act.lines);
  if (act.result === null || (result === null && act.result === undefined)) return [...noise, ...head];
  const frame: unknown = result === null ? { type: "result" } : JSON.parse(result);
  return [...noise, ...head, JSON.stringify({ ...(frame as object), ...act.result })];
}

function isResult(line: string): boolean {
  return /"type":\s*"result"/.test(line);
}
