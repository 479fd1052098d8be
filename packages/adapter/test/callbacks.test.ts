import { describe, expect, test } from "vitest";

import { safeCallbacks } from "../src/host/callbacks.ts";
import { fakeHost } from "./host-context.ts";

const never = (): Promise<void> => new Promise(() => {});

function hostWith(changes: object) {
  return safeCallbacks({ ...fakeHost({}).context, ...changes }, 20);
}

describe("callbacks of the host", () => {
  test("one that returns nothing has answered", async () => {
    const host = hostWith({ onMeta: () => undefined, onLog: () => undefined });
    await expect(host.onMeta?.({ adapterType: "t", command: "c" })).resolves.toBeUndefined();
    await expect(host.onLog("stdout", "line")).resolves.toBeUndefined();
  });

  test("one that throws at once rejects, and may be called again", async () => {
    let calls = 0;
    const host = hostWith({
      onLog() {
        calls += 1;
        throw new Error("no room");
      },
    });
    await expect(host.onLog("stdout", "line")).rejects.toThrow("no room");
    await expect(host.onLog("stdout", "line")).rejects.toThrow("no room");
    expect(calls).toBe(2);
  });

  test("one that never resolves is waited for once, not for each line", async () => {
    let calls = 0;
    let answer = (): void => {};
    const host = hostWith({
      onLog() {
        calls += 1;
        return calls === 1 ? new Promise<void>((resolve) => void (answer = resolve)) : undefined;
      },
    });
    await expect(host.onLog("stdout", "line")).rejects.toThrow("no answer within 0.02 s");
    await expect(host.onLog("stdout", "line")).rejects.toThrow("has not been answered yet");
    expect(calls).toBe(1);
    answer();
    await Promise.resolve();
    await expect(host.onLog("stdout", "line")).resolves.toBeUndefined();
    expect(calls).toBe(2);
  });

  test("`this` is the host's own context, as some hosts need it", async () => {
    const seen: unknown[] = [];
    const context = {
      ...fakeHost({}).context,
      async onLog(this: unknown) {
        seen.push(this);
      },
    };
    await safeCallbacks(context).onLog("stdout", "line");
    expect(seen).toEqual([context]);
  });

  test("a call that only reports may throw or reject; a rejection that nobody takes would end the server", async () => {
    const untaken: unknown[] = [];
    const note = (error: unknown): void => void untaken.push(error);
    process.on("unhandledRejection", note);
    const throwing = hostWith({
      onDispatch() {
        throw new Error("no");
      },
    });
    expect(() => throwing.onDispatch?.()).not.toThrow();
    hostWith({ onDispatch: () => Promise.reject(new Error("no")) }).onDispatch?.();
    await expect(hostWith({ onCancellationReady: never }).onCancellationReady?.()).rejects.toThrow(
      "no answer",
    );
    process.off("unhandledRejection", note);
    expect(untaken).toEqual([]);
  });
});
