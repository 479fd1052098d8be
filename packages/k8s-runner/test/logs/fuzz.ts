/** One run of the follower over the model, with the reader killed and started again, and what must be true of it. */

import { tmpdir } from "node:os";
import { createLogFollower } from "../../src/logs/follower.ts";
import type { LogDefects } from "../../src/logs/context.ts";
import type { LogCursor } from "../../src/types/run.ts";
import type { LogGap } from "../../src/types/evidence.ts";
import { createKubeletModel, createRandom } from "./kubelet-model.ts";
import type { ModelConfig } from "./kubelet-model.ts";
import { createVirtualClock } from "./virtual-clock.ts";

export interface FuzzConfig extends ModelConfig {
  /** How often the reading process is killed. */
  readonly kills: number;
  /** The consumer waits so long behind every chunk. */
  readonly consumerMilliseconds: number;
  readonly memoryBytes: number;
  /** What does not fit into memory goes to disk; else reading waits. */
  readonly overflow: boolean;
}

export interface FuzzResult {
  readonly problems: readonly string[];
  readonly rotations: number;
  readonly faults: number;
  readonly requests: number;
  readonly gaps: readonly LogGap[];
  readonly lost: number;
}

const never = new AbortController().signal;

export async function fuzzOnce(config: FuzzConfig, defects: LogDefects = {}): Promise<FuzzResult> {
  const clock = createVirtualClock(Date.parse("2026-11-22T17:00:00.250Z"));
  const model = createKubeletModel(config, clock);
  const random = createRandom(config.seed ^ 0x5bd1e995);
  const gaps: LogGap[] = [];
  const written: Uint8Array[] = [];
  let stored: string | null = null;
  let complete = false;
  /** A rotation before the first line was read: what it took away leaves no trace. */
  let headUnknown = false;

  async function life(killed: AbortController): Promise<void> {
    const cursor = stored === null ? undefined : (JSON.parse(stored) as LogCursor);
    let dead = false;
    killed.signal.addEventListener("abort", () => void (dead = true));
    const follower = createLogFollower({
      source: model,
      target: { namespace: "default", podName: "p", podUid: "uid", container: "agent" },
      ...(cursor === undefined ? {} : { cursor }),
      verify: () => model.verify(),
      onEvent: (event) => {
        if (event.type === "gap" && !dead) gaps.push(event);
      },
      clock,
      random,
      signal: killed.signal,
      spool: { overflowFolder: config.overflow ? tmpdir() : null, memoryBytes: config.memoryBytes },
      defects,
    });
    model.onTerminated(() => follower.nudge());
    for await (const chunk of follower.output) {
      if (dead) break;
      if (stored === null && model.rotations > 0) headUnknown = true;
      written.push(chunk);
      stored = JSON.stringify(follower.cursor());
      if (config.consumerMilliseconds > 0)
        await clock.sleep(random() * 2 * config.consumerMilliseconds, killed.signal);
    }
    complete = (await follower.completion).complete;
  }

  async function lives(): Promise<void> {
    const span = (config.lines * config.pauseMilliseconds * 0.4) / (config.kills + 1);
    for (let kills = 0; ; kills++) {
      const killed = new AbortController();
      const living = life(killed);
      if (kills < config.kills) {
        const dying = clock.sleep(random() * 2 * span, never).then(() => killed.abort(new Error("killed")));
        await Promise.allSettled([living, dying]);
        if (complete) return;
      } else {
        await living;
        return;
      }
    }
  }

  await clock.run(Promise.all([model.start(), lives()]));
  const output = Buffer.concat(written).toString("utf8");
  const expected = headUnknown ? model.truth.slice(headOf(output, model.truth)) : model.truth;
  const judged = judge(output, expected, gaps, model.rotations, model.newestLines());
  if (!complete) judged.problems.push("the log was not read to its end");
  return {
    problems: judged.problems,
    lost: judged.lost,
    rotations: model.rotations,
    faults: model.faults,
    requests: model.requests,
    gaps,
  };
}

function judge(
  output: string,
  truth: readonly string[],
  gaps: readonly LogGap[],
  rotations: number,
  newest: readonly string[],
): { problems: string[]; lost: number } {
  const problems: string[] = [];
  if (rotations === 0 && gaps.length > 0) problems.push(`${gaps.length} gaps without a rotation`);
  if (output === truth.join("")) return { problems, lost: 0 };
  if (gaps.length === 0)
    problems.push(`output differs, and no gap was announced: ${firstDifference(output, truth)}`);
  // What is left must stand in the order of the truth; behind a gap a line may have lost its head with the rotated file.
  let at = 0;
  let lost = 0;
  const lines = output.split(/(?<=\n)/);
  for (const line of lines) {
    let next = truth.indexOf(line, at);
    if (next === -1)
      next = truth.findIndex((whole, index) => index >= at && whole.endsWith(line) && line.length > 1);
    if (next === -1) {
      problems.push(`repeated, out of order or made up: ${JSON.stringify(shorten(line))} after line ${at}`);
      break;
    }
    lost += next - at;
    at = next + 1;
  }
  lost += truth.length - at;
  const kept = new Set(lines);
  for (const line of newest.slice(1))
    if (line !== "" && !kept.has(line))
      problems.push(`lost although it is in the newest file: ${JSON.stringify(shorten(line))}`);
  return { problems, lost };
}

function shorten(line: string): string {
  return line.replaceAll(/x{9,}|y{9,}/g, (run) => `${run[0]}…${run.length}`);
}

function firstDifference(output: string, truth: readonly string[]): string {
  const lines = output.split(/(?<=\n)/);
  const at = truth.findIndex((line, index) => line !== lines[index]);
  if (at === -1) return `${lines.length - truth.length} more lines`;
  return `line ${at} is ${JSON.stringify(shorten(lines[at] ?? ""))}, not ${JSON.stringify(shorten(truth[at] as string))}`;
}

function headOf(output: string, truth: readonly string[]): number {
  const first = output.split(/(?<=\n)/, 1)[0] as string;
  return Math.max(0, truth.indexOf(first));
}
