/** The publishable packages of this repository, and the entry points that each one exports. */
import { readFileSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";

export interface PackageEntry {
  /** `.`, `./terminal`, … */
  readonly subpath: string;
  /** Declarations in `dist`, absolute; `null` where an entry has none. */
  readonly types: string | null;
}

export interface WorkspacePackage {
  readonly folder: string;
  readonly name: string;
  readonly entries: readonly PackageEntry[];
  readonly manifest: Readonly<Record<string, unknown>>;
}

export const root = resolve(import.meta.dirname, "..");

export function workspacePackages(): WorkspacePackage[] {
  return readdirSync(join(root, "packages"))
    .toSorted()
    .map((directory) => {
      const folder = join(root, "packages", directory);
      const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
      const entries = Object.entries<unknown>(manifest.exports ?? {})
        .filter(([subpath, target]) => subpath !== "./package.json" && !isForSourcesOnly(target))
        .map(([subpath, target]) => ({ subpath, types: typesOf(folder, target) }));
      return { folder, name: manifest.name, entries, manifest };
    });
}

/** What other packages of this repository are bundled from: it is not in `dist`. */
function isForSourcesOnly(target: unknown): boolean {
  return typeof target === "object" && target !== null && !("default" in target);
}

function typesOf(folder: string, target: unknown): string | null {
  if (typeof target !== "object" || target === null || !("types" in target)) return null;
  return typeof target.types === "string" ? join(folder, target.types) : null;
}
