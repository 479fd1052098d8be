import type { Runner, SweepFinding } from "@claude-k8s/k8s-runner";
import { expect, test } from "vitest";

import { type Leftovers, createLeftovers, keepSweeping } from "../../src/restart/leftovers.ts";
import type { Place } from "../../src/restart/memory.ts";
import type { OpenPlace } from "../../src/restart/places.ts";

const finding = (name: string): SweepFinding => ({
  object: `secrets/${name}`,
  reason: "its Job is gone",
  ageSeconds: 7260,
  removed: false,
});
const place = (namespace: string, companyId = "c"): Place => ({ kubeconfig: null, namespace, companyId });

function leftovers(found: Readonly<Record<string, readonly SweepFinding[]>>, remembered: readonly Place[]) {
  const calls: object[] = [];
  const lines: string[] = [];
  const sweep: Runner["sweep"] = async ({ namespace = "", dryRun = true, olderThanSeconds } = {}) => {
    calls.push({ namespace, dryRun, olderThanSeconds });
    const findings = found[namespace];
    if (findings === undefined) throw new Error("secrets is forbidden");
    return findings.map((each) => Object.assign({}, each, { removed: !dryRun }));
  };
  const connection = { runner: { sweep }, cluster: {} } as unknown as Awaited<ReturnType<OpenPlace>>;
  const subject = createLeftovers({
    remembered: async () => remembered,
    open: async ({ companyId }) => {
      if (companyId === "closed") throw new Error("the operator does not allow it");
      return connection;
    },
    log: (line) => void lines.push(line),
  });
  return { subject, calls, lines };
}
const { signal } = new AbortController();

test("what is left is named in the log first, and removed only where it was named", async () => {
  const { subject, calls, lines } = leftovers({ agents: [finding("a"), finding("b")] }, [
    place("agents", "closed"),
    place("agents"),
  ]);
  expect(await subject.remove(signal)).toBe(0);
  expect(calls).toEqual([]);
  expect(await subject.announce(signal)).toBe(2);
  expect(await subject.remove(signal)).toBe(2);
  expect(calls).toEqual([
    { namespace: "agents", dryRun: true, olderThanSeconds: 3600 },
    { namespace: "agents", dryRun: false, olderThanSeconds: 3600 },
  ]);
  expect(lines).toEqual([
    "namespace agents: what crashed servers have left, which go in ten minutes: secrets/a (its Job is gone, 121 min old), secrets/b (its Job is gone, 121 min old)",
    "namespace agents: what crashed servers had left, removed now: secrets/a (its Job is gone, 121 min old), secrets/b (its Job is gone, 121 min old)",
  ]);
});

test("a clean namespace is no word, a closed one is told, and neither stops the others", async () => {
  const { subject, lines } = leftovers(
    { clean: [], full: Array.from({ length: 30 }, (_, index) => finding(`s${index}`)) },
    [place("clean"), place("forbidden"), place("full"), place("elsewhere", "closed")],
  );
  expect(await subject.announce(signal)).toBe(30);
  const first = lines.length;
  await subject.announce(signal);
  expect(lines.splice(first)).toEqual([expect.stringMatching(/^namespace full/)]);
  expect(lines).toEqual([
    "namespace forbidden cannot be searched for what crashed servers have left: secrets is forbidden; the Role for upkeep of docs/permissions.md allows it",
    expect.stringMatching(/^namespace full: .* and 20 more$/),
    "namespace elsewhere cannot be searched for what crashed servers have left: the operator does not allow it",
  ]);
});

test("after the start, then ten minutes for a reader, then once a day, until it is closed", async () => {
  const story: string[] = [];
  let found = 2;
  const subject: Leftovers = {
    announce: async () => {
      story.push("announced");
      return found;
    },
    remove: async () => {
      story.push("removed");
      found = 0;
      return 2;
    },
  };
  const waited = Promise.withResolvers<void>();
  const sweeping = keepSweeping(subject, async (seconds, closing) => {
    story.push(`${seconds} s`);
    if (story.length < 8) return;
    waited.resolve();
    await new Promise((_resolve, reject) => {
      closing.addEventListener("abort", () => reject(closing.reason as Error), { once: true });
    });
  });
  await waited.promise;
  await sweeping.close();
  expect(story).toEqual(
    [
      "120 s",
      "announced",
      "600 s",
      "removed",
      "86400 s",
      "announced",
      "86400 s",
      "announced",
      "86400 s",
    ].slice(0, story.length),
  );
  expect(story.length).toBeGreaterThanOrEqual(8);
});
