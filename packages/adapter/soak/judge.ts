/** What is true of one run as the host has it: its output, its ending, what it cost, its files and its session. */

import { readFileSync } from "node:fs";
import type { LogGap } from "@claude-k8s/k8s-runner";
import { judge } from "../../k8s-runner/soak/judge.ts";
import { lineOf, shapeOf } from "../../k8s-runner/soak/shape.ts";
import { frameOf, lineOfStep } from "./program.ts";
import type { TurnPlan } from "./program.ts";
import type { TurnResult } from "./records.ts";
import type { TaskShape, TurnShape } from "./shape.ts";

export interface TurnFacts {
  readonly shape: TaskShape;
  readonly turn: TurnShape;
  readonly told: TurnResult;
  /** Of the run before it; `null`: it is the task's first. */
  readonly before: TurnResult | null;
  /** What calls of `execute` that were killed had given to the host. */
  readonly earlier: readonly string[];
  /** How often a person had it stopped. */
  readonly stops: number;
  /** Containers that were started for it; `null`: not known. */
  readonly starts: number | null;
  readonly rotated: boolean;
}

export interface TurnJudgement {
  readonly problems: readonly string[];
  readonly lines: number;
  readonly gaps: number;
  readonly lost: number;
  readonly neverSeen: number;
  /** Its pod went with the work in it. */
  readonly filesLost: boolean;
}

const codes: Readonly<Record<TurnShape["ending"], string | null>> = {
  success: null,
  failed: "max_turns_exhausted",
  crash: "claude_truncated",
  oom: "k8s_oom_killed",
  evict: "k8s_pod_evicted",
  stop: "cancelled",
};

export function judgeTurn(facts: TurnFacts): TurnJudgement {
  const { shape, turn, told, earlier, starts } = facts;
  const { result } = told;
  const nothing = { lines: 0, gaps: 0, lost: 0, neverSeen: 0, filesLost: false };
  if (result === null) return { ...nothing, problems: [`hangs: ${told.events.slice(-12).join("; ")}`] };
  const output = readOutput(readFileSync(told.outputPath, "utf8"), shape.slot, turn);
  const gaps = gapsOf(result.resultJson);
  const lines = turn.ending === "success" || turn.ending === "failed" ? turn.lines : turn.lines - 1;
  // A node that evicts a pod removes its log: where that was read to, nobody can say.
  const evicted = turn.ending === "evict";
  const judged = judge(output.text, lineShape(turn, evicted ? output.lines : lines), {
    gaps: evicted ? gaps.filter(({ reason }) => reason === "rotated") : gaps,
    truth: null,
    mayRotate: facts.rotated,
    runtimeStopped: false,
    headWasRead: earlier.some((path) => readOutput(readFileSync(path, "utf8"), shape.slot, turn).hasHead),
    readAnew: told.calls > 1,
  });
  const problems = [...judged.problems];
  const missing = judged.lost + judged.neverSeen;
  if (shape.recorded && !evicted && gaps.length + missing > 0)
    problems.push(`recorded, and yet ${missing} lines are missing in ${gaps.length} gaps`);
  const code = codeOf(result.resultJson);
  if (code !== codes[turn.ending] && !isStoppedBefore(facts, code))
    problems.push(
      `ends with ${code ?? "success"} and not ${codes[turn.ending] ?? "success"}: ${result.errorMessage ?? ""}`,
    );
  const tokens = 2 * (turn.lines - 2);
  if (missing === 0 && !evicted && result.usage?.outputTokens !== tokens)
    problems.push(`${result.usage?.outputTokens ?? "no"} tokens of output and not ${tokens}`);
  const filesLost = notesOf(result.resultJson).includes("workspace_not_returned");
  if (filesLost && !evicted) problems.push("what it left was not returned");
  if (told.difference !== null) problems.push(`its files are wrong: ${told.difference}`);
  if (shape.keeps === "copied" && !filesLost) problems.push(...missingSteps(turn, told, output.lines));
  problems.push(...sessionProblems(facts, output));
  // Its Job may be gone when its result was not yet written down.
  const wasWhole = earlier.some(
    (path) => readOutput(readFileSync(path, "utf8"), shape.slot, turn).lines >= lines,
  );
  if ((starts ?? 1) > 1 && !wasWhole) problems.push(`its container was started ${starts} times`);
  return {
    problems,
    lines,
    gaps: gaps.length,
    lost: judged.lost,
    neverSeen: judged.neverSeen,
    filesLost,
  };
}

/** The server that was asked to stop it was killed when it had: the next one sees a command that somebody has ended. */
function isStoppedBefore({ turn, earlier, stops }: TurnFacts, code: string | null): boolean {
  const ended = code === "claude_truncated" || code === "claude_killed";
  return turn.ending === "stop" && earlier.length > 0 && stops > 0 && ended;
}

/** A run's work that came back has all that it had said it did. */
function missingSteps(turn: TurnShape, { steps }: TurnResult, lines: number): string[] {
  const due = Array.from({ length: turn.steps }, (_, step) => step).filter(
    (step) => lineOfStep(turn, step) < lines,
  ).length;
  return steps < due ? [`it had made ${due} changes, of which ${steps} came back`] : [];
}

function sessionProblems({ shape, before, told }: TurnFacts, output: Output): string[] {
  const { sessionId, hasHead } = output;
  const result = told.result;
  const problems: string[] = [];
  if (hasHead && (result?.sessionId ?? null) !== sessionId && result?.clearSession !== true)
    problems.push(`its session is ${result?.sessionId ?? "none"} and not ${sessionId}`);
  if (shape.keeps === "plain" || before === null || sessionId === null) return problems;
  const wanted = before.result?.sessionId ?? null;
  const wasLost = notesOf(before.result?.resultJson).includes("workspace_not_returned");
  if (
    wanted !== null &&
    !wasLost &&
    wanted !== sessionId &&
    codeOf(before.result?.resultJson) !== "k8s_pod_evicted"
  )
    problems.push(`session ${wanted} was not gone on with`);
  return problems;
}

interface Output {
  /** As a run of the runner's soak prints it: each frame that is what it must be is its text. */
  readonly text: string;
  /** Up to the last frame that is there. */
  readonly lines: number;
  /** As every frame names it. */
  readonly sessionId: string | null;
  /** Only the first frame says that there is such a session. */
  readonly hasHead: boolean;
}

const statusLine = /^\[claude_k8s\] /;

export function readOutput(written: string, slot: string, turn: TurnShape): Output {
  const plan: TurnPlan = { ...turn, slot, transcripts: "", marks: null };
  const all = written.split("\n");
  const rest = all.pop() ?? "";
  const frames = all.filter((line) => !statusLine.test(line));
  const sessionId = /"session_id":"([^"]+)"/.exec(frames[0] ?? "")?.[1] ?? null;
  let lines = 0;
  const texts = frames.map((line) => {
    const index = Number(/"uuid":"\d+-(\d+)"/.exec(line)?.[1] ?? Number.NaN);
    if (Number.isNaN(index) || line !== frameOf(plan, index, sessionId ?? "")) return line;
    lines = index + 1;
    return lineOf(index, turn.longLines);
  });
  const hasHead = (frames[0] ?? "").startsWith('{"type":"system","subtype":"init"');
  return { hasHead, text: texts.map((line) => `${line}\n`).join("") + rest, lines, sessionId };
}

function lineShape({ longLines }: TurnShape, lines: number) {
  const drawn = shapeOf({ seed: 0, lines, rotation: false, recorded: false }, 0);
  return { ...drawn, lines, longLines, newlineAtEnd: true };
}

function gapsOf(details: unknown): readonly LogGap[] {
  const { kubernetes } = (details ?? {}) as { kubernetes?: { gaps?: readonly LogGap[] } };
  return kubernetes?.gaps ?? [];
}

/** Of the ending itself: the host's own words for what is to be done about it are fewer. `null`: a success. */
function codeOf(details: unknown): string | null {
  const { diagnosis } = (details ?? {}) as { diagnosis?: { outcome: string; code: string } };
  return diagnosis?.outcome === "success" ? null : (diagnosis?.code ?? "nothing at all");
}

function notesOf(details: unknown): readonly string[] {
  const { diagnosis } = (details ?? {}) as { diagnosis?: { notes?: readonly { code: string }[] } };
  return (diagnosis?.notes ?? []).map(({ code }) => code);
}
