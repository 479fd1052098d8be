/** While nothing runs yet, the reasons are in Kubernetes' events: read now and then, each told once. */

import type { RunEventBody } from "../observe/run-events.ts";
import type { EventEvidence } from "../types/evidence.ts";

export interface PendingEvents {
  /** What is new in them. */
  take(events: readonly EventEvidence[]): readonly RunEventBody[];
}

export function createPendingEvents(image: () => string, queueName: string | null): PendingEvents {
  const told = new Set<string>();
  return {
    take(events) {
      return events.flatMap((event) => {
        const body = toRunEvent(event, image(), queueName);
        const key = `${event.object}/${event.reason}/${event.message.replaceAll(/\d+/g, "n")}`;
        if (body === null || told.has(key)) return [];
        told.add(key);
        return [body];
      });
    },
  };
}

function toRunEvent(
  { reason, message, object }: EventEvidence,
  image: string,
  queueName: string | null,
): RunEventBody | null {
  switch (reason) {
    case "Pending":
      return object.startsWith("Workload/") ? { type: "job-queued", queueName, message } : null;
    case "FailedCreate":
      return { type: "pod-creation-failing", reason, message };
    case "TriggeredScaleUp":
      return { type: "scale-up-triggered", message };
    case "NotTriggerScaleUp":
      return { type: "scale-up-not-triggered", message };
    case "Pulling":
      return { type: "image-pulling", image: /"([^"]+)"/.exec(message)?.[1] ?? image };
    case "Preempted":
      return { type: "preempting-others", message };
    case "FailedMount":
    case "FailedAttachVolume":
    case "FailedCreatePodSandBox":
      return { type: "container-waiting", container: "", reason, message };
    default:
      return null;
  }
}
