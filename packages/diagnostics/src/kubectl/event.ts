import type { EventLike } from "../evidence/cluster.ts";
import { type Fields, fields, number, text, time, words } from "../facts/read.ts";

/** core/v1 has `involvedObject`, `message` and `count`; events.k8s.io/v1 `regarding`, `note` and `series`. */
export function eventEvidence(event: Fields): EventLike {
  const about = fields(event["involvedObject"] ?? event["regarding"]);
  const series = fields(event["series"]);
  return {
    type: words(event["type"]) ?? "Normal",
    reason: words(event["reason"]) ?? "?",
    message: text(event["message"]) ?? text(event["note"]) ?? "",
    count: number(series["count"]) ?? number(event["count"]) ?? number(event["deprecatedCount"]) ?? 1,
    lastSeen:
      time(series["lastObservedTime"]) ??
      time(event["lastTimestamp"]) ??
      time(event["deprecatedLastTimestamp"]) ??
      time(event["eventTime"]) ??
      time(fields(event["metadata"])["creationTimestamp"]),
    object: `${words(about["kind"]) ?? "?"}/${words(about["name"]) ?? "?"}`,
  };
}
