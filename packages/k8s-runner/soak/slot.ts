/** One run, from its start or adoption to its clean-up, as a careful caller does it. */

import { appendFileSync, truncateSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { ClusterRequestError } from "../src/index.ts";
import type { Run, RunEvent, Runner, RunStart } from "../src/index.ts";
import type { Records, SlotResult } from "./records.ts";
import { commandOf } from "./shape.ts";
import type { RunShape } from "./shape.ts";
import type { SupervisorTask } from "./task.ts";

export interface SlotContext {
  readonly runner: Runner;
  readonly records: Records;
  readonly task: SupervisorTask;
  readonly shape: RunShape;
}

const againMilliseconds = 500;

/** Until there is a result, or until it hangs. */
export async function superviseSlot(context: SlotContext): Promise<void> {
  const { records, shape, task } = context;
  const { slot } = shape;
  const lastEvents: RunEvent[] = [];
  const hanging = new AbortController();
  const hangs = sleep(task.hangSeconds * 1000, "hangs" as const, { signal: hanging.signal });
  const working = (async () => {
    while (records.result(slot) === null) await attempt(context, lastEvents);
  })();
  const outcome = await Promise.race([working, hangs]);
  hanging.abort();
  hangs.catch(() => undefined);
  if (outcome !== "hangs") return;
  working.catch(() => undefined);
  const outputPath = records.outputPath(slot, ownerOf(context));
  records.writeResult({
    slot,
    exit: "hangs",
    exitCode: null,
    gaps: [],
    complete: false,
    outputPath,
    lastEvents,
  });
}

async function attempt(context: SlotContext, lastEvents: RunEvent[]): Promise<void> {
  const { records, shape } = context;
  const { slot } = shape;
  const ended = records.ended(slot);
  const start = await begin(context, ended);
  if (start === "gone" && ended !== null) records.writeResult(ended);
  if (start === "gone" || start === null) return;
  const { run } = start;
  const listening = listen(context, run, { last: lastEvents, isNew: ended === null });
  if (ended === null) await take(context, run);
  else for await (const chunk of run.output) void chunk;
  const exit = await run.exit;
  await listening;
  const result: SlotResult = ended ?? {
    slot,
    exit: exit.kind === "failed" ? `failed: ${JSON.stringify(exit.failure)}` : exit.kind,
    exitCode: exit.kind === "exited" ? exit.exitCode : null,
    gaps: exit.evidence.gaps,
    complete: exit.evidence.logComplete,
    outputPath: records.outputPath(slot, ownerOf(context)),
    lastEvents,
  };
  if (ended === null) records.writeEnded(result);
  await cleanUp(context, run);
  records.writeResult(result);
}

/** A refusal is told, and what to do: here it is always the token, which is about to be renewed. */
async function cleanUp({ records, shape: { slot } }: SlotContext, run: Run): Promise<void> {
  for (;;) {
    try {
      await run.cleanUp({ keepJobSeconds: 0 });
      return;
    } catch (error) {
      if (!ClusterRequestError.isInstance(error)) throw error;
      records.note({ fact: "clean-up-refused", slot, message: error.message });
      await sleep(againMilliseconds);
    }
  }
}

type Begun = Extract<RunStart, { readonly run: Run }>;

/** `gone`: its ending was told, and nothing is left of it. `null`: not now. */
async function begin(context: SlotContext, ended: SlotResult | null): Promise<Begun | "gone" | null> {
  const { runner, records, shape, task } = context;
  const { slot } = shape;
  const { namespace } = task;
  const stored = shape.sink === "cursor" ? records.cursor(slot) : null;
  if (ended === null && stored === null) return settle(context, await ask(context));
  const cursor = ended === null && stored !== null ? { cursor: stored.cursor } : {};
  const attached = await runner.attach({ namespace, slot }, { ...cursor, runId: task.identity });
  const gone = attached.kind === "refused" && attached.failure.kind === "reattach-failed";
  if (gone && ended !== null) return "gone";
  if (gone) records.note({ fact: "vanished", slot, message: JSON.stringify(attached.failure) });
  return settle(context, attached);
}

function ask({ runner, shape, task }: SlotContext): Promise<RunStart> {
  return runner.start(
    {
      namespace: task.namespace,
      slot: shape.slot,
      runId: task.identity,
      image: task.image,
      imagePullPolicy: "IfNotPresent",
      command: commandOf(shape),
      env: { SOAK_SLOT: shape.slot },
      ...(shape.recorded ? { recordOutput: {} } : {}),
      ...(shape.payload ? { secretEnv: { SOAK_SECRET: "a word" } } : {}),
    },
    { waitSeconds: 60 },
  );
}

async function settle(
  { records, task, shape: { slot } }: SlotContext,
  found: RunStart,
): Promise<Begun | null> {
  switch (found.kind) {
    case "started":
      records.note({
        fact: "started",
        slot,
        by: task.identity,
        jobUid: found.run.ref.jobUid,
        at: Date.now(),
      });
      return found;
    case "adopted":
      return found;
    case "refused":
      records.note({ fact: "refused", slot, message: JSON.stringify(found.failure).slice(0, 300) });
      break;
    case "busy":
  }
  await sleep(againMilliseconds);
  return null;
}

async function listen(
  { records, task, shape: { slot } }: SlotContext,
  run: Run,
  { last, isNew }: { readonly last: RunEvent[]; readonly isNew: boolean },
): Promise<void> {
  const about = { slot, by: task.identity, jobUid: run.ref.jobUid };
  for await (const event of run.events) {
    last.push(event);
    if (last.length > 40) last.shift();
    if (event.type === "job-adopted") records.note({ fact: "adopted", ...about, replay: event.replay });
    else if (event.type === "warning") records.note({ fact: "warning", slot, message: event.message });
    // What is told again behind an ending changes nothing of it: its pod may be on its way out already.
    else if (event.type === "gap" && isNew) records.note({ fact: "gap", slot, gap: event });
    else if (event.type === "supervision-lost")
      records.note({ fact: "supervision-lost", slot, message: event.newSupervisor ?? "" });
  }
}

/** A consumer with a cursor has one file for all its processes, one without gets the whole output anew. */
function ownerOf({ shape, task }: SlotContext): string | null {
  return shape.sink === "cursor" ? null : task.identity;
}

async function take(context: SlotContext, run: Run): Promise<void> {
  const { records, shape } = context;
  const { slot } = shape;
  const path = records.outputPath(slot, ownerOf(context));
  const stored = shape.sink === "cursor" ? records.cursor(slot) : null;
  let bytes = stored?.bytes ?? 0;
  // What was written behind the stored cursor comes again.
  if (stored === null) writeFileSync(path, "");
  else truncateSync(path, bytes);
  let slow = shape.slowMilliseconds === 0 ? 0 : 20;
  for await (const chunk of run.output) {
    appendFileSync(path, chunk);
    bytes += chunk.length;
    if (shape.sink === "cursor") records.writeCursor(slot, { bytes, cursor: run.cursor() });
    if (slow > 0) await sleep(shape.slowMilliseconds);
    slow -= 1;
  }
}
