/** The public face of one run. */

import { Readable } from "node:stream";
import type { RunExit } from "../types/exit.ts";
import type { Run } from "../types/run.ts";
import { cleanUpRun } from "../remove/clean-up.ts";
import type { RunnerContext } from "../runner-context.ts";
import { linkSignals } from "../async/link-signals.ts";
import { RunDetachedError } from "../errors.ts";
import { giveUpSupervision } from "../supervision/give-up.ts";
import { mayRecreate } from "./recreate.ts";
import { supervise } from "./supervise.ts";
import type { Supervised } from "./supervise.ts";
import type { StopWish, SuperviseOptions } from "./watchman.ts";

/** Makes what was taken away again; `null`: the ending stands. */
export type Again = (
  before: SuperviseOptions,
  exit: Extract<RunExit, { kind: "failed" }>,
) => Promise<SuperviseOptions | null>;

interface Attempt {
  readonly options: SuperviseOptions;
  readonly supervised: Supervised;
}

export function makeRun(shared: RunnerContext, first: SuperviseOptions, again?: Again): Run {
  const { events } = first;
  const detaching = new AbortController();
  const links = linkSignals([shared.closing, detaching.signal]);
  const context: RunnerContext = { ...shared, closing: links.signal };
  const begin = (options: SuperviseOptions): Attempt => ({
    options,
    supervised: supervise(context, options),
  });
  const earlier = begin(first);
  let current = earlier;
  let stopped: StopWish | null = first.stop ?? null;

  /** After the first has ended: what runs instead, if anything does. */
  const second = (async (): Promise<Attempt | null> => {
    const ended = await earlier.supervised.exit;
    if (again === undefined || stopped !== null || !mayRecreate(ended)) return null;
    const options = await again(first, ended);
    if (options === null) return null;
    context.active.delete(first.ref.jobUid);
    current = begin(options);
    if (stopped !== null) void current.supervised.stop(stopped);
    return current;
  })();
  const exit = (async () => {
    try {
      return await ((await second) ?? earlier).supervised.exit;
    } finally {
      events.end();
    }
  })();
  // It is also told by `output`; a caller that reads only that must not bring down the process.
  exit.catch(() => undefined);

  async function* output(): AsyncGenerator<Uint8Array> {
    yield* earlier.supervised.output.output;
    const next = await second;
    if (next !== null) yield* next.supervised.output.output;
  }
  const bytes = output();
  return {
    get ref() {
      return current.options.ref;
    },
    output: bytes,
    outputStream: () => Readable.from(bytes, { objectMode: false }),
    events: events.events,
    cursor: () => current.supervised.output.cursor(),
    exit,
    async whole() {
      const ended = await exit;
      return (await current.supervised.late.whole()) ?? ended;
    },
    stop({ reason = "the caller asked for it", by = "caller", graceSeconds, workSeconds } = {}) {
      stopped ??= { reason, by, ...(graceSeconds === undefined ? {} : { graceSeconds }) };
      // Whoever stops what is being stopped already may be in a greater hurry.
      if (workSeconds !== undefined) stopped = { ...stopped, workSeconds };
      void current.supervised.stop(stopped);
      return exit;
    },
    async detach() {
      const { options, supervised } = current;
      detaching.abort(new RunDetachedError(options.ref.jobName));
      const ended = await exit.then(
        () => true,
        () => false,
      );
      if (ended) return;
      links.release();
      shared.active.delete(options.ref.jobUid);
      if (supervised.supervising()) await giveUpSupervision(shared, options.ref);
    },
    async cleanUp(wishes = {}) {
      await exit;
      await cleanUp(shared, current, wishes, () => links.release());
    },
  };
}

async function cleanUp(
  context: RunnerContext,
  { options, supervised }: Attempt,
  wishes: Parameters<Run["cleanUp"]>[0] & {},
  letGo: () => void,
): Promise<void> {
  await supervised.late.whole();
  if (!supervised.supervising()) return;
  // A pod that stays for its record would keep the Job from being over.
  supervised.record.release();
  await cleanUpRun(context, options.ref, options.job, wishes);
  await supervised.output.removeSpool();
  // Not before: until then the runner's end closes the files of the run, which a consumer may not have read to their end.
  letGo();
  await supervised.files.remove();
  context.active.delete(options.ref.jobUid);
}
