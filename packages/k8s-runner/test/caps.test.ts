/** So many runs at once over all processes, first come, first served. */

import { describe, expect, test } from "vitest";
import {
  type CapEntry,
  type CapState,
  emptyCap,
  enter,
  fill,
  isEmpty,
  leave,
  mostWaiting,
  readCap,
  writeCap,
} from "../src/caps/state.ts";
import { capLeaseName } from "../src/manifest/names.ts";
import { jobManifest } from "../src/index.ts";
import type { CapWait, Runner, RunSpec } from "../src/index.ts";
import { makeFolder, startSupervisor } from "./supervisor.ts";
import { describeWorlds, drain, runOf, shell, specOf } from "./world.ts";
import type { World } from "./world.ts";

const entry = (ticket: string, changes: Partial<CapEntry> = {}): CapEntry => ({
  ticket,
  owner: "p1",
  runId: `run-${ticket}`,
  jobName: `job-${ticket}`,
  since: "2026-01-01T00:00:00Z",
  jobUid: null,
  ...changes,
});
const names = ({ running, waiting }: CapState) => [
  running.map(({ ticket }) => ticket).join(","),
  waiting.map(({ ticket }) => ticket).join(","),
];
/** All come with the same limit. */
const after = (limit: number, tickets: readonly string[]): CapState =>
  tickets.reduce((state, ticket) => enter(state, entry(ticket), limit).state, emptyCap);

describe("places under a cap", () => {
  test("are given until there is none left; the others wait in their order", () => {
    expect(names(after(2, ["a", "b", "c", "d"]))).toEqual(["a,b", "c,d"]);
  });

  test("asking again changes nothing, whether it runs or waits", () => {
    const state = after(1, ["a", "b"]);
    for (const ticket of ["a", "b"]) expect(enter(state, entry(ticket), 1).state).toBe(state);
    expect(enter(state, entry("b"), 1).entered).toEqual({ kind: "waiting", position: 1 });
  });

  test("a free place is the first one's, not that of whoever asks first", () => {
    const state = leave(after(1, ["a", "b", "c"]), ({ ticket }) => ticket === "a");
    expect(enter(state, entry("c"), 1).entered).toEqual({ kind: "waiting", position: 2 });
    expect(enter(state, entry("d"), 1).entered).toEqual({ kind: "waiting", position: 3 });
    expect(names(enter(state, entry("b"), 1).state)).toEqual(["b", "c"]);
  });

  test("a line has an end", () => {
    const waiting = Array.from({ length: mostWaiting }, (_, index) => entry(`w${index}`));
    expect(enter({ running: [entry("a")], waiting }, entry("z"), 1).entered).toEqual({ kind: "full" });
  });

  test("a Job fills the place of its ticket, one made anew that of the first", () => {
    const state = after(1, ["a", "b"]);
    const filled = fill(state, { ...entry("a"), jobUid: "u1" }, { limit: 1, replaces: null });
    expect(filled?.running).toMatchObject([{ ticket: "a", jobUid: "u1" }]);
    const again = fill(filled ?? emptyCap, { ...entry("a2"), jobUid: "u2" }, { limit: 1, replaces: "u1" });
    expect(again?.running).toMatchObject([{ ticket: "a2", jobUid: "u2" }]);
  });

  test("a place that was taken away is filled only where there is another", () => {
    const state = after(1, ["b"]);
    expect(fill(state, { ...entry("a"), jobUid: "u1" }, { limit: 1, replaces: null })).toBeNull();
    expect(fill(state, { ...entry("a"), jobUid: "u1" }, { limit: 2, replaces: null })?.running).toHaveLength(
      2,
    );
  });

  test("what nobody leaves stays as it is, to the object", () => {
    const state = after(1, ["a"]);
    expect(leave(state, () => false)).toBe(state);
    expect(isEmpty(leave(state, () => true))).toBe(true);
  });

  test("what is kept is read again, and what somebody else has written there is left out", () => {
    const state = after(1, ["a", "b"]);
    expect(readCap(writeCap(state))).toEqual(state);
    for (const text of [undefined, "", "[]", "null", '{"running":7,"waiting":[null,{"ticket":1}]}'])
      expect(readCap(text)).toEqual(emptyCap);
  });
});

/** A run on a real cluster takes seconds, and here they wait for one another. */
const patient = { timeout: 240_000 };

describeWorlds("a cap over several processes", (world) => {
  const capped = (name: string, limit: number, command: string, spec: Partial<RunSpec> = {}): RunSpec =>
    specOf(world(), { cap: { name, limit }, command: shell(command), ...spec });
  const start = async (runner: Runner, spec: RunSpec, waits: CapWait[] = []) =>
    runOf(await runner.start(spec, { onCap: (wait) => waits.push(wait) }));
  const complete = async (runner: Runner, spec: RunSpec): Promise<void> => {
    const { run } = await drain(await start(runner, spec));
    await run.cleanUp({ keepJobSeconds: 0 });
  };

  test.concurrent("is never exceeded, and everybody has a turn", patient, async () => {
    const runners = Array.from({ length: 5 }, () => world().runner());
    const specs = Array.from({ length: 10 }, () => capped("five", 3, "sleep 0.5"));
    const watching = watchLive(world(), specs);
    await Promise.all(specs.map((spec, index) => complete(runners[index % 5]!, spec)));
    const seen = await watching.end();
    expect(seen.most).toBeLessThanOrEqual(3);
    expect(seen.jobs).toBe(10);
    expect(await leaseOf(world(), "five")).toBeNull();
  });

  test.concurrent(
    "who waits is told how many are before it and which, and nothing of it is in the cluster",
    patient,
    async () => {
      const [one, two] = [world().runner(), world().runner()];
      const waits: CapWait[] = [];
      const abort = new AbortController();
      const slow = await start(one, capped("told-2", 1, "sleep 30", { runId: "r0" }));
      const second = capped("told-2", 1, "true", { runId: "r2" });
      const waiting = two
        .start(second, {
          signal: abort.signal,
          onCap(wait) {
            waits.push(wait);
            abort.abort(new Error("seen"));
          },
        })
        .catch((error: unknown) => error);
      expect(await waiting).toEqual(new Error("seen"));
      expect(waits).toMatchObject([{ position: 1, limit: 1, running: [{ runId: "r0" }], ahead: [] }]);
      const job = await world().cluster.get("jobs", second.namespace, jobNameFor(second));
      expect(job.kind).toBe("error");
      // Its place in the line is given back.
      expect(await leaseOf(world(), "told-2")).toMatchObject({ waiting: [] });
      await slow.stop({ graceSeconds: 0 });
    },
  );

  test.concurrent("a place is free when the Job is over, also where nobody cleans up", patient, async () => {
    const [one, two] = [world().runner(), world().runner()];
    await drain(await start(one, capped("left", 1, "true")));
    const next = await drain(await start(two, capped("left", 1, "echo next")));
    expect(next.output).toBe("next\n");
  });

  test.concurrent(
    "a run that lives has its place, also after somebody has removed the object that says so",
    patient,
    async () => {
      const [one, two] = [world().runner(), world().runner()];
      const slow = await start(one, capped("removed", 1, "sleep 30", { runId: "r1" }));
      const { cluster, namespace } = world();
      await cluster.delete("leases", namespace, capLeaseName("removed"), {});
      const waits: CapWait[] = [];
      const late = capped("removed", 1, "true", { budgets: { queueSeconds: 1 } });
      const refused = await two.start(late, { onCap: (wait) => waits.push(wait) });
      expect(refused).toMatchObject({ kind: "refused", failure: { kind: "queue-timeout" } });
      expect(waits[0]).toMatchObject({ position: 1, running: [{ runId: "r1" }] });
      await slow.stop({ graceSeconds: 0 });
    },
  );

  test.concurrent("a limit of time is kept", patient, async () => {
    const runner = world().runner();
    const slow = await start(runner, capped("late", 1, "sleep 30"));
    const late = await runner.start(capped("late", 1, "true", { budgets: { queueSeconds: 1 } }));
    expect(late).toMatchObject({ kind: "refused", failure: { kind: "queue-timeout", queueName: "late" } });
    await slow.stop({ graceSeconds: 0 });
  });

  test.concurrent(
    "a process that died while its run goes on keeps the place; whoever takes the run over gives it back",
    patient,
    async ({ onTestFinished }) => {
      const spoolFolder = await makeFolder(onTestFinished);
      const spec = capped("dead", 1, "echo up; sleep 12; echo done");
      const { kubeconfig } = world();
      const first = startSupervisor({ kubeconfig, spec, spoolFolder, cleanUp: false }, onTestFinished);
      await first.news("output", () => first.output().includes("up\n"));
      await first.kill();
      const waits: CapWait[] = [];
      const other = start(world().runner(), capped("dead", 1, "echo next"), waits);
      const adopted = await world()
        .runner()
        .start({ ...spec, runId: "again" }, { waitSeconds: 60 });
      expect(adopted.kind).toBe("adopted");
      const ended = await drain(runOf(adopted));
      expect(ended.output).toBe("up\ndone\n");
      expect(waits.at(-1)).toMatchObject({ running: [{ jobName: ended.run.ref.jobName }] });
      await ended.run.cleanUp({ keepJobSeconds: 0 });
      expect((await drain(await other)).output).toBe("next\n");
    },
  );

  test.concurrent("a process that died while it waited holds nobody up", patient, async () => {
    const { namespace } = world();
    const runner = world().runner();
    const slow = await start(runner, capped("ghost", 1, "sleep 3"));
    const path = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases/${capLeaseName("ghost")}`;
    const state = (await leaseOf(world(), "ghost")) as CapState;
    const ghosts = Array.from({ length: 7 }, (_, index) => entry(`g${index}`, { owner: `nobody-${index}` }));
    const annotations = { "claude-k8s.io/cap-state": writeCap({ ...state, waiting: ghosts }) };
    expect((await world().request("PATCH", path, { metadata: { annotations } })).status).toBe(200);
    await drain(slow);
    const next = await drain(await start(world().runner(), capped("ghost", 1, "echo next")));
    expect(next.output).toBe("next\n");
  });

  test.concurrent("without Leases there is no cap, and no run", patient, async () => {
    const forbidden = {
      kind: "error",
      error: {
        kind: "forbidden",
        httpStatus: 403,
        reason: "Forbidden",
        message: 'leases is forbidden: User "x" cannot get resource "leases"',
        causes: [],
        retryAfterSeconds: null,
      },
    } as const;
    const { cluster } = world();
    const limited: typeof cluster = {
      ...cluster,
      get: (resource, ...rest) =>
        resource === "leases" ? Promise.resolve(forbidden) : cluster.get(resource, ...rest),
    };
    expect(
      await world()
        .runner({ cluster: limited })
        .start(capped("none", 1, "true")),
    ).toMatchObject({
      kind: "refused",
      failure: { kind: "forbidden", resource: "leases" },
    });
  });
});

function jobNameFor(spec: RunSpec): string {
  return jobManifest(spec).metadata?.name ?? "";
}

async function leaseOf(world: World, cap: string): Promise<CapState | null> {
  const lease = await world.cluster.get("leases", world.namespace, capLeaseName(cap));
  if (lease.kind === "error") return null;
  return readCap(lease.value.metadata?.annotations?.["claude-k8s.io/cap-state"]);
}

/** By the API server's own order of events: Jobs that were released and have not finished. */
function watchLive(world: World, specs: readonly RunSpec[]) {
  const own = new Set(specs.map(jobNameFor));
  const stopping = new AbortController();
  const seen = new Set<string>();
  const live = new Set<string>();
  let most = 0;
  const { cluster, namespace } = world;
  const reading = (async () => {
    const listed = await cluster.list("jobs", namespace, {});
    if (listed.kind === "error") throw new Error(listed.error.message);
    const { resourceVersion } = listed.value;
    const options = { resourceVersion, timeoutSeconds: 3600, silenceMilliseconds: 600_000 };
    const watch = await cluster.watch("jobs", namespace, options, { signal: stopping.signal });
    if (watch.kind === "error") throw new Error(watch.error.message);
    for await (const signal of watch.value) {
      if (!("object" in signal) || !own.has(signal.object.metadata?.name ?? "")) continue;
      const uid = signal.object.metadata?.uid ?? "";
      const finished = (signal.object.status?.conditions ?? []).some(
        ({ type, status }) => (type === "Complete" || type === "Failed") && status === "True",
      );
      seen.add(uid);
      if (signal.type === "deleted" || finished) live.delete(uid);
      else if (signal.object.spec?.suspend !== true) live.add(uid);
      most = Math.max(most, live.size);
    }
  })().catch((error: unknown) => {
    if (!stopping.signal.aborted) throw error;
  });
  return {
    async end() {
      stopping.abort(new Error("over"));
      await reading;
      return { most, jobs: seen.size };
    },
  };
}
