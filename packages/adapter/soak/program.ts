/** What stands for `claude` in the pods of a soak: prints frames, changes files, keeps a transcript, and ends in the way that is asked. */

import { lineOf } from "../../k8s-runner/soak/shape.ts";

/** What one run is to do, as its pod gets it. */
export interface TurnPlan {
  readonly slot: string;
  readonly turn: number;
  readonly lines: number;
  readonly linesABurst: number;
  readonly burstMilliseconds: number;
  readonly longLines: boolean;
  /** `stop`: its caller stops it. `evict`: so does the node. Both wait for it when all but the result is printed. */
  readonly ending: "success" | "failed" | "crash" | "oom" | "evict" | "stop";
  /** Changes of the workspace's files; 0: it leaves them alone. */
  readonly steps: number;
  /** The name of the folder that Claude Code keeps its transcripts of this workspace in. */
  readonly transcripts: string;
  /** A folder of this machine in which a file with the pod's name asks for its eviction. */
  readonly marks: string | null;
}

/** One change of a file. Each is done at once or not at all, and done again it changes nothing. */
export type Change =
  | { readonly kind: "write"; readonly path: string; readonly content: string; readonly executable: boolean }
  | { readonly kind: "remove"; readonly path: string }
  | { readonly kind: "link"; readonly path: string; readonly target: string };

/** How far a run came: it has done all changes before `step`, and may have done that one. */
export type Journal = readonly { readonly turn: number; readonly step: number }[];
export const journalName = "journal.json";
/** Being written: left behind by a run that was killed in the middle. */
export const scratchName = "journal.next";

export function changeOf(slot: string, turn: number, step: number): Change {
  let state = 2166136261;
  for (const character of `${slot}/${turn}/${step}`)
    state = Math.imul(state ^ character.charCodeAt(0), 16777619) >>> 0;
  const draw = (most: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * most);
  };
  const path = `d${draw(3)}/f${draw(8)}`;
  const kind = draw(10);
  if (kind < 2) return { kind: "remove", path };
  if (kind < 3) return { kind: "link", path: `l${draw(3)}`, target: path };
  const content = `${slot} ${turn} ${step}\n`.repeat(1 + draw(kind < 5 ? 4000 : 40));
  return { kind: "write", path, content, executable: draw(4) === 0 };
}

/** After which line a change is made. */
export function lineOfStep({ lines, steps }: Pick<TurnPlan, "lines" | "steps">, step: number): number {
  return Math.floor(((step + 1) * (lines - 2)) / (steps + 1));
}

export function frameOf(plan: TurnPlan, index: number, sessionId: string): string {
  const text = lineOf(index, plan.longLines);
  const own = { session_id: sessionId, uuid: `${plan.turn}-${index}` };
  if (index === 0)
    return JSON.stringify({
      type: "system",
      subtype: "init",
      cwd: "/workspace",
      tools: ["Bash"],
      model: "claude-sonnet-4-5",
      claude_code_version: "2.1.330",
      ...own,
      text,
    });
  const usage = (outputTokens: number) => ({ input_tokens: 3 * outputTokens, output_tokens: outputTokens });
  if (index < plan.lines - 1)
    return JSON.stringify({
      type: "assistant",
      message: {
        id: `msg_${plan.turn}_${index}`,
        type: "message",
        role: "assistant",
        model: "claude-sonnet-4-5",
        content: [{ type: "text", text }],
        stop_reason: "end_turn",
        usage: usage(2),
      },
      ...own,
    });
  return JSON.stringify({
    type: "result",
    subtype: plan.ending === "failed" ? "error_max_turns" : "success",
    is_error: plan.ending === "failed",
    num_turns: plan.lines - 2,
    duration_ms: 1000,
    result: text,
    usage: usage(2 * (plan.lines - 2)),
    ...own,
  });
}

/** Runs in the pod; what it calls is beside it there. */
async function main(): Promise<void> {
  const fs = process.getBuiltinModule("node:fs");
  const path = process.getBuiltinModule("node:path");
  fs.readFileSync(0);
  const plan = JSON.parse(process.env["SOAK_PLAN"] ?? "") as TurnPlan;
  const resumed = process.argv[process.argv.indexOf("--resume") + 1];
  const isResumed = process.argv.includes("--resume");
  const fresh = `00000000-0000-4000-8000-${String(Date.now()).padStart(12, "0").slice(-12)}`;
  const session = isResumed ? (resumed ?? "") : fresh;
  const settings = process.env["CLAUDE_CONFIG_DIR"] ?? path.join(process.env["HOME"] ?? ".", ".claude");
  const transcripts = path.join(settings, "projects", plan.transcripts);
  const transcript = path.join(transcripts, `${session}.jsonl`);
  if (isResumed && !fs.existsSync(transcript)) {
    console.error(`No conversation found with session ID: ${session}`);
    process.exit(1);
  }
  fs.mkdirSync(transcripts, { recursive: true });
  fs.appendFileSync(transcript, `${JSON.stringify({ sessionId: session, turn: plan.turn })}\n`);
  process.on("SIGTERM", () => process.exit(143));
  const nap = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

  const inside = (name: string) => path.resolve(name);
  const put = (name: string, content: string, mode = 0o644): void => {
    fs.writeFileSync(inside(scratchName), content, { mode });
    fs.renameSync(inside(scratchName), inside(name));
  };
  const journal: { turn: number; step: number }[] = fs.existsSync(inside(journalName))
    ? JSON.parse(fs.readFileSync(inside(journalName), "utf8"))
    : [];
  const entry = { turn: plan.turn, step: 0 };
  journal.push(entry);
  const note = (step: number): void => {
    entry.step = step;
    put(journalName, JSON.stringify(journal));
  };
  const make = (change: Change): void => {
    fs.mkdirSync(path.dirname(inside(change.path)), { recursive: true });
    if (change.kind === "remove") fs.rmSync(inside(change.path), { force: true });
    else if (change.kind === "write") put(change.path, change.content, change.executable ? 0o755 : 0o644);
    else {
      fs.rmSync(inside(scratchName), { force: true });
      fs.symlinkSync(change.target, inside(scratchName));
      fs.renameSync(inside(scratchName), inside(change.path));
    }
  };
  if (plan.steps > 0) note(0);

  const last = plan.ending === "success" || plan.ending === "failed" ? plan.lines : plan.lines - 1;
  let printed = 0;
  let step = 0;
  while (printed < last) {
    const until = Math.min(last, printed + plan.linesABurst);
    let text = "";
    // What it says of a change comes after it.
    while (step < plan.steps && lineOfStep(plan, step) < until) {
      make(changeOf(plan.slot, plan.turn, step));
      step += 1;
      note(step);
    }
    for (let index = printed; index < until; index++) text += `${frameOf(plan, index, session)}\n`;
    fs.writeSync(1, text);
    printed = until;
    await nap(plan.burstMilliseconds);
  }
  if (plan.ending === "crash") process.exit(3);
  if (plan.ending === "failed") process.exit(1);
  if (plan.ending === "success") process.exit(0);
  if (plan.ending === "evict" && plan.marks !== null)
    fs.writeFileSync(path.join(plan.marks, process.env["HOSTNAME"] ?? ""), "");
  const eaten: Uint8Array[] = [];
  for (;;) {
    if (plan.ending === "oom") eaten.push(new Uint8Array(16 * 1024 * 1024).fill(1));
    await nap(20);
  }
}

/** The program's files, by name: a folder with them is the first of the pod's `PATH`. */
export function programFiles(): Record<string, string> {
  const parts = [lineOf, changeOf, lineOfStep, frameOf, main].map((part) => part.toString());
  const names = [
    `const journalName = ${JSON.stringify(journalName)};`,
    `const scratchName = ${JSON.stringify(scratchName)};`,
  ];
  return {
    claude: '#!/bin/sh\nexec node "$SOAK_PROGRAM/claude.mjs" "$@"\n',
    "claude.mjs": [...names, ...parts, "await main();"].join("\n"),
  };
}
