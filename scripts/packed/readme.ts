/** Every block of code of the README, as printed: it passes strict types and prints what the README says. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { compile } from "./compilers.ts";
import { execute, problemOf } from "./execute.ts";
import type { Check, Outcome, Project } from "./project.ts";
import { surroundings } from "./surroundings.ts";

interface Block {
  readonly language: "ts" | "js";
  readonly code: string;
  /** What stands below it as its output; `null` where the README shows none. */
  readonly output: string | null;
}

export const readmeBlocks: Check = async function* (project) {
  const readme = await readFile(
    join(project.folder, "node_modules", project.tested.name, "README.md"),
    "utf8",
  );
  const blocks = blocksOf(readme);
  await mkdir(join(project.folder, "readme"), { recursive: true });
  const around = await surroundings(project);
  try {
    for (const [index, block] of blocks.entries()) yield await runBlock(project, block, index, around);
  } finally {
    await around.close();
  }
};

/** A block without a language that comes next, with at most a line of words between, is what the code before it prints. */
export function blocksOf(readme: string): readonly Block[] {
  const found = [...readme.matchAll(/^```(\w*)\n(.*?)^```$/gms)];
  return found.flatMap((match, index) => {
    const [whole, language = "", code = ""] = match;
    if (language !== "ts" && language !== "js") return [];
    const next = found[index + 1];
    const between = next === undefined ? "" : readme.slice(match.index + whole.length, next.index);
    const isOutput = next?.[1] === "" && between.trim().split("\n").length <= 1 && between.length < 80;
    return [{ language, code, output: isOutput ? (next[2] ?? "") : null }];
  });
}

async function runBlock(
  project: Project,
  { language, code, output }: Block,
  index: number,
  around: Awaited<ReturnType<typeof surroundings>>,
): Promise<Outcome> {
  const name = `README, block ${index + 1}: ${code.split("\n").find((line) => !/^(import.*)?$/.test(line)) ?? ""}`;
  const file = `readme/block-${index + 1}.${language === "js" ? "mjs" : "ts"}`;
  await writeFile(join(project.folder, file), code);
  if (language === "ts") {
    // The types of other people's libraries, which an example may use beside ours, are not its subject.
    const options = {
      module: "nodenext",
      moduleResolution: "nodenext",
      noPropertyAccessFromIndexSignature: false,
      skipLibCheck: true,
    };
    const problem = await compile(project, "typescript-oldest", options, [file]);
    if (problem !== null) return { name, problem };
  }
  const lacking = around.lackingFor(code);
  if (lacking !== null) return { name: `${name} (its types alone: ${lacking})`, problem: null };
  const runnable = language === "ts" ? await withoutTypes(project, file) : file;
  const args = ["--no-warnings", runnable, ...around.argumentsOf(code)];
  const ended = await execute(project.oldestNode, args, { cwd: project.folder, env: around.environment });
  const problem = problemOf(ended);
  if (problem !== null || output === null) return { name, problem };
  const printed = ended.stdout.trim();
  return {
    name,
    problem: printed === output.trim() ? null : `it printed\n${printed}\nand the README says\n${output}`,
  };
}

/** The types alone are taken away, and `await using`, which the README leaves to the compiler: what else the oldest Node cannot run stays so. */
async function withoutTypes({ folder }: Project, file: string): Promise<string> {
  const out = file.replace(/ts$/, "mjs");
  const esbuild = join(folder, "node_modules/.bin/esbuild");
  const options = ["--target=esnext", "--supported:using=false", `--outfile=${out}`];
  const stripped = await execute(esbuild, [file, ...options], { cwd: folder });
  if (problemOf(stripped) !== null) throw new Error(stripped.stderr);
  return out;
}
