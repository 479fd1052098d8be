/**
 * `node scripts/links.ts`: every link of the documentation to a file of this repository leads somewhere. A package's README is also
 * its page in the registry, where a relative link leads nowhere: there they are whole addresses.
 */
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { root, workspacePackages } from "./packages.ts";

const repository = "https://github.com/claude-k8s/claude-k8s/blob/main/";
const pages = new Set(workspacePackages().map(({ folder }) => join(folder, "README.md")));
const documents = [
  ...pages,
  ...readdirSync(root)
    .filter((name) => name.endsWith(".md"))
    .map((name) => join(root, name)),
  ...readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => join(root, "docs", name)),
];

const problems = documents.flatMap((document) => {
  const text = readFileSync(document, "utf8").replaceAll(/^```.*?^```$/gms, "");
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, target = ""]) => {
    const problem = problemOf(document, target);
    return problem === null ? [] : [`${relative(root, document)}: ${target} ${problem}`];
  });
});

function problemOf(document: string, target: string): string | null {
  const [path = ""] = target.split("#");
  if (path.startsWith(repository)) {
    return existsSync(join(root, path.slice(repository.length))) ? null : "is no file of this repository";
  }
  if (path === "" || /^[a-z]+:/.test(path)) return null;
  if (pages.has(document)) return `does not work in the registry: write ${repository}…`;
  return existsSync(join(dirname(document), path)) ? null : "does not exist";
}

for (const problem of problems) console.error(problem);
console.log(`${documents.length} documents, ${problems.length} broken links`);
if (problems.length > 0) process.exitCode = 1;
