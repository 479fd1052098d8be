/** Linux's signals by their numbers, as signal(7) has them for x86 and ARM. */

import { constants } from "node:os";
import { describe, expect, test } from "vitest";
import { signalName } from "../../src/observe/signals.ts";

const named: readonly (readonly [number, string])[] = [
  [1, "SIGHUP"],
  [2, "SIGINT"],
  [3, "SIGQUIT"],
  [4, "SIGILL"],
  [5, "SIGTRAP"],
  [6, "SIGABRT"],
  [7, "SIGBUS"],
  [8, "SIGFPE"],
  [9, "SIGKILL"],
  [10, "SIGUSR1"],
  [11, "SIGSEGV"],
  [12, "SIGUSR2"],
  [13, "SIGPIPE"],
  [14, "SIGALRM"],
  [15, "SIGTERM"],
  [16, "SIGSTKFLT"],
  [24, "SIGXCPU"],
  [25, "SIGXFSZ"],
  [26, "SIGVTALRM"],
  [27, "SIGPROF"],
  [29, "SIGIO"],
  [30, "SIGPWR"],
  [31, "SIGSYS"],
];

describe("the name of a signal", () => {
  test.each(named)("%i is %s", (number, name) => {
    expect(signalName(128 + number, null)).toBe(name);
    expect(signalName(0, number)).toBe(name);
  });

  test.runIf(process.platform === "linux")("is the one that Linux itself gives", () => {
    for (const [number, name] of named)
      expect([name, (constants.signals as Record<string, number>)[name]]).toEqual([name, number]);
  });

  test("none for an exit code that no signal gives", () => {
    expect([0, 1, 127, 128, 255, -1].map((code) => signalName(code, null))).toEqual(Array(6).fill(null));
  });

  test("a number that has no name is told as it is, whatever the exit code", () => {
    expect(signalName(137, 34)).toBe("signal 34");
  });
});
