/** Where a log file begins in the record, as a table, and as a property over cuts at random. */

import * as fc from "fast-check";
import { expect, test } from "vitest";
import { placeInRecord } from "../../../src/logs/record/place.ts";

const none: number[] = [];

test.each([
  ["the file is a run in the middle", [1, 2, 3, 4, 5], [3, 4], { kind: "found", line: 2, from: 0 }],
  ["the file goes on behind the record", [1, 2, 3], [3, 4, 5], { kind: "found", line: 2, from: 0 }],
  ["the file is all of the record", [1, 2], [1, 2], { kind: "found", line: 0, from: 0 }],
  [
    "its first line lost its head with the old file",
    [1, 2, 3, 4],
    [99, 3, 4],
    { kind: "found", line: 2, from: 1 },
  ],
  ["nothing stands before the rest of a line", [3, 4], [99, 3, 4], { kind: "absent" }],
  ["two places in full", [1, 7, 2, 7, 3], [7], { kind: "ambiguous", line: 1, from: 0 }],
  ["one in full, one at the end", [7, 8, 1, 7], [7, 8], { kind: "ambiguous", line: 0, from: 0 }],
  ["the end alone, in two ways", [1, 7, 7], [7, 7, 7], { kind: "ambiguous", line: 1, from: 0 }],
  ["equal lines that their neighbours tell apart", [7, 1, 7, 2], [7, 2], { kind: "found", line: 2, from: 0 }],
  ["it agrees and then does not", [1, 2, 3, 9], [2, 3, 4], { kind: "absent" }],
  ["an empty record", none, [1], { kind: "absent" }],
  ["an empty file", [1], none, { kind: "absent" }],
])("%s", (_name, record, file, place) => {
  expect(placeInRecord(record, file)).toEqual(place);
});

test("a found place is the true one, wherever the cuts are and however often lines are equal", () => {
  const drawn = fc.record({
    // Few different lines: most outputs have repeated stretches.
    lines: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 60 }),
    start: fc.nat(59),
    recordEnd: fc.nat(60),
    fileEnd: fc.nat(60),
  });
  fc.assert(
    fc.property(drawn, ({ lines, start, recordEnd, fileEnd }) => {
      const first = start % lines.length;
      // The file's first line is in the record.
      const record = lines.slice(0, Math.max(first + 1, recordEnd));
      const file = lines.slice(first, Math.max(first + 1, fileEnd));
      const place = placeInRecord(record, file);
      expect(place.kind).not.toBe("absent");
      const found = { kind: "found", line: first, from: 0 };
      expect(place.kind === "found" ? place : found).toEqual(found);
    }),
    { numRuns: 2000 },
  );
});
