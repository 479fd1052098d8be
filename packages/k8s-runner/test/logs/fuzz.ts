/** One run of the follower over the model, with the reader killed and started again, and what must be true of it. */

import { createLogFollower } from "../../src/logs/follower.ts";
import type { LogDefects } from "../../src/logs/follow/follow-context.ts";
import type { LogCursor } from "../../src/types/run.ts";
import type { LogGap } from "../../src/types/evidence.ts";
import { createKubeletModel, createRandom, header } from "./kubelet-model.ts";
import type { ModelConfig } from "./kubelet-model.ts";
import { createMemoryDisk } from "./memory-disk.ts";
import { createVirtualClock } from "./virtual-clock.ts";

export interface FuzzConfig extends ModelConfig {
  /** How often the reading process is killed. */
  readonly kills: number;
  /** The consumer waits so long behind every chunk. */
  readonly consumerMilliseconds: number;
  readonly memoryBytes: number;
  /** What does not fit into memory goes to disk; else reading waits. */
  readonly overflow: boolean;
  /**
   * What the next process starts from: the cursor that is stored with the output; or nothing, then it writes the output anew
   * from a spool file that the dead one left. `both`: the cursor, and the spool file for what was read and not written.
   */
  readonly resume: "cursor" | "spool" | "both";
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
  const disk = createMemoryDisk(clock, random, 40);
  let gaps: LogGap[] = [];
  let written: Uint8Array[] = [];
  let stored: string | null = null;
  let complete = false;
  let removed = false;
  /** A rotation before the first line was read: what it took away leaves no trace. */
  let headUnknown = false;

  async function life(killed: AbortController): Promise<void> {
    let dead = false;
    killed.signal.addEventListener("abort", () => void (dead = true));
    if (config.resume === "spool") {
      written = [];
      gaps = [];
      stored = null;
    }
    const cursor = stored === null ? undefined : (JSON.parse(stored) as LogCursor);
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
      spool: {
        overflowFolder: config.overflow ? "/overflow" : null,
        memoryBytes: config.memoryBytes,
        disk: disk.forProcess(killed.signal),
        ...(config.resume === "cursor" ? {} : { durable: { path: "/spool/run", maximumBytes: 2 ** 28 } }),
      },
      defects,
      recorded:
        config.recorded === true
          ? { header: Buffer.from(header), record: model.record, brokenOff: () => null }
          : null,
    });
    model.onTerminated(() => follower.nudge());
    const replayed = await follower.replay;
    for await (const chunk of follower.output) {
      if (dead) break;
      if (written.length === 0 && replayed === "start" && model.rotations > 0 && config.recorded !== true)
        headUnknown = true;
      written.push(chunk);
      stored = JSON.stringify(follower.cursor());
      if (config.consumerMilliseconds > 0)
        await clock.sleep(random() * 2 * config.consumerMilliseconds, killed.signal);
    }
    const completion = await follower.completion;
    complete = completion.complete;
    if (config.resume === "spool") gaps = [...completion.gaps];
    if (!complete) return;
    await follower.removeSpool();
    removed = true;
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
  const expected = headUnknown ? withoutHead(model.truth, output) : model.truth;
  const judged = judge(output, expected, gaps, model.rotations, model.newestLines());
  if (config.recorded === true && output !== model.truth.join(""))
    judged.problems.push(`the record has what the output has not: ${firstDifference(output, model.truth)}`);
  if (config.recorded === true && gaps.length > 0)
    judged.problems.push(`${gaps.length} gaps: ${gaps[0]?.message}`);
  if (!complete) judged.problems.push("the log was not read to its end");
  // One that was killed before it took the name away leaves the name.
  const left = disk.names().filter((name) => !name.startsWith("/overflow"));
  if (left.length > 0 && removed) judged.problems.push(`files are left: ${left.join(", ")}`);
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

/** What is left when the first file that was read may have started inside a line. */
function withoutHead(truth: readonly string[], output: string): readonly string[] {
  const first = output.split(/(?<=\n)/, 1)[0] as string;
  const candidates: (readonly string[])[] = [];
  for (const [index, line] of truth.entries()) {
    if (line === first) candidates.push(truth.slice(index));
    else if (first.length > 1 && line.endsWith(first)) candidates.push([first, ...truth.slice(index + 1)]);
  }
  return candidates.find((candidate) => candidate.join("") === output) ?? candidates[0] ?? truth;
}
