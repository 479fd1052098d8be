/** What server processes write down of each run, in files: any of them may be killed at any moment. */

import { appendFileSync, existsSync, readFileSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ExecutionResult } from "../src/host/contract.ts";

export interface TurnResult {
  readonly slot: string;
  readonly turn: number;
  /** `null`: it hangs. */
  readonly result: ExecutionResult | null;
  /** What the host was given by the call that came to an end. */
  readonly outputPath: string;
  /** Calls of `execute` that it took. */
  readonly calls: number;
  /** What is wrong with the workspace behind it; `null`: nothing. */
  readonly difference: string | null;
  /** Changes that the workspace shows of this run; -1: none of its runs' work is there. */
  readonly steps: number;
  /** The last events of the last call. */
  readonly events: readonly string[];
}

export interface TurnRecords {
  begin(slot: string, turn: number, call: number): string;
  calls(slot: string, turn: number): number;
  /** A person has it stopped; the call that is told of it may be killed. */
  noteStop(slot: string, turn: number): void;
  stops(slot: string, turn: number): number;
  outputs(slot: string, turn: number): readonly string[];
  result(slot: string, turn: number): TurnResult | null;
  writeResult(result: TurnResult): void;
}

export function turnRecordsIn(folder: string): TurnRecords {
  const outputs = (slot: string, turn: number): readonly string[] =>
    readdirSync(folder)
      .filter((name) => name.startsWith(`${slot}.${turn}.`) && name.endsWith(".out"))
      .map((name) => join(folder, name));
  const resultPath = (slot: string, turn: number): string => join(folder, `${slot}.${turn}.turn.json`);
  return {
    begin(slot, turn, call) {
      const path = join(folder, `${slot}.${turn}.${call}.out`);
      writeFileSync(path, "");
      return path;
    },
    calls: (slot, turn) => outputs(slot, turn).length,
    noteStop: (slot, turn) => appendFileSync(join(folder, `${slot}.${turn}.stops`), "."),
    stops(slot, turn) {
      const path = join(folder, `${slot}.${turn}.stops`);
      return existsSync(path) ? readFileSync(path, "utf8").length : 0;
    },
    outputs,
    result(slot, turn) {
      const path = resultPath(slot, turn);
      return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as TurnResult) : null;
    },
    writeResult(result) {
      const path = resultPath(result.slot, result.turn);
      writeFileSync(`${path}.${process.pid}`, JSON.stringify(result));
      renameSync(`${path}.${process.pid}`, path);
    },
  };
}
