/** The published types hold under the strictest flags, by every way of resolving modules, without `skipLibCheck`. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execute, problemOf } from "./execute.ts";
import type { Check, Project } from "./project.ts";

export const strictest = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noPropertyAccessFromIndexSignature: true,
  noImplicitOverride: true,
  verbatimModuleSyntax: true,
  isolatedModules: true,
  skipLibCheck: false,
  noEmit: true,
  target: "es2022",
  lib: ["es2023", "esnext.disposable"],
  types: ["node"],
};

const resolutions = { node16: "node16", nodenext: "nodenext", bundler: "esnext" } as const;

export const compilers: Check = async function* (project) {
  const typed = project.tested.entries.filter(({ types }) => types !== null);
  if (typed.length === 0) return;
  const code = typed.map(
    ({ subpath }, index) => `export * as entry${index} from "${join(project.tested.name, subpath)}";`,
  );
  await mkdir(join(project.folder, "types"), { recursive: true });
  await writeFile(join(project.folder, "types/all.ts"), code.join("\n"));
  for (const compiler of ["typescript-oldest", "typescript-newest"]) {
    for (const [moduleResolution, module] of Object.entries(resolutions)) {
      const problem = await compile(project, compiler, { module, moduleResolution }, ["types/all.ts"]);
      yield { name: `types: ${compiler}, ${moduleResolution}, strictest flags`, problem };
    }
  }
};

export async function compile(
  { folder }: Project,
  compiler: string,
  options: Readonly<Record<string, unknown>>,
  files: readonly string[],
): Promise<string | null> {
  const config = join(folder, "tsconfig.packed.json");
  await writeFile(config, JSON.stringify({ compilerOptions: { ...strictest, ...options }, files }));
  const tsc = join(folder, "node_modules", compiler, "bin/tsc");
  return problemOf(await execute(process.execPath, [tsc, "-p", config], { cwd: folder }));
}
