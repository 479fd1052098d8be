/**
 * `node ../../scripts/prune-declarations.ts`, in a package's folder after its build: removes the declarations that none of its entries
 * reaches. A package that is bundled needs few of them, and `tsc` writes one for each source file.
 */
import { existsSync, readFileSync, readdirSync, rmSync, rmdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { workspacePackages } from "./packages.ts";

const folder = process.cwd();
const dist = join(folder, "dist");
const entries = workspacePackages()
  .filter((one) => one.folder === folder)
  .flatMap((one) => one.entries.flatMap(({ types }) => (types === null ? [] : [types])));
if (entries.length === 0) throw new Error(`${folder} has no entry with declarations`);

const reached = new Set<string>();
const waiting = [...entries];
for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
  if (reached.has(file)) continue;
  reached.add(file);
  for (const [, specifier = ""] of readFileSync(file, "utf8").matchAll(
    /(?:\bfrom|\bimport)\s*\(?\s*["'](\.[^"']+)["']/g,
  )) {
    const target = resolve(dirname(file), specifier.replace(/\.(?:ts|js)$/, ".d.ts"));
    // A declaration that is missed here would be an error for whoever compiles against the package.
    if (!existsSync(target)) throw new Error(`${file} needs ${specifier}, which is not there`);
    waiting.push(target);
  }
}

const all = readdirSync(dist, { recursive: true, withFileTypes: true });
for (const one of all) {
  const path = join(one.parentPath, one.name);
  // Sources are not shipped, so there is nothing that a map could lead to.
  if (one.isFile() && (one.name.endsWith(".d.ts.map") || (one.name.endsWith(".d.ts") && !reached.has(path))))
    rmSync(path);
}
// The deepest first, so that a folder is empty when its turn comes.
for (const one of all.toSorted((left, right) => right.parentPath.length - left.parentPath.length)) {
  const path = join(one.parentPath, one.name);
  if (one.isDirectory() && readdirSync(path).length === 0) rmdirSync(path);
}
console.log(`${reached.size} declarations are reached by ${entries.length} entries`);
