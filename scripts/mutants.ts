/**
 * `pnpm mutants [AREA | FILE]…`: breaks each rule of the pure cores on purpose, one at a time, and counts how many of the
 * breaks a test notices. `scripts/mutants/areas.ts` says what is broken and which tests must notice; `scripts/mutants/survivors.yaml`
 * which breaks no test needs to notice, and why. It fails below the share that was reached before, and where that list names what is no
 * survivor.
 */
import { globSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, relative } from "node:path";
import { Stryker } from "@stryker-mutator/core";
import { areas, goal } from "./mutants/areas.ts";
import type { Area } from "./mutants/areas.ts";
import { knownSurvivors, textAt } from "./mutants/survivors.ts";
import { root } from "./packages.ts";

const noticed = new Set(["Killed", "Timeout"]);
const missed = new Set(["Survived", "NoCoverage"]);

interface Chosen {
  readonly name: string;
  readonly area: Area;
  readonly files: readonly string[];
}

function filesOf(area: Area): readonly string[] {
  return area.mutate.flatMap((glob) => globSync(join("packages", area.package, glob), { cwd: root }));
}

function choose(words: readonly string[]): readonly Chosen[] {
  const all = Object.entries(areas).map(([name, area]) => ({ name, area, files: filesOf(area) }));
  if (words.length === 0) return all;
  const chosen = all.flatMap((one) => {
    if (words.includes(one.name) || words.includes(one.area.package)) return [one];
    const files = one.files.filter((file) => words.some((word) => file === relative(root, word)));
    return files.length === 0 ? [] : [{ ...one, files }];
  });
  if (chosen.length > 0) return chosen;
  console.error(`${words.join(", ")}: no area, package or file of ${Object.keys(areas).join(", ")}`);
  process.exit(2);
}

async function run({ name, area, files }: Chosen): Promise<boolean> {
  process.env["MUTANTS_TESTS"] = JSON.stringify(area.tests.map((glob) => `packages/${area.package}/${glob}`));
  const results = await new Stryker({
    testRunner: "vitest",
    plugins: ["@stryker-mutator/vitest-runner"],
    vitest: { configFile: "scripts/mutants/vitest.config.ts", related: false },
    mutate: [...files],
    ignorePatterns: ["**/dist", "**/.turbo", "docs", "e2e", "deploy"],
    coverageAnalysis: "perTest",
    // TypeScript 7 has no programming interface with which Stryker could rewrite this file, and the tests do not read it.
    tsconfigFile: "no-tsconfig.json",
    reporters: ["progress-append-only"],
    concurrency: Number(process.env["MUTANTS_WORKERS"] ?? Math.max(1, availableParallelism() - 1)),
    // A pattern that is broken may try for ever.
    timeoutMS: 10_000,
  }).runMutationTest();

  const known = knownSurvivors(files);
  let killed = 0;
  let counted = 0;
  for (const { fileName, location, mutatorName, replacement = "", status, coveredBy } of results) {
    const file = relative(root, fileName);
    const killedIt = noticed.has(status);
    if (!killedIt && !missed.has(status)) continue;
    const original = textAt(readFileSync(join(root, file), "utf8"), location);
    if (!killedIt && known.take(file, original, replacement)) continue;
    counted += 1;
    if (killedIt) killed += 1;
    else {
      const reach =
        (coveredBy?.length ?? 0) === 0 ? "no single test reaches it" : `${coveredBy?.length} tests pass`;
      console.log(`${file}:${location.start.line}:${location.start.column} ${mutatorName}, ${reach}`);
      console.log(
        `  - ${original.replaceAll("\n", "\n    ")}\n  + ${replacement.replaceAll("\n", "\n    ")}`,
      );
    }
  }
  const stale = known.untaken();
  for (const one of stale)
    console.log(`${one.file}: ${one.code} → ${one.mutant} is listed as a survivor, and is none`);
  const share = counted === 0 ? 1 : killed / counted;
  // A part of an area may well be below the whole.
  const least = files.length === filesOf(area).length ? area.least : 0;
  const good = share >= least && stale.length === 0;
  console.log(
    `${good ? "ok    " : "FAILED"} ${name}: ${killed} of ${counted} mutants noticed, ${(share * 100).toFixed(1)} % (goal ${goal * 100} %); ${known.taken()} more are listed with their reasons`,
  );
  return good;
}

let failed = false;
for (const chosen of choose(process.argv.slice(2))) if (!(await run(chosen))) failed = true;
process.exit(failed ? 1 : 0);
