/** The process of the 500 follows: measures itself and prints a `FollowsReport` as JSON. The kubeconfig comes on standard input. */

import { readFileSync } from "node:fs";
import { connect, createRunner } from "../src/index.ts";
import { systemClock } from "../src/clock.ts";
import { createLogFollower } from "../src/logs/follower.ts";
import { FOLLOWED_LINES, FOLLOWS, followedLine } from "./follows-task.ts";
import type { FollowsReport, FollowsTask } from "./follows-task.ts";

/** What one follow brought. */
interface Followed {
  output: string;
  polled: boolean;
  gaps: number;
}

const task = JSON.parse(process.argv[2] ?? "{}") as FollowsTask;
const cluster = await connect({ kubeconfig: readFileSync(0, "utf8") });
const runner = createRunner({ cluster });
const abort = new AbortController();
const idleBytes = process.memoryUsage.rss();
const measured = measure();
const results = await Promise.all(
  Array.from({ length: FOLLOWS }, (_, index) =>
    task.pods.length === 0 ? followRun(index) : followPod(index),
  ),
);
const costs = measured();
abort.abort(new Error("over"));
await runner.close();
await cluster.close();
const whole = Array.from({ length: FOLLOWED_LINES }, (_, index) => `${followedLine(index)}\n`).join("");
const report: FollowsReport = {
  ...costs,
  idleBytes,
  polled: results.filter(({ polled }) => polled).length,
  whole: results.filter(({ output }) => output === whole).length,
  gaps: results.reduce((sum, { gaps }) => sum + gaps, 0),
};
process.stdout.write(JSON.stringify(report));

/** Looks twice a second; the processor's time is taken between a sixth and the end of the time, when all are followed. */
function measure(): () => Pick<FollowsReport, "connections" | "residentBytes" | "coreShare"> {
  let connections = 0;
  let residentBytes = 0;
  const begun = performance.now();
  let steady: { at: number; cpu: NodeJS.CpuUsage } | null = null;
  const timer = setInterval(() => {
    const resources = process.getActiveResourcesInfo();
    connections = Math.max(connections, resources.filter((name) => name === "TCPSocketWrap").length);
    residentBytes = Math.max(residentBytes, process.memoryUsage.rss());
    if (steady === null && performance.now() - begun > 15_000)
      steady = { at: performance.now(), cpu: process.cpuUsage() };
  }, 500);
  return () => {
    clearInterval(timer);
    const from = steady ?? { at: begun, cpu: { user: 0, system: 0 } };
    const { user, system } = process.cpuUsage(from.cpu);
    return { connections, residentBytes, coreShare: (user + system) / 1000 / (performance.now() - from.at) };
  };
}

async function followRun(index: number): Promise<Followed> {
  const followed: Followed = { output: "", polled: false, gaps: 0 };
  const start = await runner.start({
    namespace: task.namespace,
    slot: `follow-${index}`,
    runId: `follow-${index}`,
    image: "lab/base:1",
    command: ["none"],
  });
  if (start.kind !== "started") throw new Error(`the run did not start: ${JSON.stringify(start)}`);
  const { run } = start;
  const listening = (async () => {
    for await (const event of run.events) if (event.type === "log-polling") followed.polled = true;
  })();
  for await (const chunk of run.output) followed.output += Buffer.from(chunk).toString();
  followed.gaps = (await run.exit).evidence.gaps.length;
  await run.cleanUp({ keepJobSeconds: 0 });
  await listening;
  return followed;
}

async function followPod(index: number): Promise<Followed> {
  const followed: Followed = { output: "", polled: false, gaps: 0 };
  const pod = task.pods[index % task.pods.length] as FollowsTask["pods"][number];
  const follower = createLogFollower({
    source: cluster.logs,
    target: { namespace: task.namespace, ...pod, container: "agent" },
    verify: async () => verify(pod.podName),
    onEvent: ({ type }) => {
      if (type === "log-polling") followed.polled = true;
      if (type === "gap") followed.gaps++;
    },
    clock: systemClock,
    random: Math.random,
    signal: abort.signal,
  });
  for await (const chunk of follower.output) followed.output += Buffer.from(chunk).toString();
  return followed;
}

async function verify(podName: string): Promise<"running" | "terminated" | "unknown"> {
  const pod = await cluster.get("pods", task.namespace, podName);
  if (pod.kind === "error") return "unknown";
  return pod.value.status?.containerStatuses?.[0]?.state?.terminated === undefined ? "running" : "terminated";
}
