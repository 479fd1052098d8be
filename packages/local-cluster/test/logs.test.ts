import { expect, test } from "vitest";
import { createVirtualClock, type ScriptStep } from "../src/index.ts";
import { ended, podBody, podsPath, until } from "./support/api.ts";
import { clusterForEachTest } from "./support/cluster.ts";

const start = clusterForEachTest();
const part = 16 * 1024;

/** A container that says what a test wants, on a clock that stands still unless moved by the steps. */
async function logOf(
  steps: readonly ScriptStep[],
  query: string | ((whole: string) => string),
): Promise<string> {
  const { api, cluster } = await start({
    clock: createVirtualClock({ start: new Date("2026-01-01T00:00:00Z"), rate: 100 }),
    containers: () => ({ steps }),
  });
  await api.call("POST", podsPath, podBody("speaker", {}));
  await until(api, podsPath, "speaker", ended);
  const path = `${podsPath}/speaker/log?`;
  const chosen =
    typeof query === "string" ? query : query((await api.call("GET", `${path}timestamps=true`)).text);
  const { text } = await api.call("GET", path + chosen);
  expect(cluster.inspect().processes).toEqual([]);
  return text;
}

test("lines come as written: long ones whole, CRLF as LF, the last without its newline, bytes untouched", async () => {
  const long = "x".repeat(3 * part + 1);
  const text = await logOf([{ stdout: `${long}\n` }, { stdout: "a\r\nb" }, { stdout: "\u00fc\n\nend" }], "");
  expect(text).toBe(`${long}\na\nbü\n\nend`);
});

test("a line in parts has one timestamp, at its start", async () => {
  const text = await logOf([{ stdout: `${"x".repeat(2 * part)}y\nshort\n` }], "timestamps=true");
  const lines = text.trim().split("\n");
  expect(lines).toHaveLength(2);
  expect(lines[0]).toMatch(/^2026-01-01T\d\d:\d\d:\d\d\.\d{9}Z x+y$/u);
});

test("standard error inside of a line in parts glues and splits, as in the kubelet", async () => {
  const steps = [{ stdout: "A".repeat(part) }, { stderr: "error\n" }, { stdout: "B\n" }];
  const text = await logOf(steps, "timestamps=true");
  const [first = "", second = ""] = text.split("\n");
  expect(first).toMatch(/ A+error$/u);
  expect(second).toMatch(/^2026\S+ B$/u);
});

test("sinceTime between two parts of a line leaves its rest without a timestamp", async () => {
  const steps = [
    { stdout: "A".repeat(part) },
    { afterMilliseconds: 3000, stdout: "rest\n" },
    { stdout: "next\n" },
  ];
  const text = await logOf(steps, (whole) => {
    const second = (whole.split("\n")[1] ?? "").slice(0, 19);
    return `timestamps=true&sinceTime=${second}.999999999Z`;
  });
  expect(text).toMatch(/^rest\n2026\S+ next\n$/u);
});

test("tailLines counts records, limitBytes cuts a line", async () => {
  const steps = [{ stdout: "one\n" }, { stdout: `${"x".repeat(part)}two\n` }];
  expect(await logOf(steps, "tailLines=1")).toBe("two\n");
  expect(await logOf(steps, "tailLines=0")).toBe("");
  expect(await logOf(steps, "limitBytes=6")).toBe("one\nxx");
});

test("a log rotated as its container ends has only its newest file", async () => {
  const { api, cluster } = await start({
    containers: () => ({
      steps: (function* steps() {
        yield { stdout: "before\n" };
        void cluster.kubelet.rotateLogs({ namespace: "default", name: "turned" });
        yield { stdout: "after\n" };
      })(),
    }),
  });
  await api.call("POST", podsPath, podBody("turned", {}));
  await until(api, podsPath, "turned", ended);
  expect((await api.call("GET", `${podsPath}/turned/log`)).text).toBe("after\n");
});
