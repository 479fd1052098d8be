/**
 * `pnpm patterns [part of a path]`: every regular expression of the packages runs in time that grows with the text and no faster, whatever
 * the text. Literals are found in the source; those that are put together when a module is loaded are caught there.
 */
import { readFileSync, readdirSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";
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

/** Never applied to more than a few characters, which the tool cannot see. */
const bounded: ReadonlyMap<string, string> = new Map([
  [String.raw`^[ -~]+:[ -~]+$`, "the 96 bytes of a short value"],
  [String.raw`^[^A-Za-z0-9]+|[^A-Za-z0-9]+$`, "a label of 63 characters"],
]);

type Attack = Extract<Awaited<ReturnType<typeof check>>, { readonly status: "vulnerable" }>["attack"];

/** The tool's own worst text, drawn out to the size of a chunk: how long does this engine take for it? */
function slowness({ source, flags }: Pattern, { pumps, suffix }: Attack): number {
  const room = chunkLength / Math.max(1, pumps.length);
  const parts = pumps.map(
    ({ prefix, pump }) => prefix + pump.repeat(Math.ceil(room / Math.max(1, pump.length))),
  );
  const text = parts.join("") + suffix;
  const pattern = new RegExp(source, flags.replace(/[gy]/g, "") + "g");
  const started = process.threadCpuUsage();
  text.replaceAll(pattern, "");
  const { user, system } = process.threadCpuUsage(started);
  return (user + system) / 1000;
}

const only = process.argv[2] ?? "";
const patterns: Pattern[] = [];
for (const { folder } of workspacePackages())
  patterns.push(...sourcesOf(folder).flatMap(literalsIn), ...(await builtIn(folder)));
const chosen = new Map(
  patterns
    .filter(({ place, source }) => place.includes(only) && !bounded.has(source))
    .map((pattern) => [`/${pattern.source}/${pattern.flags}`, pattern]),
);
const counts = { linear: 0, fast: 0, slow: 0, undecided: 0 };
for (const [text, pattern] of chosen) {
  const result = await check(pattern.source, pattern.flags, { timeout: 5000 });
  if (result.status === "safe") {
    counts.linear += 1;
    continue;
  }
  if (result.status === "unknown") {
    counts.undecided += 1;
    console.log(`undecided ${pattern.place} ${text.slice(0, 120)} (${result.error.kind})`);
    continue;
  }
  const milliseconds = slowness(pattern, result.attack);
  counts[milliseconds > mostMilliseconds ? "slow" : "fast"] += 1;
  if (milliseconds > mostMilliseconds)
    console.log(
      `slow      ${pattern.place} ${text.slice(0, 160)} (${result.complexity.summary}, ${milliseconds.toFixed(0)} ms)`,
    );
}
console.log(
  `${chosen.size} patterns: ${counts.linear} linear, ${counts.fast} bounded (at most ${mostMilliseconds} ms for the worst 64 KiB), ${counts.slow} slow, ${counts.undecided} undecided`,
);
if (counts.slow > 0) process.exitCode = 1;
