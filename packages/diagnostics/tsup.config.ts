import { build, defineConfig } from "tsup";

export default defineConfig({
  entry: { index: "src/index.ts" },
  format: "esm",
  target: "es2023",
  platform: "neutral",
  sourcemap: true,
  // The sources are in the package, once.
  esbuildOptions: (options) => void (options.sourcesContent = false),
  dts: false,
  // `redact` alone as a bundler would ship it: for the size budget only, never published.
  async onSuccess() {
    await build({
      config: false,
      silent: true,
      entry: { redact: "size/redact.js" },
      format: "esm",
      target: "es2023",
      platform: "neutral",
      minify: true,
      splitting: false,
      outDir: "temp/size",
    });
  },
});
