/** What a real cluster showed → the runner's tables → the diagnosis, without a cluster. */
import { readdirSync, readFileSync } from "node:fs";
import { diagnose } from "@claude-k8s/diagnostics";
import { describe, expect, test } from "vitest";
import type { ClusterEvent, Job, Node, Pod } from "../../k8s-runner/src/cluster/wire.ts";
import { defaultBudgets } from "../../k8s-runner/src/manifest/supervision.ts";
import { endingOf } from "../../k8s-runner/src/observe/ending.ts";
import { eventEvidence, nodeEvidence } from "../../k8s-runner/src/observe/evidence.ts";
import { startFailure, startPhase } from "../../k8s-runner/src/observe/start-phase.ts";
import { timingsOf, viewOf } from "../../k8s-runner/src/observe/view.ts";
import type { RunExit } from "@claude-k8s/k8s-runner";
import { clusterEndings as expected } from "../../diagnostics/test/cluster-endings.ts";

interface Captured {
  readonly job: Job | null;
  readonly pod: Pod | null;
  readonly podDeleted: boolean;
  readonly jobDeleted: boolean;
  readonly events: readonly ClusterEvent[];
  readonly node: Node | null;
  readonly logsAfter: unknown;
}

const folder = new URL("../../diagnostics/test/fixtures/cluster/", import.meta.url);
const captured = readdirSync(folder).map((file) => file.replace(/\.json$/, ""));
const main = "agent";
const budgets = { ...defaultBudgets, queueSeconds: 3600 };
const supervision = { graceSeconds: 30, deadlineSeconds: null, budgets, queueName: null };

function read(name: string): Captured {
  return JSON.parse(readFileSync(new URL(`${name}.json`, folder), "utf8")) as Captured;
}

/** The runner's verdict on the last that was seen; where the run would wait for ever, after its budget. */
function exitOf(seen: Captured): RunExit | null {
  const view = viewOf(seen.job, seen.pod === null ? [] : [seen.pod], main, null);
  const node = seen.node === null ? null : nodeEvidence(seen.node);
  const events = seen.events.map(eventEvidence);
  const found = { job: !seen.jobDeleted, pod: seen.pod !== null && !seen.podDeleted };
  const phase = startPhase(view, supervision);
  const ending =
    endingOf(view, { main, stopped: false, node, found }) ??
    (phase === null
      ? null
      : ({
          kind: "failed",
          failure: startFailure(phase, view, supervision, phase.budgetSeconds ?? 0, events),
          started: false,
          exitCode: null,
          signal: null,
        } as const));
  if (ending === null) return null;
  return {
    ...ending,
    evidence: {
      namespace: view.job?.namespace ?? "",
      jobName: view.job?.name ?? "",
      pod: view.pod,
      otherPods: view.otherPods,
      job: view.job,
      events,
      node,
      lastLines: linesOf(seen.logsAfter),
      gaps: [],
      logComplete: true,
      outputBytes: 0,
      timings: timingsOf(view, main),
      unavailable: [],
    },
  };
}

function linesOf(logs: unknown): readonly string[] {
  const body = (logs as { readonly body?: unknown } | null)?.body ?? logs;
  return (typeof body === "string" ? body : "")
    .split("\n")
    .map((line) => line.replace(/^\d{4}-\d\d-\d\dT\S+Z /, ""))
    .filter((line) => line !== "")
    .slice(-20);
}

describe("every ending that the real cluster was made to show", () => {
  test("is expected here", () => {
    expect(captured.filter((name) => !(name in expected))).toEqual([]);
  });

  test.each(captured.filter((name) => name in expected))("%s", (name) => {
    const exit = exitOf(read(name));
    const { code, says = [], suspected, family, bootstrap, note } = expected[name] ?? { code: null };
    const silent = { frames: 0, inits: 0, contentSeen: false, result: null, lastAssistant: null };
    const diagnosis =
      exit === null ? null : diagnose({ exit, summary: { ...silent, noise: exit.evidence.lastLines } });
    expect(diagnosis?.code ?? null).toBe(code);
    for (const words of says) expect(diagnosis?.cause).toContain(words);
    expect(diagnosis?.certainty ?? "certain").toBe(suspected === true ? "suspected" : "certain");
    expect(diagnosis?.family ?? null).toBe(family ?? null);
    expect(diagnosis?.bootstrap ?? false).toBe(bootstrap ?? false);
    expect(diagnosis?.notes.map((entry) => entry.code) ?? []).toEqual(note === undefined ? [] : [note]);
    expect(diagnosis?.key ?? "").not.toMatch(/run-[a-z0-9]{5}\b|node-1/);
  });

  test("a result that says success stands over all of them but the process's own other exit", () => {
    const result = { subtype: "success", isError: false, terminalReason: "completed", text: "Done." };
    const summary = { frames: 3, inits: 1, contentSeen: true, result };
    const endings = captured.flatMap((name) => {
      const exit = exitOf(read(name));
      return exit === null ? [] : [{ name, exit, told: diagnose({ exit, summary }) }];
    });
    const ownExit = ({ exit }: (typeof endings)[number]): boolean =>
      exit.kind === "exited" && exit.signal === null && exit.exitCode !== 0;
    const wrong = endings.filter((ending) => (ending.told.outcome === "success") === ownExit(ending));
    expect(wrong.map(({ name }) => name)).toEqual([]);
    const contradicted = endings.filter(({ told }) =>
      told.notes.some(({ code }) => code === "result_contradicted"),
    );
    expect(contradicted.map(({ name }) => name)).toEqual(endings.filter(ownExit).map(({ name }) => name));
  });
});
