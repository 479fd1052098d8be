import type { RunEvent } from "@claude-k8s/k8s-runner";
import { waitNews } from "paperclip-adapter-claude-k8s/cli-parts";

/** What an event says to whoever looks on; `null`: nothing that a person would miss. */
export function eventWords(event: RunEvent): string | null {
  const news = waitNews(event);
  return news === null ? ownWords(event) : news.text;
}

function ownWords(event: RunEvent): string | null {
  // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- the rest is no news at a terminal
  switch (event.type) {
    case "job-created":
      return `Job ${event.jobName} is made.`;
    case "pod-scheduled":
      return `Pod ${event.podName} is on node ${event.nodeName}.`;
    case "container-terminated":
      return `The container has ended with exit code ${event.exitCode}${event.reason === null ? "" : ` (${event.reason})`}.`;
    case "pod-contested":
      return `Another pod, ${event.podName}, claims to be this run's.`;
    case "log-disconnected":
      return `The connection to the log has ended (${event.reason}); it is opened again.`;
    case "log-polling":
      return `The log cannot be followed (${event.reason}); it is read every ${event.intervalMilliseconds / 1000} s.`;
    case "log-fetched":
      return `${event.bytes} bytes that the log had lost were fetched from the record of the output.`;
    case "stop-requested":
      return `Stopping (${event.reason}); SIGKILL follows after ${event.graceSeconds} s.`;
    case "stop-forced":
      return "It has not ended in time: SIGKILL.";
    case "files-sent":
      return `${event.entries} files (${event.bytes} bytes) are in the pod.`;
    case "files-cache-unused":
      return `The cache of copied files cannot be used as it should (${event.message}); what it lacks is sent.`;
    case "files-interrupted":
      return `Copying files was interrupted (${event.message}); it is tried again.`;
    case "warning":
      return `Warning: ${event.message}`;
    default:
      return null;
  }
}
