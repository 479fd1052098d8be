/** What a workspace must hold after the runs that its journal names, and what it holds. */

import { lstatSync, mkdirSync, readFileSync, readdirSync, readlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Change, Journal } from "./program.ts";
import { changeOf, journalName, scratchName } from "./program.ts";

/** By path: a file as `file:MODE:CONTENT`, a link as `link:TARGET`. */
export type Tree = ReadonlyMap<string, string>;

const seedSteps = 24;

/** Before the first run. */
export function seedTree(slot: string): Tree {
  const changes = Array.from({ length: seedSteps }, (_, step) => changeOf(slot, -1, step));
  // A server's folder as people have it: with files alone.
  return changed(
    new Map(),
    changes.filter(({ kind }) => kind === "write"),
  );
}

export function writeTree(folder: string, tree: Tree): void {
  mkdirSync(folder, { recursive: true });
  for (const [path, entry] of tree) {
    const [, mode = "", ...content] = entry.split(":");
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content.join(":"), { mode: mode === "x" ? 0o755 : 0o644 });
  }
}

export function readTree(folder: string): Tree {
  const tree = new Map<string, string>();
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" }).sort()) {
    const path = join(folder, name);
    const status = lstatSync(path);
    if (status.isDirectory() || name === journalName || name === scratchName) continue;
    if (status.isSymbolicLink()) tree.set(name, `link:${readlinkSync(path)}`);
    else tree.set(name, fileEntry(readFileSync(path, "utf8"), (status.mode & 0o100) !== 0));
  }
  return tree;
}

export function readJournal(folder: string): Journal {
  try {
    return JSON.parse(readFileSync(join(folder, journalName), "utf8")) as Journal;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

/** What is wrong with a folder; `null`: nothing. */
export function differenceOf(slot: string, folder: string): string | null {
  const journal = readJournal(folder);
  const found = readTree(folder);
  // The run that was killed between a change and its note has made it.
  const last = journal.at(-1);
  const candidates = [
    journal,
    ...(last === undefined ? [] : [[...journal.slice(0, -1), { ...last, step: last.step + 1 }]]),
  ];
  const differences = candidates.map((candidate) => firstDifference(treeAfter(slot, candidate), found));
  return differences.includes(null) ? null : (differences[0] ?? null);
}

export function treeAfter(slot: string, journal: Journal): Tree {
  const changes = journal.flatMap(({ turn, step }) =>
    Array.from({ length: step }, (_, index) => changeOf(slot, turn, index)),
  );
  return changed(seedTree(slot), changes);
}

function changed(tree: Tree, changes: readonly Change[]): Tree {
  const next = new Map(tree);
  for (const change of changes) {
    if (change.kind === "remove") next.delete(change.path);
    else if (change.kind === "link") next.set(change.path, `link:${change.target}`);
    else next.set(change.path, fileEntry(change.content, change.executable));
  }
  return next;
}

function fileEntry(content: string, executable: boolean): string {
  return `file:${executable ? "x" : "-"}:${content}`;
}

function firstDifference(wanted: Tree, found: Tree): string | null {
  for (const [path, entry] of wanted) {
    const other = found.get(path);
    if (other === undefined) return `${path} is missing`;
    if (other !== entry) return `${path} is ${other.slice(0, 60)} and not ${entry.slice(0, 60)}`;
  }
  const extra = [...found.keys()].find((path) => !wanted.has(path));
  return extra === undefined ? null : `${extra} should not be there`;
}
