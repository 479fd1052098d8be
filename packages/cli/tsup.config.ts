import path from "node:path";

import { defineConfig } from "tsup";

import { hostHelpersArePure } from "../adapter/tsup.config.ts";
import { directImports } from "./direct-imports.ts";

export default defineConfig({
  entry: { cli: "src/cli.ts", supervisor: "src/simulate/story/supervisor.ts" },
  format: "esm",
  target: "es2023",
  platform: "node",
  // A program: it is not minified, so that its stack traces can be read as they are.
  sourcemap: false,
  metafile: true,
  dts: false,
  // A command loads what it needs, and no more.
  splitting: true,
  noExternal: [
    "commander",
    "picocolors",
    "string-width",
    "yaml",
    /^@claude-k8s\//,
    /^paperclip-adapter-claude-k8s/,
    /^@paperclipai\//,
  ],
  // What is CommonJS cannot be inlined into an ES module: its `require` of Node's own modules fails there on import.
  external: ["@kubernetes/client-node", "selfsigned", "socks", "tar-stream", "undici", "ws"],
  esbuildPlugins: [hostHelpersArePure, directImports],
  // Our own packages are inlined from their sources: a build of one then needs no build of another.
  esbuildOptions(options) {
    options.conditions = ["@claude-k8s/source"];
    // Of its two builds the one for browsers is of ES modules, which are inlined as they are; its other one takes 60 files.
    options.alias = { yaml: path.resolve("node_modules/yaml/browser/index.js") };
  },
});
