/** The build inlines our own packages and leaves to the installer whatever the manifest lists. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly type?: string;
}

function manifest(name: string): Manifest {
  return JSON.parse(readFileSync(new URL(`../../${name}/package.json`, import.meta.url), "utf8")) as Manifest;
}

/** Whether a library that a package of ours needs is written in CommonJS. */
function isCommonJs(name: string, library: string): boolean {
  return manifest(`${name}/node_modules/${library}`).type !== "module";
}

// A library that is not listed is inlined too. One in CommonJS then asks for `require("events")`, which a module does
// not have, and the program ends before its first word, or where the library is first needed.
test.each(
  ["adapter", "cli"].flatMap((bundle) =>
    ["diagnostics", "k8s-runner", "stream-parser"].map((name) => ({ bundle, name })),
  ),
)("what $name needs in CommonJS at run time is a dependency of $bundle too", ({ bundle, name }) => {
  const own = manifest(bundle).dependencies ?? {};
  const needed = Object.keys(manifest(name).dependencies ?? {});
  expect(needed.filter((library) => !(library in own) && isCommonJs(name, library))).toEqual([]);
});
