import type { CapWait, RunEvent, RunSpec, SlotHolder } from "@claude-k8s/k8s-runner";

import { adapterType } from "../host/adapter-type.ts";
import { queuedWords } from "../host/queued-words.ts";
import { duration, waitNews } from "../host/wait-words.ts";

/** As the host marks lines of its own in a run's log. The view of the transcript knows it, too. */
export const statusMark = `[${adapterType}] `;

/** What a run waits for, as lines between those of its output: one for each change. */
export interface StatusLines {
  runEvent(event: RunEvent): void;
  waiting(holder: SlotHolder, position: number): void;
  queued(wait: CapWait): void;
}

/** A run that is pushed around for days has its events as well. */
const mostLines = 100;
const longestLine = 600;

export interface StatusOptions {
  readonly budgets?: RunSpec["budgets"];
  /** How long it waits for a slot that another run holds. */
  readonly busyWaitSeconds: number;
  /** Takes one whole line, without its end. */
  readonly write: (line: string) => void;
}

export function createStatusLines({ budgets, busyWaitSeconds, write }: StatusOptions): StatusLines {
  const told = new Set<string>();
  let lines = 0;
  // "Started" is news only to somebody who has been told to wait.
  let isWaiting = false;
  function say(text: string): void {
    if (lines >= mostLines) return;
    lines += 1;
    const line = text.replaceAll(/\s+/g, " ");
    const short =
      line.length > longestLine ? `${line.slice(0, longestLine)}… (${line.length - longestLine} more)` : line;
    write(statusMark + short);
    if (lines === mostLines) write(`${statusMark}Further changes are among the run's events.`);
  }
  function sayOnce(key: string, text: string): void {
    if (told.has(key)) return;
    told.add(key);
    isWaiting = true;
    say(text);
  }
  return {
    runEvent(event) {
      const news = waitNews(event, budgets);
      if (news === null) return;
      if (news.kind === "line") sayOnce(news.key, news.text);
      else if (news.kind === "over") {
        if (told.delete(news.key)) say(news.text);
      } else {
        if (isWaiting) say(news.text);
        isWaiting = false;
        told.clear();
      }
    },
    queued(wait) {
      sayOnce(`cap ${wait.position}`, queuedWords(wait));
    },
    waiting({ jobName, podName, runId }, position) {
      const run = runId === null ? "another run" : `run ${runId}`;
      const object = podName === null ? `Job ${jobName}` : `pod ${podName}, whose Job was deleted`;
      sayOnce(
        `slot ${podName ?? jobName} ${position}`,
        `Waiting for ${run} of the same agent and task to end (${object}), number ${position} in the line. Given up after ${duration(busyWaitSeconds)} (setting busyWaitSec).`,
      );
    },
  };
}
