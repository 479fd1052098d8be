/** `survivors.yaml`: the mutants that no test needs to notice. They are found by their text, so that a line more above them changes nothing. */
import { readFileSync } from "node:fs";
import { parse } from "yaml";

export interface Survivor {
  readonly file: string;
  /** What is replaced, and by what. */
  readonly code: string;
  readonly mutant: string;
}

export interface KnownSurvivors {
  /** Whether it is one of them. */
  take(file: string, code: string, mutant: string): boolean;
  taken(): number;
  /** Those that did not survive: the list is longer than it need be. */
  untaken(): readonly Survivor[];
}

type Listed = Readonly<
  Record<
    string,
    readonly { readonly reason: string; readonly mutants: readonly (readonly [string, string])[] }[]
  >
>;

export function knownSurvivors(files: readonly string[]): KnownSurvivors {
  const listed = (parse(readFileSync(new URL("survivors.yaml", import.meta.url), "utf8")) ?? {}) as Listed;
  const known = Object.entries(listed)
    .filter(([file]) => files.includes(file))
    .flatMap(([file, groups]) =>
      groups.flatMap(({ mutants }) => mutants.map(([code, mutant]) => ({ file, code, mutant, count: 0 }))),
    );
  return {
    take(file, code, mutant) {
      const one = known.find(
        (other) => other.file === file && other.code === code && other.mutant === mutant,
      );
      if (one === undefined) return false;
      one.count += 1;
      return true;
    },
    taken: () => known.reduce((sum, { count }) => sum + count, 0),
    untaken: () => known.filter(({ count }) => count === 0),
  };
}

interface Position {
  readonly line: number;
  readonly column: number;
}

/** Lines and columns are counted from one. */
export function textAt(
  text: string,
  { start, end }: { readonly start: Position; readonly end: Position },
): string {
  const lines = text.split("\n");
  const offset = ({ line, column }: Position): number =>
    lines.slice(0, line - 1).reduce((sum, { length }) => sum + length + 1, 0) + column - 1;
  return text.slice(offset(start), offset(end));
}
