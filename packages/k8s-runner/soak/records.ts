/** What supervisors write down for the soak, in files: a process may be killed behind any of them. */

import { appendFileSync, existsSync, readFileSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { LogCursor, LogGap } from "../src/index.ts";
import type { ExecKind } from "./exec/breaking-exec.ts";

export interface SlotResult {
  readonly slot: string;
  /** `hangs`: given up on by its supervisor. */
  readonly exit: string;
  readonly exitCode: number | null;
  readonly gaps: readonly LogGap[];
  readonly complete: boolean;
  readonly outputPath: string;
  /** As its last process saw them. */
  readonly lastEvents: readonly unknown[];
}

/** Counted even when the process that saw it is killed afterwards. */
export type Fact =
  | {
      readonly fact: "refused" | "clean-up-refused" | "vanished" | "supervision-lost";
      readonly slot: string;
      readonly message: string;
    }
  | {
      readonly fact: "started";
      readonly slot: string;
      readonly by: string;
      readonly jobUid: string;
      /** Milliseconds since the epoch. */
      readonly at: number;
    }
  | {
      readonly fact: "adopted";
      readonly slot: string;
      readonly by: string;
      readonly jobUid: string;
      readonly replay: string;
    }
  | { readonly fact: "warning"; readonly slot: string; readonly message: string }
  /** A consumer with a cursor keeps these with its output: who goes on behind them is not told again. */
  | { readonly fact: "gap"; readonly slot: string; readonly gap: LogGap }
  /** A part of a real cluster was killed, restarted or frozen, for so long. */
  | { readonly fact: "disturbed"; readonly part: string; readonly from: number; readonly to: number }
  | { readonly fact: "exec-broken"; readonly kind: ExecKind }
  /** The process kills itself in the middle of the next write. */
  | { readonly fact: "dies-in-a-spool-write" | "dies-in-an-exec" | "dies-in-a-callback" }
  /** What is still open in a process that let go of everything. */
  | { readonly fact: "left-open"; readonly resources: readonly string[] };

export interface StoredCursor {
  readonly bytes: number;
  readonly cursor: LogCursor;
}

export interface Records {
  note(fact: Fact): void;
  facts(): readonly Fact[];
  /** A process has had the run. */
  begun(slot: string): boolean;
  begin(slot: string): void;
  /** The ending was told, the clean-up may be under way. */
  ended(slot: string): SlotResult | null;
  writeEnded(result: SlotResult): void;
  result(slot: string): SlotResult | null;
  /** Only behind the clean-up. */
  writeResult(result: SlotResult): void;
  /** Output of the slot for a process; a consumer with a cursor has one file for all. */
  outputPath(slot: string, process: string | null): string;
  /** Of all processes that had the run. */
  outputs(slot: string): readonly string[];
  cursor(slot: string): StoredCursor | null;
  writeCursor(slot: string, stored: StoredCursor): void;
}

export function recordsIn(folder: string): Records {
  const factsPath = join(folder, "facts.jsonl");
  const read = (name: string): unknown => {
    const path = join(folder, name);
    return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : null;
  };
  const write = (name: string, value: unknown): void => {
    const path = join(folder, name);
    writeFileSync(`${path}.${process.pid}`, JSON.stringify(value));
    renameSync(`${path}.${process.pid}`, path);
  };
  return {
    note: (fact) => appendFileSync(factsPath, `${JSON.stringify(fact)}\n`),
    facts: () =>
      existsSync(factsPath)
        ? readFileSync(factsPath, "utf8")
            .split("\n")
            .filter((line) => line !== "")
            .map((line) => JSON.parse(line) as Fact)
        : [],
    begun: (slot) => existsSync(join(folder, `${slot}.begun`)),
    begin: (slot) => writeFileSync(join(folder, `${slot}.begun`), ""),
    ended: (slot) => read(`${slot}.ended.json`) as SlotResult | null,
    writeEnded: (result) => write(`${result.slot}.ended.json`, result),
    result: (slot) => read(`${slot}.result.json`) as SlotResult | null,
    writeResult: (result) => write(`${result.slot}.result.json`, result),
    outputPath: (slot, owner) => join(folder, `${slot}${owner === null ? "" : `.${owner}`}.out`),
    outputs: (slot) =>
      readdirSync(folder)
        .filter((name) => name.startsWith(`${slot}.`) && name.endsWith(".out"))
        .map((name) => join(folder, name)),
    cursor: (slot) => read(`${slot}.cursor.json`) as StoredCursor | null,
    writeCursor: (slot, stored) => write(`${slot}.cursor.json`, stored),
  };
}
