import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import path from "node:path";
import { expect, test, vi } from "vitest";
import { createSystemClock, createVirtualClock, startLocalCluster } from "../src/index.ts";
import type { ClusterClock } from "../src/index.ts";
import { apiOf, finished, jobBody, jobsPath, podsPath, until, ended, podBody } from "./support/api.ts";
import type { Stream } from "./support/api.ts";

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test("close leaves no process, no socket and no file", async () => {
  const cluster = await startLocalCluster();
  const api = apiOf(cluster);
  await api.call("POST", podsPath, podBody("long", { command: ["sh", "-c", "sleep 300 & wait"] }));
  await until(api, podsPath, "long", (pod) => pod?.status.phase === "Running");
  const { processes, directory } = cluster.inspect();
  expect(processes).toHaveLength(1);
  await cluster.close();
  expect(processes.map(({ pid }) => isAlive(pid))).toEqual([false]);
  expect(existsSync(directory)).toBe(false);
  await expect(api.call("GET", "/version")).rejects.toThrow(/ECONNREFUSED|socket|ECONNRESET/u);
  api.close();
});

test("a pod that is deleted between its end and its containers' last states leaves no timer for its grace", async () => {
  const graceSeconds = 86_400;
  const clock = createSystemClock();
  const waits = new Set<number>();
  const counting: ClusterClock = {
    ...clock,
    after(milliseconds, callback) {
      if (milliseconds === graceSeconds * 1000) waits.add(milliseconds);
      const cancel = clock.after(milliseconds, callback);
      return () => {
        waits.delete(milliseconds);
        cancel();
      };
    },
  };
  await using cluster = await startLocalCluster({ clock: counting });
  cluster.kubelet.delayTerminated(500);
  const api = apiOf(cluster);
  const spec = { terminationGracePeriodSeconds: graceSeconds };
  await api.call("POST", podsPath, podBody("short", { command: ["true"] }, spec));
  await until(api, podsPath, "short", (pod) => pod?.status.phase === "Succeeded");
  await api.call("DELETE", `${podsPath}/short`);
  // Its files go after everything else of it.
  const { directory } = cluster.inspect();
  const logs = path.join(directory, "logs");
  await vi.waitUntil(() => readdirSync(logs).length === 0, { timeout: 10_000 });
  expect([...waits]).toEqual([]);
  api.close();
});

test("a test process that is killed takes its containers and files along", async () => {
  const script = fileURLToPath(new URL("support/abandoned-cluster.ts", import.meta.url));
  const child = spawn(process.execPath, ["--conditions=@claude-k8s/source", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const { pid, directory } = await new Promise<{ pid: number; directory: string }>((resolve) => {
    child.stdout.once("data", (bytes: Buffer) => resolve(JSON.parse(bytes.toString("utf8"))));
  });
  expect(isAlive(pid)).toBe(true);
  const watched = new Promise((resolve) => child.once("close", resolve));
  child.kill("SIGKILL");
  await watched;
  // The shell that cleans up tells nobody when it is done.
  await expect.poll(() => isAlive(pid) || existsSync(directory), { timeout: 10_000 }).toBe(false);
});

// Without a collection the heap tells how much was made, not how much is kept.
setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

const soakJobs = Number(process.env["SOAK_JOBS"] ?? 1000);

test("many Jobs in one process leave memory, handles and files where they were", async () => {
  const clock = createVirtualClock({ rate: 50 });
  const cluster = await startLocalCluster({
    clock,
    containers: () => ({
      steps: Array.from({ length: 5 }, (_, index) => ({ afterMilliseconds: 200, stdout: `line ${index}\n` })),
    }),
    nodes: [{ name: "node-1", pods: 200 }],
    // Short: up to twice as many events are kept, and how many just then would be the largest part of the difference.
    watchHistoryLimit: 50,
  });
  const api = apiOf(cluster);
  async function allFinished(watch: Stream, names: readonly string[]): Promise<void> {
    const done = new Set<string>();
    let read = 0;
    while (!names.every((name) => done.has(name))) {
      const lines = await watch.lines(read + 1);
      for (const line of lines.slice(read)) {
        const { object } = JSON.parse(line);
        if (finished(object)) done.add(object.metadata.name);
      }
      read = lines.length;
    }
  }
  async function runBatch(from: number, count: number): Promise<void> {
    for (let start = from; start < from + count; start += 50) {
      const names = Array.from({ length: 50 }, (_, index) => `soak-${start + index}`);
      // One for each batch: this side keeps every line of a stream, which must not count as the cluster's memory.
      const watch = await api.stream(`${jobsPath}?watch=true`);
      await Promise.all(
        names.map((name) => api.call("POST", jobsPath, jobBody(name, { command: ["true"] }))),
      );
      await allFinished(watch, names);
      watch.close();
      const pods = (await api.call("GET", podsPath)).json.items;
      await Promise.all(
        names.map(async (name) => {
          // oxlint-disable-next-line typescript/no-explicit-any
          const pod = pods.find((entry: any) => entry.metadata.labels["job-name"] === name);
          const log = await api.call("GET", `${podsPath}/${pod.metadata.name}/log`);
          expect(log.text).toBe("line 0\nline 1\nline 2\nline 3\nline 4\n");
          await api.call("DELETE", `${jobsPath}/${name}`, { propagationPolicy: "Foreground" });
        }),
      );
    }
  }
  const handles = () => process.getActiveResourcesInfo().length;
  /** Behind an hour, when Events of before are forgotten, and one more batch, which makes the cluster notice. */
  const memoryAfter = async (firstOfBatch: number) => {
    await clock.advance(3_700_000);
    await runBatch(firstOfBatch, 50);
    await expect.poll(() => cluster.inspect().objects["pods"] ?? 0).toBe(0);
    collectGarbage();
    return process.memoryUsage().heapUsed;
  };
  await runBatch(0, 100);
  const before = { heap: await memoryAfter(100), handles: handles() };
  await runBatch(150, soakJobs);
  const grownBytes = (await memoryAfter(150 + soakJobs)) - before.heap;
  const after = cluster.inspect();
  expect(after.objects["jobs"] ?? 0).toBe(0);
  expect(readdirSync(after.directory, { recursive: true })).toEqual(["logs"]);
  // Measured: 1.5 MB after 1,000 Jobs and 0.2 MB after 4,000. It is compiled code and the like, nothing of a Job: one with
  // its pod takes more than 6 kB in the store alone.
  expect(grownBytes).toBeLessThan(3_000_000);
  expect(handles() - before.handles).toBeLessThan(10);
  await cluster.close();
  clock.stop();
  api.close();
}, 300_000);

test("closing twice is closing once", async () => {
  const cluster = await startLocalCluster();
  await Promise.all([cluster.close(), cluster.close()]);
  await cluster.close();
  expect(cluster.inspect().processes).toEqual([]);
});

test("a taken port is told as the system tells it", async () => {
  const first = await startLocalCluster();
  const port = Number(new URL(first.url).port);
  await expect(startLocalCluster({ port })).rejects.toMatchObject({ code: "EADDRINUSE" });
  await first.close();
});

test("a container ended by the cluster's close does not report", async () => {
  const cluster = await startLocalCluster();
  const api = apiOf(cluster);
  await api.call("POST", podsPath, podBody("quick", { command: ["true"] }));
  const pod = await until(api, podsPath, "quick", ended);
  expect(pod.status.phase).toBe("Succeeded");
  await cluster.close();
  api.close();
});
