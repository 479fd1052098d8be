import { defineConfig } from "tsup";
import type { Options } from "tsup";

/**
 * The host's helpers are one module of 160 KB that imports a schema library for one string. None of it does anything on
 * import, which its package does not say: said here, a quarter of it is left.
 */
export const hostHelpersArePure: NonNullable<Options["esbuildPlugins"]>[number] = {
  name: "host-helpers-are-pure",
  setup(build) {
    build.onResolve({ filter: /^@paperclipai\/|^\./ }, async (args) => {
      const own: unknown = args.pluginData;
      const isHelper = args.path.startsWith("@paperclipai/") || args.importer.includes("/@paperclipai/");
      if (own === "resolved" || !isHelper) return undefined;
      const resolved = await build.resolve(args.path, {
        importer: args.importer,
        resolveDir: args.resolveDir,
        kind: args.kind,
        pluginData: "resolved",
      });
      return { ...resolved, sideEffects: false };
    });
  },
};

/** Our own packages are inlined from their sources: a build of one then needs no build of another. */
const fromSource: NonNullable<Options["esbuildOptions"]> = (options) => {
  options.conditions = ["@claude-k8s/source"];
};

const node: Options = {
  format: "esm",
  target: "es2023",
  platform: "node",
  // A program: it is not minified, so that its stack traces can be read as they are.
  sourcemap: false,
  metafile: true,
  dts: false,
  // One file: on a reload the host imports only the entry anew, whatever it imports itself stays as it was.
  splitting: false,
  noExternal: [/^@claude-k8s\//, /^@paperclipai\//],
  // What is CommonJS cannot be inlined into an ES module: its `require` of Node's own modules fails there on import.
  external: ["@kubernetes/client-node", "tar-stream", "undici", "ws"],
  esbuildPlugins: [hostHelpersArePure],
  esbuildOptions: fromSource,
};

/** The host's page evaluates it with `new Function`: CommonJS, self-contained. */
export const uiParser: Options = {
  entry: { "ui-parser": "src/ui-parser.ts" },
  format: "cjs",
  outExtension: () => ({ js: ".cjs" }),
  target: "es2020",
  platform: "browser",
  noExternal: [/.*/],
  treeshake: true,
  esbuildOptions: fromSource,
  sourcemap: false,
  dts: false,
};

export default defineConfig([
  { ...node, entry: { index: "src/index.ts", "event-printer": "src/event-printer.ts" } },
  uiParser,
]);
