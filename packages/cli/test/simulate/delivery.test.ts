import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createDelivery, type DeliveryNews } from "../../src/simulate/story/delivery.ts";

const bytes = (text: string) => Buffer.from(text);
const texts = (news: readonly DeliveryNews[]) =>
  news.flatMap((one) => (one.type === "line" ? [one.text] : []));

describe("what is shown of the transcript", () => {
  test("whole lines, also when chunks cut them and their characters", () => {
    const delivery = createDelivery();
    const euro = bytes("1 €\n2\n");
    expect(texts(delivery.push(1, euro.subarray(0, 3)))).toEqual([]);
    expect(texts(delivery.push(1, euro.subarray(3)))).toEqual(["1 €", "2"]);
    expect(delivery.lines).toBe(2);
  });

  test("what a second supervisor delivers again is compared, not shown again", () => {
    const delivery = createDelivery();
    delivery.push(1, bytes("a\nb\nc"));
    expect(delivery.push(2, bytes("a\n"))).toEqual([]);
    expect(delivery.push(2, bytes("b\ncc\nd\n"))).toEqual([
      { type: "replayed", lines: 2, identical: true },
      { type: "line", line: 3, text: "cc" },
      { type: "line", line: 4, text: "d" },
    ]);
  });

  test("a replay that differs says so", () => {
    const delivery = createDelivery();
    delivery.push(1, bytes("a\nb\n"));
    expect(delivery.push(2, bytes("a\nX\n"))).toEqual([{ type: "replayed", lines: 2, identical: false }]);
  });

  test("any chunking and any moment of death show each line once", () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ maxLength: 6 }).map((text) => text.replaceAll("\n", ""))),
        fc.nat(60),
        fc.array(fc.nat(60), { maxLength: 6 }),
        (lines, death, cuts) => {
          const whole = bytes(lines.map((line) => `${line}\n`).join(""));
          const delivery = createDelivery();
          const shown: string[] = [];
          const feed = (supervisor: number, log: Buffer): void => {
            const edges = [
              0,
              ...cuts.map((cut) => Math.min(cut, log.length)).toSorted((a, b) => a - b),
              log.length,
            ];
            edges.slice(1).forEach((edge, index) => {
              shown.push(...texts(delivery.push(supervisor, log.subarray(edges[index], edge))));
            });
          };
          feed(1, whole.subarray(0, Math.min(death, whole.length)));
          feed(2, whole);
          expect(shown).toEqual(lines.map((line) => bytes(line).toString("utf8")));
        },
      ),
    );
  });
});
