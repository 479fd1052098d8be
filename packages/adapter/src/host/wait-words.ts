import type { RunEvent, RunSpec } from "@claude-k8s/k8s-runner";

/** What one event of a run says to somebody who waits for it. */
export type WaitNews =
  /** `key` is equal for news that differ in numbers only. */
  | { readonly kind: "line"; readonly key: string; readonly text: string }
  /** The same trouble may come again and is news then. */
  | { readonly kind: "over"; readonly key: string; readonly text: string }
  /** The container runs: whatever comes now is a new wait. */
  | { readonly kind: "started"; readonly text: string };

type Budgets = NonNullable<RunSpec["budgets"]>;

/** What holds where a run's settings name none; the runner's own. */
const usual = { schedulingSeconds: 1800, imagePullSeconds: 900, podCreationSeconds: 60 } as const;

/** `null`: nothing that a person would wait for. */
export function waitNews(event: RunEvent, budgets: Budgets = {}): WaitNews | null {
  return startNews(event, budgets) ?? imageNews(event, budgets) ?? runningNews(event);
}

function startNews(event: RunEvent, budgets: Budgets): WaitNews | null {
  const queue = until(budgets.queueSeconds ?? null, "queueWaitSec");
  // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- the rest is asked elsewhere, or in the run's events
  switch (event.type) {
    case "job-adopted":
      return line(
        "adopted",
        `An earlier run's Job ${event.jobName} is taken over; its output follows from the beginning.`,
      );
    case "job-queued":
      return line(
        `queue ${event.message ?? ""}`,
        `Queued${named(" in ", event.queueName)}${said(event.message)}.${queue}`,
      );
    case "pod-gated":
      return line(
        `gate ${event.message ?? ""}`,
        `Held back by a scheduling gate${said(event.message)}.${queue}`,
      );
    case "pod-creation-failing": {
      const end = until(budgets.podCreationSeconds ?? usual.podCreationSeconds, null);
      return line(`creation ${event.reason}`, `The pod cannot be made yet${said(event.message)}.${end}`);
    }
    case "pod-unschedulable": {
      const end = until(budgets.schedulingSeconds ?? usual.schedulingSeconds, "nodeWaitSec");
      return line(`node ${event.message}`, `Waiting for a node${said(event.message)}.${end}`);
    }
    case "scale-up-triggered":
      return line("scale-up", `A node is being added${said(event.message)}.`);
    case "scale-up-not-triggered":
      return line("no scale-up", `The autoscaler adds no node${said(event.message)}.`);
    case "preempting-others":
      return line("preempting", `Other pods make room for this one${said(event.message)}.`);
    default:
      return null;
  }
}

function imageNews(event: RunEvent, budgets: Budgets): WaitNews | null {
  // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- the rest is asked elsewhere
  switch (event.type) {
    case "image-pulling":
      return line(`pulling ${event.image}`, `Pulling the image ${event.image}.`);
    case "image-pull-retrying": {
      const end = until(budgets.imagePullSeconds ?? usual.imagePullSeconds, "imageWaitSec");
      // ErrImagePull and ImagePullBackOff take turns, with words of their own: the trouble is one.
      return line(
        `pull ${event.image}`,
        `The image ${event.image} cannot be pulled yet (${event.reason})${said(event.message)}.${end}`,
      );
    }
    case "container-waiting":
      if (/^(ContainerCreating|PodInitializing)$/.test(event.reason)) return null;
      return line(
        `container ${event.container} ${event.reason}`,
        `The container waits (${event.reason})${said(event.message)}.`,
      );
    case "container-started":
      return { kind: "started", text: `Started${named(" on node ", event.nodeName)}.` };
    default:
      return null;
  }
}

function runningNews(event: RunEvent): WaitNews | null {
  // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- the rest is in the run's events
  switch (event.type) {
    case "api-unreachable":
      return line(
        "api",
        `The cluster does not answer${said(event.message)}. The run goes on there; its output follows when it answers again.`,
      );
    case "api-reachable": {
      const seconds = Math.round(event.afterSeconds);
      return { kind: "over", key: "api", text: `The cluster answers again after ${seconds} s.` };
    }
    case "node-unreachable":
      return line(
        "node-lost",
        `The node${named(" ", event.nodeName)} does not answer. The run may go on there.`,
      );
    case "node-reachable":
      return { kind: "over", key: "node-lost", text: `The node${named(" ", event.nodeName)} answers again.` };
    case "gap":
      return line(
        `gap ${event.after ?? ""}`,
        `A stretch of the output is lost (${event.reason})${named(" after ", event.after)}${named(", until ", event.before)}.`,
      );
    case "pod-disrupted":
      return line(
        `disrupted ${event.reason}`,
        `The pod is being taken away (${event.reason})${said(event.message)}.`,
      );
    case "pod-recreated":
      return line(`recreated ${event.podName ?? ""}`, `The pod is made anew (${event.reason}).`);
    case "supervision-lost":
      return line("supervision", "Another process has taken this run over.");
    default:
      return fileNews(event);
  }
}

/** A copy that takes long says how far it is, at each doubling; one that does not says nothing. */
function fileNews(event: RunEvent): WaitNews | null {
  // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- the rest is in the run's events
  switch (event.type) {
    case "files-sending":
      return line(
        `sending${doublings(event.bytes)}`,
        `Copying files into the pod: ${size(event.bytes)} so far.`,
      );
    case "files-sent":
      return {
        kind: "over",
        key: "sending",
        text: `The files are in the pod: ${event.entries} files and folders, ${size(event.bytes)}${cachedWords(event)}.`,
      };
    case "files-cache-unused":
      return line(
        "cache",
        `The cache of copied files cannot be used as it should${said(event.message)}. What it lacks is sent.`,
      );
    case "files-fetching":
      return line(
        `fetching${doublings(event.bytes)}`,
        `Copying what the agent changed back: ${size(event.bytes)} so far.`,
      );
    case "files-returned":
      return {
        kind: "over",
        key: "fetching",
        text: `What the agent changed is here: ${event.written} written, ${event.deleted} deleted, ${size(event.bytes)}.`,
      };
    case "files-interrupted":
      return line(
        `interrupted ${event.direction}`,
        `Copying files ${event.direction === "in" ? "into the pod" : "back"} was interrupted${said(event.message)}. It is tried again.`,
      );
    case "files-lost":
      return line(
        "lost",
        `What the agent changed did not come back (${event.reason})${said(event.message)}.`,
      );
    default:
      return null;
  }
}

function cachedWords({ fromCache }: Extract<RunEvent, { type: "files-sent" }>): string {
  return fromCache === undefined ? "" : `, ${size(fromCache.bytes)} of them from the cache`;
}

const mebibyte = 1024 ** 2;

function doublings(bytes: number): string {
  return "+".repeat(Math.max(0, Math.floor(Math.log2(bytes / (64 * mebibyte)))));
}

function size(bytes: number): string {
  return bytes < mebibyte ? `${Math.ceil(bytes / 1024)} KiB` : `${Math.round(bytes / mebibyte)} MiB`;
}

function line(key: string, text: string): WaitNews {
  return { kind: "line", key: key.replaceAll(/\d+/g, "n"), text };
}

function said(message: string | null): string {
  const words = (message ?? "").trim().replace(/(?<![.\s])[.\s]+$/, "");
  return words === "" ? "" : `: ${words}`;
}

function named(before: string, name: string | null): string {
  return name === null || name === "" ? "" : `${before}${name}`;
}

/** When the wait ends, and the setting that says so. */
function until(seconds: number | null, setting: string | null): string {
  const by = setting === null ? "" : ` (setting ${setting})`;
  return seconds === null
    ? ` It waits as long as it takes${by}.`
    : ` Given up after ${duration(seconds)}${by}.`;
}

export function duration(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  const minutes = seconds / 60;
  return Number.isInteger(minutes)
    ? `${minutes} minutes`
    : `${Math.floor(minutes)} minutes ${seconds % 60} s`;
}
