import type { TestSpecification } from "vitest/node";
import { BaseSequencer } from "vitest/node";

/** The same order every time, by name; the load test last, as it takes the longest and says the least about what is broken. */
export class InOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): string =>
      `${moduleId.endsWith("/load.test.ts") ? 1 : 0} ${moduleId}`;
    return files.toSorted((one, other) => (rank(one) < rank(other) ? -1 : 1));
  }
}
