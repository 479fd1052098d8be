/** The part of Paperclip that a run sees: a context, callbacks that keep what they are given, and what it does after a restart. */

import { appendFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import type { SupervisorTask } from "../../k8s-runner/soak/task.ts";
import { execute } from "../src/execute.ts";
import type { ExecuteDependencies } from "../src/execution.ts";
import type { ExecutionContext, ExecutionResult } from "../src/host/contract.ts";
import type { TurnPlan } from "./program.ts";
import type { TurnRecords, TurnResult } from "./records.ts";
import type { TaskShape, TurnShape } from "./shape.ts";
import { differenceOf, readJournal, seedTree, writeTree } from "./tree.ts";

export interface HostOfTask {
  readonly task: SupervisorTask;
  readonly shape: TaskShape;
  readonly turns: TurnRecords;
  /** At each call of the host's. */
  readonly called: () => void;
  /** A run did not begin, and is called for again. */
  readonly refused: (message: string) => void;
  /** Paperclip's. */
  readonly home: string;
  readonly dependencies: ExecuteDependencies;
}

export const company = "company-of-the-soak";
/** Where the program lies in the pods. */
export const programPath = "/soak-program";
export const programConfigMap = "soak-program";

export function workspaceOf(home: string, slot: string): string {
  return join(home, "instances", "default", "workspaces", slot);
}

/** All its runs that have no result yet, one after the other. */
export async function runTask(given: HostOfTask): Promise<void> {
  const { shape, turns, home } = given;
  const workspace = workspaceOf(home, shape.slot);
  if (!existsSync(workspace)) writeTree(workspace, seedTree(shape.slot));
  let before: TurnResult | null = null;
  for (const turn of shape.turns) {
    before = turns.result(shape.slot, turn.turn) ?? (await runTurn(given, turn, before));
  }
}

/** The host calls again for what never began where its error is one that passes: here it is a cluster out of reach. */
function isCalledAgain({ errorFamily, executionRecovery }: ExecutionResult): boolean {
  return errorFamily === "transient_upstream" && executionRecovery?.kind === "bootstrap";
}

async function runTurn(given: HostOfTask, turn: TurnShape, before: TurnResult | null): Promise<TurnResult> {
  const { shape, turns, home } = given;
  const { slot } = shape;
  const calls = turns.calls(slot, turn.turn);
  const outputPath = turns.begin(slot, turn.turn, calls);
  const events: string[] = [];
  const cancel = new AbortController();
  const stop = (): void => {
    if (cancel.signal.aborted) return;
    turns.noteStop(slot, turn.turn);
    cancel.abort(new Error("Cancelled by a person"));
  };
  const impatience = createImpatience(turn, stop);
  const context = contextOf(given, { turn, before, calls, outputPath, events, cancel, stop, impatience });
  const result = await execute(context, given.dependencies);
  impatience.end();
  if (isCalledAgain(result)) {
    given.refused(result.errorMessage ?? "");
    return runTurn(given, turn, before);
  }
  const workspace = workspaceOf(home, slot);
  const done = readJournal(workspace).filter((entry) => entry.turn === turn.turn);
  const told: TurnResult = {
    slot,
    turn: turn.turn,
    result,
    outputPath,
    calls: calls + 1,
    difference: shape.keeps === "copied" ? differenceOf(slot, workspace) : null,
    steps: done.at(-1)?.step ?? -1,
    events,
  };
  turns.writeResult(told);
  return told;
}

interface Call {
  readonly turn: TurnShape;
  readonly before: TurnResult | null;
  /** Of `execute`, for this run, by processes that were killed. */
  readonly calls: number;
  readonly outputPath: string;
  readonly events: string[];
  readonly cancel: AbortController;
  readonly stop: () => void;
  readonly impatience: Impatience;
}

interface Impatience {
  /** It works from now on. */
  begin(): void;
  end(): void;
}

/** What it prints last may be rotated away before anybody has read it, and whoever waits for it would never stop it. */
function createImpatience(turn: TurnShape, stop: () => void): Impatience {
  const printing = Math.ceil(turn.lines / turn.linesABurst) * turn.burstMilliseconds;
  let timer: NodeJS.Timeout | null = null;
  let ended = false;
  return {
    begin() {
      if (turn.ending === "stop" && !ended) timer ??= setTimeout(stop, 2 * printing + 15_000);
    },
    end() {
      ended = true;
      if (timer !== null) clearTimeout(timer);
    },
  };
}

const keptEvents = 60;

function contextOf(given: HostOfTask, call: Call): ExecutionContext {
  const { shape, home, called } = given;
  const { turn, before, calls, outputPath, events, cancel, stop, impatience } = call;
  const { slot } = shape;
  const folder = workspaceOf(home, slot);
  // It shows all of the output but the result.
  const lastFrame = `"uuid":"${turn.turn}-${turn.lines - 2}"`;
  return {
    runId: `${slot}-${turn.turn}-${calls}`,
    agent: {
      id: slot,
      companyId: company,
      name: "Agent of the soak",
      adapterType: "claude_k8s",
      adapterConfig: {},
    },
    runtime: { ...sessionOf(before?.result ?? null), taskKey: slot },
    config: settingsOf(given, turn),
    context: {
      issueId: slot,
      taskId: slot,
      // The server is there again, and the adapter has called for somebody who goes on with the run.
      wakeReason: calls === 0 ? "issue_assigned" : "claude_k8s_run_outlived_server",
      paperclipWake: null,
      paperclipWorkspace: { cwd: folder, source: "agent_home", agentHome: folder },
    },
    authToken: ["soak", "run", "token", slot, String(turn.turn)].join("."),
    signal: cancel.signal,
    onCancellationReady: async () => undefined,
    onDispatch: () => undefined,
    onLog: async (_stream, chunk) => {
      called();
      appendFileSync(outputPath, chunk);
      if (turn.ending === "stop" && chunk.includes(lastFrame)) stop();
    },
    onEvent: async ({ eventType, message = "" }) => {
      called();
      if (eventType === "k8s.container-started") impatience.begin();
      events.push(`${new Date().toISOString().slice(11, 23)} ${eventType}: ${message}`.slice(0, 200));
      if (events.length > keptEvents) events.shift();
      appendFileSync(`${outputPath}.events`, `${events.at(-1)}\n`);
    },
    onMeta: async () => undefined,
    onRuntimeProgress: () => undefined,
  };
}

function sessionOf(result: ExecutionResult | null): ExecutionContext["runtime"] {
  const params = result?.sessionParams ?? null;
  const sessionId = result?.clearSession === true ? null : (result?.sessionId ?? null);
  return { sessionId, sessionParams: params, sessionDisplayId: sessionId, taskKey: null };
}

function settingsOf({ task, shape }: HostOfTask, turn: TurnShape): Record<string, unknown> {
  const plan: TurnPlan = {
    ...turn,
    slot: shape.slot,
    transcripts: "-workspace",
    marks: task.exec?.directory == null ? null : join(task.folder, "marks"),
  };
  const hostPath =
    task.exec?.directory == null ? "/usr/local/bin:/usr/bin:/bin" : (process.env["PATH"] ?? "");
  const podTemplate = {
    spec: {
      volumes: [{ name: "soak", configMap: { name: programConfigMap, defaultMode: 0o555 } }],
      containers: [
        {
          name: "main",
          env: [
            { name: "PATH", value: `${programPath}:${hostPath}` },
            { name: "SOAK_PROGRAM", value: programPath },
          ],
          volumeMounts: [{ name: "soak", mountPath: programPath }],
        },
      ],
    },
  };
  // As a form stores them, through JSON.
  return JSON.parse(
    JSON.stringify({
      kubeconfig: task.kubeconfigPath,
      namespace: task.namespace,
      image: task.image,
      imagePullPolicy: "IfNotPresent",
      "resources.requests.cpu": "10m",
      "resources.requests.memory": "64Mi",
      "resources.limits.memory": "192Mi",
      podTemplate: JSON.stringify(podTemplate),
      busyWaitSec: 60,
      graceSec: 5,
      retain: "never",
      paperclipRuntimeSkills: [],
      workspaceMode: shape.keeps === "copied" ? "copied" : "empty",
      sessionMode: shape.keeps === "plain" ? "home" : "copied",
      recordOutput: shape.recorded,
      env: {
        SOAK_PLAN: JSON.stringify(plan),
        ANTHROPIC_API_KEY: ["sk", "ant", "soak", shape.slot].join("-"),
      },
    }),
  ) as Record<string, unknown>;
}
