import { existsSync } from "node:fs";
import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";
import type { TestProjectConfiguration } from "vitest/config";
import { wholeRuns } from "./test/whole-runs.ts";

const source = { conditions: ["@claude-k8s/source", "module", "node", "development|production"] };

/** Debian's; playwright downloads no browser here. */
const chromium = "/usr/bin/chromium";
const chromiumIsThere = existsSync(chromium);
if (!chromiumIsThere) console.warn(`browser tests are skipped: there is no ${chromium}`);

/** The stream parser's own test list once more, in Chromium. */
const browser: TestProjectConfiguration = {
  resolve: {
    conditions: ["@claude-k8s/source", "module", "browser", "development|production"],
    // Recordings come by fetch where there is no file system.
    alias: [{ find: /^\.\/recordings\.ts$/, replacement: "./recordings.browser.ts" }],
  },
  // A dependency that is found late reloads the page under the running tests.
  optimizeDeps: {
    include: [
      "fast-check",
      ...["ansi-styles", "wrap-ansi"].map((name) => `@claude-k8s/stream-parser > ${name}`),
    ],
  },
  test: {
    name: "browser",
    include: ["packages/stream-parser/test/**/*.test.ts"],
    exclude: ["**/*.node.test.ts"],
    testTimeout: 120_000,
    // Beside the node project's files one page at a time is enough for two cores.
    fileParallelism: false,
    sequence: { groupOrder: 0 },
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({
        launchOptions: {
          executablePath: chromium,
          args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        },
      }),
      instances: [{ browser: "chromium" }],
    },
  },
};

/** What every project in Node shares. */
const inNode = {
  setupFiles: ["test/stray-handles.ts"],
  execArgv: ["--expose-gc"],
  testTimeout: 60_000,
  hookTimeout: 60_000,
};

/**
 * Files that share their workers: modules are loaded once a worker and not once a file, which is half of the processor's time where the
 * host's and the cluster's client are loaded. They leave nothing behind: variables, listeners and spies are taken back by the test that
 * made them. Whole runs on a local cluster and servers that take over from one another stay by themselves.
 */
const sharing = [
  "packages/adapter/test/{,!(restart)/**/}!(*.real|*.local|cluster-setup).test.ts",
  "packages/{diagnostics,stream-parser}/test/**/*.test.ts",
];
const elsewhere = [
  "**/*.dist.test.ts",
  "**/*.browser.test.ts",
  "**/node_modules/**",
  ...(process.env["WITHOUT_WHOLE_RUNS"] === "1" ? wholeRuns : []),
];

/** Plays whole runs against the clock of the wall: beside other tests its interruptions would come too late to interrupt anything. */
const alone = ["packages/cli/test/simulate/story.test.ts"];

export default defineConfig({
  test: {
    passWithNoTests: true,
    // Most tests wait for timers and sockets: two cores carry more files at once than Vitest would start by itself.
    maxWorkers: 5,
    coverage: {
      provider: "v8",
      include: ["packages/*/src/**/*.ts"],
      reporter: ["text-summary", "html"],
    },
    projects: [
      {
        resolve: source,
        ssr: { resolve: source },
        test: {
          name: "node",
          ...inNode,
          include: ["packages/*/src/**/*.test.ts", "packages/*/test/**/*.test.ts", "test/**/*.test.ts"],
          exclude: [...elsewhere, ...alone, ...sharing],
          sequence: { groupOrder: 1 },
        },
      },
      {
        resolve: source,
        ssr: { resolve: source },
        test: {
          name: "sharing",
          ...inNode,
          isolate: false,
          include: sharing,
          exclude: [...elsewhere, ...alone],
          sequence: { groupOrder: 1 },
        },
      },
      {
        resolve: source,
        ssr: { resolve: source },
        test: {
          name: "alone",
          include: alone,
          exclude: elsewhere,
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
        },
      },
      ...(chromiumIsThere ? [browser] : []),
    ],
  },
});
