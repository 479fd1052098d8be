import { defineConfig } from "tsup";
import type { Options } from "tsup";

const shared: Options = { format: "esm", target: "es2023", platform: "neutral", dts: false };

export default defineConfig([
  {
    ...shared,
    entry: {
      index: "src/index.ts",
      logs: "src/logs/index.ts",
      sessions: "src/sessions/index.ts",
      transcript: "src/transcript/index.ts",
      terminal: "src/terminal/index.ts",
    },
    sourcemap: true,
    // The sources are in the package, once.
    esbuildOptions: (options) => void (options.sourcesContent = false),
  },
  // The main entry as a bundler would ship it: for the size budget only, never published.
  { ...shared, entry: { index: "src/index.ts" }, minify: true, splitting: false, outDir: "temp/size" },
]);
