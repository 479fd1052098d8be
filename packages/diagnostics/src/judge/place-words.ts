import type { Facts } from "../facts/facts.ts";
import { number } from "../facts/read.ts";
import { isLostTrack } from "../naming/pod-reasons.ts";
import { durationWords } from "../words/numbers.ts";
import { oneLine, sentence } from "../words/quote.ts";
import { ageSeconds, spentWords } from "./run-numbers.ts";

/** " Pod x on node y, after 3 min; $0.02 spent." Parts that are not known are left out. */
export function placeWords(facts: Facts): string {
  const { podName, nodeName } = facts.cluster;
  const age = ageSeconds(facts);
  const parts = [
    podName === null ? null : `pod ${podName}`,
    nodeName === null ? null : `${podName === null ? "" : "on "}node ${nodeName}`,
    age === null ? null : `after ${durationWords(age)}`,
  ].filter((part) => part !== null);
  const all = [parts.length === 0 ? null : parts.join(" "), spentWords(facts)].filter(
    (part) => part !== null,
  );
  if (all.length === 0) return "";
  const joined = all.join("; ");
  return ` ${joined.charAt(0).toUpperCase()}${joined.slice(1)}.`;
}

/**
 * It is certain that the command never ran. A container whose state the kubelet lost may have run for hours, whatever the
 * missing start time suggests, and a stream that spoke did run.
 */
export function neverRan(facts: Facts): boolean {
  const spoke = (facts.stream?.frames ?? 0) > 0 || facts.stream?.contentSeen === true;
  return facts.started === false && !spoke && !lostTrackOf(facts);
}

function lostTrackOf({ cluster: { main } }: Facts): boolean {
  return main !== null && isLostTrack(main.reason, main.exitCode);
}

/** A foreign message as a sentence. */
export function said(message: string | null): string {
  return message === null ? "the cluster says no more." : sentence(oneLine(message));
}

/** " for 30 min", or nothing when the time is not known. */
export function forSeconds(seconds: unknown): string {
  const known = waited(seconds);
  return known === "" ? "" : ` for${known}`;
}

/** " 30 min", or nothing when the time is not known. */
export function waited(seconds: unknown): string {
  const known = number(seconds);
  return known === null ? "" : ` ${durationWords(known)}`;
}
