import { defineConfig } from "tsup";

export default defineConfig({
  entry: { index: "src/index.ts" },
  format: "esm",
  target: "es2023",
  platform: "node",
  sourcemap: true,
  // The sources are in the package, once.
  esbuildOptions: (options) => void (options.sourcesContent = false),
  dts: false,
});
