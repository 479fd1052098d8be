/** Closes a test run with one plain line, and says where the tests that name a cluster ran. */
import type { Reporter, TestModule } from "vitest/node";

const PLACES = ["local", "real", "browser"] as const;

export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const counts = { passed: 0, failed: 0, skipped: 0 };
    const places = new Map<string, number>();
    for (const module of modules) {
      // A module that cannot be loaded has no tests to count, and must not look like success.
      if (module.errors().length > 0) counts.failed += 1;
      for (const test of module.children.allTests()) {
        const state = test.result().state;
        if (state === "passed") counts.passed += 1;
        else if (state === "failed") counts.failed += 1;
        else counts.skipped += 1;
        for (const place of PLACES) {
          if (state !== "skipped" && test.fullName.includes(`[${place}]`))
            places.set(place, (places.get(place) ?? 0) + 1);
        }
      }
    }
    const where = PLACES.map((place) => `${places.get(place) ?? 0} [${place}]`).join(", ");
    console.log(`\nwhere they ran: ${where}; the others need no cluster`);
    console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  }
}
