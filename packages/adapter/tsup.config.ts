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

/**
 * Of the Kubernetes client, 56 MB with what it needs, the adapter uses one credential provider, `oidc`. It is in a file of its
 * own, which is loaded where a kubeconfig names one.
 */
const clientLibrary: NonNullable<Options["esbuildPlugins"]>[number] = {
  name: "client-library-apart",
  setup(build) {
    build.onResolve({ filter: /\/client-library\.ts$/ }, ({ kind }) =>
      kind === "entry-point" ? undefined : { path: "./client/kubernetes-client.js", external: true },
    );
  },
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
  external: ["socks", "tar-stream", "undici", "ws"],
  esbuildPlugins: [hostHelpersArePure, clientLibrary],
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

const kubernetesClient: Options = {
  ...node,
  entry: { "kubernetes-client": "../k8s-runner/src/cluster/kubeconfig/client-library.ts" },
  // Its metafile has the name of the other one's.
  outDir: "dist/client",
  noExternal: [/^(?!socks$|undici$|ws$)/],
  external: ["socks", "undici", "ws"],
  esbuildPlugins: [],
  // Some of what it needs is CommonJS, which asks for Node's own modules by `require`.
  banner: {
    js: 'import { createRequire } from "node:module";\nconst require = createRequire(import.meta.url);',
  },
};

export default defineConfig([
  { ...node, entry: { index: "src/index.ts", "event-printer": "src/event-printer.ts" } },
  kubernetesClient,
  uiParser,
]);
