/**
 * `node ../../scripts/notices.ts`, after a build, in a package's folder: writes `dist/THIRD-PARTY-NOTICES.txt` with the licence of
 * every package of somebody else whose code the bundles contain, as their licences ask for. Fails where one has none.
 */
import { existsSync, globSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

interface Metafile {
  readonly outputs: Readonly<
    Record<string, { readonly inputs: Readonly<Record<string, { readonly bytesInOutput: number }>> }>
  >;
}

const folders = new Set<string>();
for (const name of globSync("dist/**/metafile-*.json")) {
  const { outputs }: Metafile = JSON.parse(readFileSync(name, "utf8"));
  for (const { inputs } of Object.values(outputs)) {
    for (const [input, { bytesInOutput }] of Object.entries(inputs)) {
      const folder = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(resolve(input))?.[0];
      if (folder !== undefined && bytesInOutput > 0) folders.add(folder);
    }
  }
}

const notices = [...folders].toSorted().map((folder) => {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file === undefined ? null : readFileSync(join(folder, file), "utf8").trim();
  if (text === null && typeof license !== "string")
    throw new Error(`${name} ${version} says nothing of its licence`);
  return { name, version, text: `${name} ${version} (${license})\n\n${text ?? `Licence: ${license}`}` };
});
const heading = "The code of these packages is part of this package's own files.";
const line = "-".repeat(80);
writeFileSync(
  "dist/THIRD-PARTY-NOTICES.txt",
  `${[heading, ...notices.map(({ text }) => text)].join(`\n\n${line}\n\n`)}\n`,
);
console.log(`notices: ${notices.map(({ name, version }) => `${name} ${version}`).join(", ") || "none"}`);
if (!existsSync("LICENSE")) throw new Error("the package has no LICENSE of its own");
