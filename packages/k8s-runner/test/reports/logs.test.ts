/** What public reports show of the log API, and what a run has of its output then; each with where it is reported. */

import { describe, expect, test } from "vitest";
import { follow, none } from "../logs/odd-node.ts";
import type { OddNode, Stamp } from "../logs/odd-node.ts";

const numbered = Array.from({ length: 40 }, (_, index) => `line ${index}`);
const whole = (lines: readonly string[]): string => `${lines.join("\n")}\n`;
const iso = (milliseconds: number): string => new Date(milliseconds).toISOString();
const hours = 3_600_000;

const complete = (lines: readonly string[]): object => ({
  output: whole(lines),
  completion: { complete: true, gaps: [] },
});

describe("a node that does not do what it is asked for", () => {
  test("neither `sinceTime` nor `tailLines` (virtual-kubelet/virtual-kubelet#820)", async () => {
    const node: OddNode = { lines: numbered, ignoresSince: true, ignoresTail: true };
    for (const more of [{}, { cutAfter: 7 }, { ignoresFollow: true }])
      expect(await follow({ ...node, ...more })).toMatchObject(complete(numbered));
  });

  test("no option at all (virtual-kubelet/azure-aci#147)", async () => {
    const node = { lines: numbered, stamp: none, ignoresFollow: true, ignoresSince: true, ignoresTail: true };
    const { output, completion } = await follow(node);
    expect(output).toBe(whole(numbered));
    expect(completion.gaps).toMatchObject([{ reason: "no-timestamps" }]);
  });

  test("carriage returns inside lines, and a zone in the west (containers/conmon#274)", async () => {
    const lines = Array.from({ length: 30 }, (_, index) => `1\r2\r\r3 ${index % 4}`);
    const stamp: Stamp = (at) => `${iso(at - 4 * hours).replace("Z", "958265")}-04:00 `;
    expect(await follow({ lines, stamp, cutAfter: 7 })).toMatchObject(complete(lines));
  });

  test("fractions of any length (open-telemetry/opentelemetry-collector-contrib#12200)", async () => {
    const stamp: Stamp = (at, index) =>
      `${iso(at + 3 * hours).slice(0, 19)}.${"541316180".slice(0, 1 + (index % 9))}+03:00 `;
    expect(await follow({ lines: numbered, stamp, cutAfter: 7 })).toMatchObject(complete(numbered));
  });

  test("a follow that goes silent after a rotation (kubernetes/kubernetes#28369)", async () => {
    expect(await follow({ lines: numbered, silentAfter: 9 })).toMatchObject(complete(numbered));
  });

  test("timestamps inside of long lines (kubernetes/kubernetes#77603)", async () => {
    const part = "A".repeat(16_000);
    const lines = numbered.map((line) => `${line}${part}2026-11-22T17:00:01.000000001Z ${part}`);
    expect(await follow({ lines, cutAfter: 7 })).toMatchObject(complete(lines));
  });

  test("a log that the node does not serve (virtual-kubelet/virtual-kubelet#177)", async () => {
    const message = "the server could not find the requested resource ( pods/log run-x)";
    const { output, completion } = await follow({
      lines: numbered,
      refusal: () => ({ kind: "not-found", message }),
    });
    expect(output).toBe("");
    expect(completion.complete).toBe(false);
    expect(completion.gaps).toHaveLength(1);
  });

  test("a log that asks for credentials for a while (Azure/AKSFlexNode#76)", async () => {
    const message = "the server has asked for the client to provide credentials ( pods/log run-x)";
    const refusal = (at: number) =>
      at > 4000 && at < 12_000 ? ({ kind: "unauthorized", message } as const) : null;
    expect(await follow({ lines: numbered, cutAfter: 5, refusal })).toMatchObject(complete(numbered));
  });

  test("times as nobody else writes them (virtual-kubelet/systemk#69)", async () => {
    const stamp: Stamp = (at) => `${iso(at).slice(0, 10)} ${iso(at).slice(11, 23)}042 +0000 WET `;
    const { output, completion } = await follow({ lines: numbered, stamp, cutAfter: 7 });
    for (const line of numbered) expect(output.split(` ${line}\n`)).toHaveLength(2);
    expect(completion.gaps).toMatchObject([{ reason: "no-timestamps" }]);
  });

  test("lines that are alike to the nanosecond (kubernetes/kubernetes#128797)", async () => {
    const lines = Array.from({ length: 60 }, (_, index) =>
      index % 10 < 7 ? "Failed to update lease" : `${index}`,
    );
    const stamp: Stamp = (at) => `${iso(at - (at % 5000)).slice(0, 19)}.634790000Z `;
    for (const more of [{ cutAfter: 4 }, { ignoresFollow: true }])
      expect(await follow({ lines, stamp, ...more })).toMatchObject(complete(lines));
  });

  test("a clock that goes back a little with each line (juju/juju#3941)", async () => {
    const start = Date.parse("2026-11-22T18:00:00Z");
    const stamp: Stamp = (_, index) => `${iso(start - index * 3).replace("Z", "000000Z")} `;
    for (const more of [{ cutAfter: 6 }, { ignoresFollow: true }])
      expect(await follow({ lines: numbered, stamp, ...more })).toMatchObject(complete(numbered));
  });
});

describe("what is told of the whole", () => {
  test("a file that is emptied in its place (kubernetes/kubernetes#64760)", async () => {
    const node: OddNode = {
      lines: numbered,
      cutAfter: 3,
      ignoresFollow: true,
      rotates: { at: 20, gone: 19 },
    };
    const refusal = (at: number) =>
      at > 5000 && at < 10_400
        ? ({ kind: "unavailable", message: "EOF", retryAfterSeconds: null } as const)
        : null;
    const { output, completion } = await follow({ ...node, refusal });
    const got = output.split("\n").slice(0, -1);
    expect(new Set(got).size).toBe(got.length);
    expect(numbered).toEqual(expect.arrayContaining(got));
    expect(got.length).toBeLessThan(numbered.length);
    expect(completion.gaps).toMatchObject([{ reason: "rotated" }]);
  });

  test("a progress bar that never ends its line (kernalix7/winpodx#747)", async () => {
    const bar = Array.from({ length: 5000 }, (_, index) => `\r ${".".repeat(index % 60)} ${index}`).join("");
    const { output, completion } = await follow({ lines: ["begin", bar], lastNewline: false });
    expect(output).toBe(`begin\n${bar}`);
    expect(completion).toMatchObject({ complete: true, gaps: [] });
  });

  test("a log that is gone when it is to be read to its end (tektoncd/dashboard#3562)", async () => {
    const node = (words: string): OddNode => ({ lines: [...numbered, words], cutAfter: 4 });
    const gone = "unable to retrieve container logs for containerd://0123456789abcdef";
    const stamp: Stamp = (at, index) =>
      index === numbered.length ? "" : `${iso(at).replace("Z", "000000Z")} `;
    const { completion } = await follow({ ...node(gone), stamp, lastNewline: false });
    expect(completion.complete).toBe(false);
    expect(completion.gaps.length).toBeGreaterThan(0);
  });

  test("a server that answers with errors alone from the middle on (k0sproject/k0s#5503)", async () => {
    const message = "error trying to reach service: No agent available";
    const refusal = (at: number) =>
      at > 6000 ? ({ kind: "unavailable", message, retryAfterSeconds: null } as const) : null;
    const { output, completion } = await follow({ lines: numbered, cutAfter: 4, refusal });
    expect(whole(numbered).startsWith(output)).toBe(true);
    expect(output.length).toBeGreaterThan(0);
    expect(completion.complete).toBe(false);
    expect(completion.gaps).toMatchObject([{ reason: "log-unavailable" }]);
  });

  test("an answer of nothing from the middle on, with 204 (kubernetes API: a pod without a node)", async () => {
    const refusal = (at: number) => (at > 6000 && at < 9000 ? ({ kind: "empty" } as const) : null);
    expect(await follow({ lines: numbered, cutAfter: 4, refusal })).toMatchObject(complete(numbered));
  });

  test("a file that is empty after its rotation, and nobody looked (kubernetes/kubernetes#11046)", async () => {
    const refusal = (at: number) =>
      at > 5000 && at < 25_000
        ? ({ kind: "unavailable", message: "EOF", retryAfterSeconds: null } as const)
        : null;
    const node: OddNode = { lines: numbered, cutAfter: 3, rotates: { at: 39, gone: 40 }, refusal };
    const { output, completion } = await follow(node);
    expect(whole(numbered).startsWith(output)).toBe(true);
    expect(output.length).toBeLessThan(whole(numbered).length);
    expect(completion.gaps.length > 0 || !completion.complete).toBe(true);
  });

  test("an answer that ends in the middle of the last line (kubernetes/kubernetes#36567)", async () => {
    const lines = [...numbered, "x".repeat(50_000)];
    expect(await follow({ lines, cutAfter: 5 })).toMatchObject(complete(lines));
  });

  test("a command that prints nothing at all (kubernetes/kubernetes#16252)", async () => {
    expect(await follow({ lines: [] })).toMatchObject({
      output: "",
      completion: { complete: true, gaps: [] },
    });
  });
});
