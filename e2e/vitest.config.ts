import { defineConfig } from "vitest/config";
import { InOrder } from "./order.ts";

/** Against the real server, cluster, Claude Code and browser: one file after the other, as each has a server of its own. */
export default defineConfig({
  resolve: { conditions: ["@claude-k8s/source", "module", "node", "development|production"] },
  test: {
    root: import.meta.dirname,
    include: ["**/*.test.ts"],
    fileParallelism: false,
    sequence: { sequencer: InOrder },
    // A limit is for what hangs: a busy machine takes its time.
    testTimeout: 900_000,
    hookTimeout: 600_000,
  },
});
