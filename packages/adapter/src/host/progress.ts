import type { CapWait, RunEvent, SlotHolder } from "@claude-k8s/k8s-runner";

import type { ExecutionContext, HostEvent } from "./contract.ts";
import { queuedWords } from "./queued-words.ts";

/** Tells the host what happens to a run: every event in the run's list, the steps of its start as its status line. */
export interface Progress {
  readonly runEvent: (event: RunEvent) => void;
  readonly waiting: (holder: SlotHolder, waitedSeconds: number) => void;
  readonly queued: (wait: CapWait) => void;
  readonly warning: (message: string) => void;
  readonly tell: (event: HostEvent) => void;
  /** Resolves when the host has taken everything. */
  settled(): Promise<void>;
}

export function createProgress(host: ExecutionContext): Progress {
  // One after the other, so that the host's list keeps our order. A host that refuses an event loses that event only.
  let queue: Promise<unknown> = Promise.resolve();
  const later = (task: () => unknown): void => {
    queue = queue.then(task).catch(() => undefined);
  };
  let busyWith: string | null = null;
  let placeInLine: number | null = null;
  const tell = (event: HostEvent): void => later(() => host.onEvent?.(event));
  const status = (message: string): void =>
    later(() => host.onRuntimeProgress?.({ phase: "adapter_startup", message }));
  return {
    runEvent(event) {
      const { type, at, ...payload } = event;
      const message = wordsFor(event);
      tell({
        eventType: `k8s.${type}`,
        stream: "system",
        level: levelOf(event),
        message,
        payload: { at, ...payload },
      });
      if (isStartStep(event)) status(message);
    },
    waiting(holder) {
      const { jobName, podName } = holder;
      const object = podName === null ? `Job ${jobName}` : `pod ${podName}, which its deleted Job left,`;
      const message = `waiting for ${object} of run ${holder.runId ?? "unknown"} to end`;
      // The runner asks again every few seconds: each holder is one event in the host's list.
      if (busyWith !== holder.jobUid)
        tell({
          eventType: "k8s.slot-busy",
          stream: "system",
          level: "info",
          message,
          payload: { ...holder },
        });
      busyWith = holder.jobUid;
      status(message);
    },
    queued(wait) {
      const message = queuedWords(wait);
      // A step forward is an event; who runs before it changes more often.
      if (placeInLine !== wait.position)
        tell({
          eventType: "k8s.cap-reached",
          stream: "system",
          level: "info",
          message,
          payload: { ...wait, ahead: wait.ahead.slice(-mostNamed) },
        });
      placeInLine = wait.position;
      status(message);
    },
    warning: (message) => tell({ eventType: "claude_k8s.warning", stream: "system", level: "warn", message }),
    tell,
    settled: async () => {
      await queue;
    },
  };
}

const mostNamed = 20;

function levelOf(event: RunEvent): "info" | "warn" {
  const troubles: readonly RunEvent["type"][] = [
    "pod-creation-failing",
    "pod-contested",
    "pod-unschedulable",
    "scale-up-not-triggered",
    "image-pull-retrying",
    "pod-disrupted",
    "pod-recreated",
    "node-unreachable",
    "gap",
    "files-interrupted",
    "files-cache-unused",
    "files-lost",
    "api-unreachable",
    "stop-forced",
    "supervision-lost",
    "warning",
  ];
  return troubles.includes(event.type) ? "warn" : "info";
}

function isStartStep(event: RunEvent): boolean {
  return !/^(log-|gap|stop-|container-terminated|files-(?:fetching|returned|lost))/.test(event.type);
}

/** `pod-unschedulable: 0/3 nodes are available` — the event's name, and the cluster's own words where there are any. */
function wordsFor(event: RunEvent): string {
  const name = event.type.replaceAll("-", " ");
  const detail = ["message", "podName", "nodeName", "image", "jobName", "container", "reason"]
    .map((key) => (event as unknown as Record<string, unknown>)[key])
    .find((value) => typeof value === "string" && value !== "");
  return typeof detail === "string" ? `${name}: ${detail}` : name;
}
