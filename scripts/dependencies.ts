/**
 * `node scripts/dependencies.ts [--check]`: what is installed with our packages. Each dependency of ours has a reason, every licence below
 * them is one that asks for no more than its notice, and `docs/dependencies.md` says so; with `--check` it fails where it does not.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execute, mustSucceed } from "./packed/execute.ts";
import { root, workspacePackages } from "./packages.ts";

const reasons: Readonly<Record<string, string>> = {
  "@kubernetes/client-node":
    "the models of the API, and the credential providers of kubeconfigs, which change with their clouds",
  "ansi-styles": "the codes of colours",
  commander: "arguments and help of the command line",
  picocolors: "colours of the command line, off where they are not wanted",
  selfsigned: "the certificate of the local cluster",
  socks: "connections through SOCKS5 proxies, as kubectl makes them",
  "string-width": "columns that a terminal gives to a character",
  semver: "whether the release of Claude Code is in the range that an agent demands",
  "tar-stream": "archives of folders, in and out, as streams",
  undici:
    "HTTP/2 to the API server with its own certificates and proxies, which Node's `fetch` cannot be given",
  "wrap-ansi": "line breaks between colours and wide characters",
  ws: "the WebSocket of `exec`, with its own certificates",
  yaml: "kubeconfigs, the operator's file, settings in YAML",
  zod: "schemas of settings and of the operator's file, and the JSON schema made from them",
};
const allowed = new Set([
  "MIT",
  "Apache-2.0",
  "ISC",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "0BSD",
  "Unlicense",
  "PSF-2.0",
  "BlueOak-1.0.0",
]);

const problems: string[] = [];
const rows = workspacePackages().flatMap(({ name, manifest }) =>
  Object.keys((manifest["dependencies"] ?? {}) as Record<string, string>).map((dependency) => {
    if (reasons[dependency] === undefined)
      problems.push(`${name} needs ${dependency}, and nothing says what for`);
    return { name, dependency };
  }),
);
const users = Map.groupBy(rows, ({ dependency }) => dependency);
for (const name of Object.keys(reasons))
  if (!users.has(name)) problems.push(`nothing needs ${name} any more`);

const listed = mustSucceed(
  await execute("pnpm", ["--recursive", "licenses", "list", "--prod", "--json"], { cwd: root }),
);
const licences: Readonly<Record<string, readonly { readonly name: string }[]>> = JSON.parse(listed.stdout);
for (const [licence, packages] of Object.entries(licences)) {
  if (!allowed.has(licence))
    problems.push(
      `${packages.map(({ name }) => name).join(", ")}: ${licence} is not among the licences that we take`,
    );
}

const line = (...cells: readonly string[]) => `| ${cells.join(" | ")} |`;
const page = `${[
  "# Dependencies",
  "<!-- Made by `node scripts/dependencies.ts`; the reasons stand there. -->",
  "What is installed with our packages, and why. Outside of what this project exists for, a well-kept library is better than our own code.",
  [
    line("Dependency", "For", "Of"),
    line("---", "---", "---"),
    ...[...users.keys()]
      .toSorted()
      .map((name) =>
        line(
          `\`${name}\``,
          reasons[name] ?? "",
          (users.get(name) ?? []).map((user) => `\`${user.name}\``).join(", "),
        ),
      ),
  ].join("\n"),
  `Licences of these and of all below them: ${Object.keys(licences).toSorted().join(", ")}. A bill of materials of each package, in the format CycloneDX: \`pnpm run sbom\`; the release workflow keeps them as an artifact. Code of other packages that is part of the adapter's or the command line's own files stands in their \`dist/THIRD-PARTY-NOTICES.txt\`.`,
].join("\n\n")}\n`;
const target = join(root, "docs/dependencies.md");
if (!existsSync(target) || readFileSync(target, "utf8") !== page) {
  if (process.argv.includes("--check"))
    problems.push("docs/dependencies.md is stale: run `node scripts/dependencies.ts`");
  else writeFileSync(target, page);
}
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
