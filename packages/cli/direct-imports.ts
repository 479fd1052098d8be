import { readFile } from "node:fs/promises";
import path from "node:path";

import type { Options } from "tsup";

type Plugin = NonNullable<Options["esbuildPlugins"]>[number];
type Build = Parameters<Plugin["setup"]>[0];

/**
 * `import { connect } from "@claude-k8s/k8s-runner"` becomes an import of the file that has `connect`. The bundler gives each command all
 * files that an index names, used or not, and a command would load the code of all others.
 */
export const directImports: Plugin = {
  name: "direct-imports",
  setup(build) {
    const indexes = new Map<string, Promise<ReadonlyMap<string, Place>>>();
    const indexOf = (file: string): Promise<ReadonlyMap<string, Place>> => {
      const known = indexes.get(file) ?? readIndex(file);
      indexes.set(file, known);
      return known;
    };
    build.onLoad({ filter: /\/packages\/[^/]+\/src\/.*\.ts$/ }, async ({ path: file }) => ({
      contents: await withDirectImports(build, await readFile(file, "utf8"), file, indexOf),
      loader: "ts",
      resolveDir: path.dirname(file),
    }));
  },
};

/** Where an index has a name from. */
interface Place {
  readonly file: string;
  readonly name: string;
}

const ownImport = /^import \{([^}]*)\} from "((?:@claude-k8s\/|paperclip-adapter-claude-k8s)[^"]*)";$/gm;
const namedExport = /^export \{([^}]*)\} from "(\.[^"]*)";$/gm;

async function withDirectImports(
  build: Build,
  source: string,
  file: string,
  indexOf: (index: string) => Promise<ReadonlyMap<string, Place>>,
): Promise<string> {
  let text = source;
  for (const [statement, names = "", from = ""] of source.matchAll(ownImport)) {
    const resolved = await build.resolve(from, {
      importer: file,
      kind: "import-statement",
      resolveDir: path.dirname(file),
    });
    if (resolved.external || resolved.errors.length > 0) continue;
    const index = await indexOf(resolved.path);
    const direct = namesIn(names).map(({ name, as }) => {
      // What an index makes itself has no other place.
      const place = index.get(name) ?? { name, file: resolved.path };
      return `import { ${place.name} as ${as} } from ${JSON.stringify(place.file)};`;
    });
    text = text.replace(statement, () => direct.join(" "));
  }
  return text;
}

async function readIndex(file: string): Promise<ReadonlyMap<string, Place>> {
  const source = await readFile(file, "utf8");
  return new Map(
    [...source.matchAll(namedExport)].flatMap(([, names = "", from = ""]) =>
      namesIn(names).map(
        ({ name, as }) => [as, { name, file: path.resolve(path.dirname(file), from) }] as const,
      ),
    ),
  );
}

/** `a, b as c, type D` without the types, of which nothing is left in a bundle. */
function namesIn(list: string): readonly { readonly name: string; readonly as: string }[] {
  return list
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "" && !part.startsWith("type "))
    .map((part) => {
      const [name = "", as = name] = part.split(/\s+as\s+/);
      return { name, as };
    });
}
