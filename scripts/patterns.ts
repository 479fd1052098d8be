/**
 * `pnpm patterns [part of a path]`: every regular expression of the packages runs in time that grows with the text and no faster, whatever
 * the text. Literals are found in the source; those that are put together when a module is loaded are caught there.
 *
 * What was judged once stands in `scripts/patterns.json` and is not judged again: `--write` adds what is new and removes what is
 * gone, `--all` judges everything again.
 */
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { runInNewContext } from "node:vm";
import { parse } from "acorn";
import type { Node } from "acorn";
import { check } from "recheck";
import { root, workspacePackages } from "./packages.ts";

interface Pattern {
  readonly source: string;
  readonly flags: string;
  readonly place: string;
}

function literalsIn(file: string): readonly Pattern[] {
  const code = stripTypeScriptTypes(readFileSync(file, "utf8"), { mode: "strip" });
  const tree = parse(code, { ecmaVersion: "latest", sourceType: "module", locations: true });
  const found: Pattern[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit);
    else if (typeof value === "object" && value !== null) {
      const node = value as Node & { readonly regex?: { readonly pattern: string; readonly flags: string } };
      if (node.regex !== undefined)
        found.push({
          source: node.regex.pattern,
          flags: node.regex.flags,
          place: `${relative(root, file)}:${node.loc?.start.line ?? 0}`,
        });
      Object.values(value).forEach(visit);
    }
  };
  visit(tree.body);
  return found;
}

/** What modules put together from pieces: `RegExp` is watched while they are loaded. */
async function builtIn(folder: string): Promise<readonly Pattern[]> {
  const found: Pattern[] = [];
  const original = globalThis.RegExp;
  globalThis.RegExp = new Proxy(original, {
    construct(target, given: [string | RegExp, string?], newTarget) {
      const made = Reflect.construct(target, given, newTarget) as RegExp;
      found.push({ source: made.source, flags: made.flags, place: relative(root, folder) });
      return made;
    },
  });
  try {
    for (const file of sourcesOf(folder))
      if (/\bRegExp\(/.test(readFileSync(file, "utf8"))) await import(pathToFileURL(file).href);
  } finally {
    globalThis.RegExp = original;
  }
  return found;
}

function sourcesOf(folder: string): readonly string[] {
  return readdirSync(join(folder, "src"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(folder, "src", name));
}

/** What a pod may hold the event loop up for, with one text of the size of a chunk. */
const mostMilliseconds = 50;
const chunkLength = 65_536;
/** How long one pattern is looked at. What the tool has not decided by then is measured by nobody, and said. */
const judgingMilliseconds = 5000;
/** The tool's program is one for each question, and most of its time goes into starting. */
const atOnce = 2;

/** Never applied to more than a few characters, which the tool cannot see. */
const bounded: ReadonlyMap<string, string> = new Map([
  [String.raw`^[ -~]+:[ -~]+$`, "the 96 bytes of a short value"],
  [String.raw`^[^A-Za-z0-9]+|[^A-Za-z0-9]+$`, "a label of 63 characters"],
]);

type Attack = Extract<Awaited<ReturnType<typeof check>>, { readonly status: "vulnerable" }>["attack"];

/** How long does this engine take for the tool's own worst text, drawn out to the size of a chunk? */
function slowness({ source, flags }: Omit<Pattern, "place">, { pumps, suffix }: Attack): number {
  const pattern = globally({ source, flags });
  // From short to long: what is worse than a polynomial does not end at the first length.
  for (let length = 64; ; length *= 4) {
    const room = Math.min(length, chunkLength) / Math.max(1, pumps.length);
    const parts = pumps.map(
      ({ prefix, pump }) => prefix + pump.repeat(Math.ceil(room / Math.max(1, pump.length))),
    );
    const milliseconds = timeOf(pattern, parts.join("") + suffix);
    if (milliseconds > mostMilliseconds || length >= chunkLength) return milliseconds;
  }
}

function globally({ source, flags }: Omit<Pattern, "place">): RegExp {
  // One that is held at a single place is tried once.
  return new RegExp(source, flags.includes("y") ? flags : `${flags.replaceAll("g", "")}g`);
}

/**
 * What a pattern is tried with that the tool has not decided: its own words, and what its classes stand for, over and over, to the size of
 * a chunk. A pattern that is quadratic in one of them takes seconds.
 */
function ownTexts({ source }: Pattern): readonly string[] {
  const words = source
    .replaceAll(/\\[a-zA-Z]|\(\?<?[:=!]|\{\d*,?\d*\}/g, "|")
    .replaceAll("\\", "")
    .split(/[^\w /:"'-]+/)
    .filter((word) => word !== "");
  const pieces = [
    ...new Set(words.slice(0, 60).flatMap((word) => [word, `${word} `])),
    " ",
    "a",
    "1",
    "a ",
    "\n",
    '"',
    "\\",
    "-",
    ".",
  ];
  return pieces.map((piece) => `${piece.repeat(Math.ceil(chunkLength / piece.length))}\0!`);
}

const mostMeasuring = 2000;

function timeOf(pattern: RegExp, text: string): number {
  const started = process.threadCpuUsage();
  try {
    const once = "pattern.lastIndex = 0; pattern.exec(text)";
    const work = pattern.sticky ? once : "text.replaceAll(pattern, '')";
    runInNewContext(work, { pattern, text }, { timeout: mostMeasuring });
  } catch {
    return mostMeasuring;
  }
  const { user, system } = process.threadCpuUsage(started);
  return (user + system) / 1000;
}

interface Verdict {
  readonly verdict: "linear" | "fast" | "slow" | "undecided";
  readonly why?: string;
}

async function judge(pattern: Pattern): Promise<Verdict> {
  const result = await check(pattern.source, pattern.flags, { timeout: judgingMilliseconds });
  if (result.status === "safe") return { verdict: "linear" };
  if (result.status === "unknown") {
    const slowest = Math.max(...ownTexts(pattern).map((text) => timeOf(globally(pattern), text)));
    return slowest > mostMilliseconds
      ? { verdict: "slow", why: `${result.error.kind}; ${slowest.toFixed(0)} ms for a text of ours` }
      : {
          verdict: "undecided",
          why: `${result.error.kind}; at most ${slowest.toFixed(0)} ms for texts of ours`,
        };
  }
  const milliseconds = slowness(pattern, result.attack);
  if (milliseconds <= mostMilliseconds) return { verdict: "fast" };
  return { verdict: "slow", why: `${result.complexity.summary}, ${milliseconds.toFixed(0)} ms` };
}

/** Verdicts that need no second look, by what they are about: the pattern, its flags, and the release of the tool. */
const memory = join(root, "scripts/patterns.json");
const release = JSON.parse(readFileSync(join(root, "node_modules/recheck/package.json"), "utf8")).version;
const keyOf = ({ source, flags }: Pattern): string =>
  createHash("sha256").update(`${release} /${source}/${flags}`).digest("hex").slice(0, 16);

function remembered(): Readonly<Record<string, "linear" | "fast" | "undecided">> {
  try {
    return JSON.parse(readFileSync(memory, "utf8"));
  } catch {
    return {};
  }
}

const options = new Set(process.argv.slice(2).filter((word) => word.startsWith("--")));
const only = process.argv.slice(2).find((word) => !word.startsWith("--")) ?? "";
const patterns: Pattern[] = [];
for (const { folder } of workspacePackages())
  patterns.push(...sourcesOf(folder).flatMap(literalsIn), ...(await builtIn(folder)));
const chosen = [
  ...new Map(
    patterns
      .filter(({ place, source }) => place.includes(only) && !bounded.has(source))
      .map((pattern) => [keyOf(pattern), pattern]),
  ),
];
const known = options.has("--all") ? {} : remembered();
const counts = { linear: 0, fast: 0, slow: 0, undecided: 0, remembered: 0 };
const verdicts = new Map<string, Verdict["verdict"]>();
const waiting = [...chosen];
await Promise.all(
  Array.from({ length: atOnce }, async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [key, pattern] = next;
      const before = known[key];
      if (before !== undefined) counts.remembered += 1;
      const { verdict, why = "" } = before === undefined ? await judge(pattern) : { verdict: before };
      verdicts.set(key, verdict);
      counts[verdict] += 1;
      if (verdict !== "linear" && verdict !== "fast")
        console.log(
          `${verdict.padEnd(9)} ${pattern.place} /${pattern.source.slice(0, 160)}/${pattern.flags} (${why || "as before"})`,
        );
    }
  }),
);
if (options.has("--write") && only === "") {
  const kept = [...verdicts]
    .filter(([, verdict]) => verdict !== "slow")
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  writeFileSync(memory, `${JSON.stringify(Object.fromEntries(kept), null, 2)}\n`);
}
console.log(
  `${chosen.length} patterns: ${counts.linear} linear, ${counts.fast} bounded (at most ${mostMilliseconds} ms for the worst 64 KiB), ${counts.slow} slow, ${counts.undecided} undecided; ${counts.remembered} of them were judged before`,
);
if (counts.slow > 0) process.exitCode = 1;
