/** The tests of one area, whose globs come in `MUTANTS_TESTS`, in the way that costs a mutant least: one process, no isolation. */
import { defineConfig } from "vitest/config";

const conditions = ["@claude-k8s/source", "module", "node", "development|production"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: JSON.parse(process.env["MUTANTS_TESTS"] ?? "[]") as string[],
    isolate: false,
    testTimeout: 60_000,
  },
});
