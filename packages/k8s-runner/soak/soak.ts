/**
 * `pnpm soak [--runs 24] [--lines 600] [--supervisors 3] [--seed N] [--kills 8] [--rotate BYTES] [--kubeconfig PATH]`
 *
 * Runs on a local cluster, or on the one of the kubeconfig, behind a proxy that breaks what passes; the supervisors are
 * processes of their own and are killed at random. Every run must end as it did, and its output must be whole.
 */

import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { randomInt } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { startFaultProxy, startLocalCluster } from "@claude-k8s/local-cluster";
import { connect } from "../src/index.ts";
import { faultPlan } from "./faults.ts";
import type { SlotResult, SupervisorTask } from "./supervisor.ts";
import { BURST_MILLISECONDS, LINES_A_BURST, judge, lineOf } from "./workload.ts";

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "24" },
    lines: { type: "string", default: "600" },
    supervisors: { type: "string", default: "3" },
    seed: { type: "string", default: String(randomInt(2 ** 31)) },
    kills: { type: "string", default: "8" },
    strength: { type: "string", default: "1" },
    /** Bytes at which the local cluster rotates a log. On a real one: its kubelet's own setting; then say anything but 0. */
    rotate: { type: "string", default: "0" },
    kubeconfig: { type: "string" },
    namespace: { type: "string", default: "default" },
  },
});
const runs = Number(values.runs);
const lines = Number(values.lines);
const supervisors = Number(values.supervisors);
const rotateBytes = Number(values.rotate);
const seed = Number(values.seed);
const folder = mkdtempSync(join(tmpdir(), "claude-k8s-soak-"));
console.log(`seed ${seed}, ${runs} runs of ${lines} lines, ${supervisors} supervisors, files in ${folder}`);

const started = Date.now();
const local =
  values.kubeconfig === undefined
    ? await startLocalCluster({
        kubelet: rotateBytes > 0 ? { logMaxBytes: rotateBytes, logCheckMilliseconds: 3000 } : {},
        containers: () => ({ steps: bursts() }),
      })
    : null;
const target = local?.kubeconfig ?? readFileSync(values.kubeconfig ?? "", "utf8");
const proxy = await startFaultProxy({ target, seed, plan: faultPlan(Number(values.strength)) });
const kubeconfigPath = join(folder, "kubeconfig");
writeFileSync(kubeconfigPath, proxy.kubeconfig, { mode: 0o600 });

const slots = Array.from({ length: runs }, (_, index) => `soak-${seed}-${index}`);
let kills = 0;
const deadline = AbortSignal.timeout(120_000 + runs * lines * 20);
await Promise.all(Array.from({ length: supervisors }, (_, index) => keepSupervised(index)));
const problems = await report();
await proxy.close();
await local?.close();
if (problems === 0) rmSync(folder, { recursive: true });
process.exitCode = problems === 0 ? 0 : 1;

function* bursts(): Generator<{ afterMilliseconds: number; stdout: string }> {
  for (let index = 0; index < lines; index += LINES_A_BURST) {
    const count = Math.min(LINES_A_BURST, lines - index);
    const text = Array.from({ length: count }, (_, offset) => `${lineOf(index + offset)}\n`).join("");
    yield { afterMilliseconds: BURST_MILLISECONDS, stdout: text };
  }
}

/** A process for a share of the slots, started again whenever it was killed. */
async function keepSupervised(index: number): Promise<void> {
  const mine = slots.filter((_, slot) => slot % supervisors === index);
  const task: SupervisorTask = { kubeconfigPath, namespace: values.namespace, folder, slots: mine, lines };
  while (!deadline.aborted) {
    const file = new URL("supervisor.ts", import.meta.url).pathname;
    const child = spawn(process.execPath, ["--conditions=@claude-k8s/source", file, JSON.stringify(task)], {
      stdio: ["ignore", "inherit", "inherit"],
    });
    const ended = Promise.withResolvers<number | null>();
    child.once("exit", (code) => ended.resolve(code));
    const doomed = kills < Number(values.kills);
    if (doomed) kills++;
    const killing = sleep(doomed ? 1500 + Math.random() * 6000 : 2 ** 30, "kill" as const, { ref: false });
    const first = await Promise.race([ended.promise, killing, aborted()]);
    if (first === 0) return;
    if (first === "kill" || first === "deadline") child.kill("SIGKILL");
    await ended.promise;
  }
}

function aborted(): Promise<"deadline"> {
  return new Promise((resolve) => {
    if (deadline.aborted) resolve("deadline");
    deadline.addEventListener("abort", () => resolve("deadline"), { once: true });
  });
}

async function report(): Promise<number> {
  const found: string[] = [];
  const totals = { gaps: 0, lost: 0, fromSpool: 0, adopted: 0 };
  for (const slot of slots) {
    const result = readResult(slot);
    if (result === null) {
      found.push(`${slot}: hangs`);
      continue;
    }
    const mayRotate = values.rotate !== "0";
    const judged = judge(readFileSync(result.outputPath, "utf8"), lines, result.gaps, mayRotate);
    for (const problem of judged.problems) found.push(`${slot}: ${problem}`);
    if (result.exit !== "exited" || result.exitCode !== 0) found.push(`${slot}: ended as ${result.exit}`);
    if (!result.complete) found.push(`${slot}: not read to its end`);
    totals.gaps += result.gaps;
    totals.lost += judged.lost;
    if (result.replay !== null) totals.adopted++;
    if (result.replay === "spool") totals.fromSpool++;
  }
  proxy.heal();
  const left = await leftovers();
  for (const name of left) found.push(`left behind: ${name}`);
  const spooled = readdirSync(folder).includes("spool") ? readdirSync(join(folder, "spool")) : [];
  for (const name of spooled) found.push(`left behind: ${name}`);
  for (const problem of found) console.log(problem);
  console.log(
    `${found.length} problems; ${runs} runs, ${runs * lines} lines, ${proxy.incidents.length} faults, ${kills} kills, ` +
      `${totals.adopted} adopted (${totals.fromSpool} from the spool), ${totals.gaps} gaps, ${totals.lost} lines lost, ` +
      `${Math.round((Date.now() - started) / 1000)} s`,
  );
  const kinds = Map.groupBy(proxy.incidents, ({ fault }) => fault.kind);
  console.log([...kinds].map(([kind, incidents]) => `${kind} ${incidents.length}`).join(", "));
  return found.length;
}

function readResult(slot: string): SlotResult | null {
  try {
    return JSON.parse(readFileSync(join(folder, `${slot}.json`), "utf8")) as SlotResult;
  } catch {
    return null;
  }
}

/** Secrets of this soak; its Jobs are removed in the background. */
async function leftovers(): Promise<string[]> {
  const cluster = await connect({ kubeconfig: target });
  const answer = await cluster.list("secrets", values.namespace, {});
  await cluster.close();
  if (answer.kind === "error") return [`unknown: ${answer.error.message}`];
  return answer.value.items
    .map(({ metadata }) => metadata?.name ?? "")
    .filter((name) => name.includes(`soak-${seed}`));
}
