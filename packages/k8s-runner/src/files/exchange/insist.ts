/** A journey of the copied folders, begun again until they are there, or it is certain that they will never be. */

import { createBackoff } from "../../async/backoff.ts";
import type { Clock } from "../../clock.ts";
import { holderContainer, mainContainer, receiverContainer } from "../../manifest/names.ts";
import { mainState } from "../../observe/containers.ts";
import type { View } from "../../observe/view.ts";
import type { FilesLeftOut, FilesReturn, FilesTrouble } from "../../types/copies.ts";
import type { RunFailure } from "../../types/exit.ts";
import type { Journeys } from "./journeys.ts";
import { createPatience, patienceAfter } from "./patience.ts";
import type { Patience } from "./patience.ts";
import type { Interruption } from "./program.ts";

/** The holder may have to be found again, and what is there to be sent, after the time for which it promised to stay. */
const lateMilliseconds = 30_000;
const forbiddenMilliseconds = 60_000;

interface Insisting {
  readonly clock: Clock;
  readonly view: () => View;
  readonly journeys: Journeys;
  readonly signal: AbortSignal;
}

/** `over`: the container that takes them has ended. */
export type Sent =
  | { readonly kind: "in"; readonly leftOut: FilesLeftOut | null }
  | { readonly kind: "failed"; readonly failure: RunFailure }
  | { readonly kind: "over" };

/** Rejects only with `signal.reason`. */
export async function sendUntilIn({
  clock,
  view,
  journeys,
  patience,
  signal,
}: Insisting & { readonly patience: Patience }): Promise<Sent> {
  const backoff = createBackoff({ first: 500, last: 10_000, random: () => clock.random() });
  while (isReceiving(view())) {
    const outcome = await journeys.send(signal);
    if (outcome.kind === "sent") return { kind: "in", leftOut: outcome.leftOut };
    if (outcome.kind === "failed") return outcome;
    const { message, trouble } = outcome;
    const waitedSeconds = patience.endsWith(trouble, clock.now());
    if (trouble !== null && waitedSeconds !== null) {
      const failure = { kind: "start-timeout", phase: "files", message, waitedSeconds, trouble } as const;
      return { kind: "failed", failure };
    }
    await clock.sleep(backoff.next(), signal);
  }
  return { kind: "over" };
}

/** `promisedSeconds`: for so long the holder stays. Rejects only with `signal.reason`. */
export async function fetchUntilBack({
  clock,
  view,
  journeys,
  promisedSeconds,
  signal,
}: Insisting & { readonly promisedSeconds: number }): Promise<FilesReturn> {
  const backoff = createBackoff({ first: 500, last: 10_000, random: () => clock.random() });
  const until = clock.now() + promisedSeconds * 1000 + lateMilliseconds;
  const patience = createPatience(patienceAfter);
  let forbiddenSince: number | null = null;
  for (;;) {
    const outcome = await journeys.fetch(signal, isHolding(view()));
    if (outcome.kind === "returned" || outcome.kind === "lost") return outcome;
    if (outcome.kind === "refused") {
      // Rights that were taken away by mistake are given back while the pod waits.
      forbiddenSince ??= clock.now();
      const { message } = outcome.error;
      if (!isHolding(view()) || clock.now() - forbiddenSince > forbiddenMilliseconds)
        return { kind: "lost", reason: "forbidden", message };
    } else {
      const { message, trouble } = outcome;
      if (!isHolding(view())) return lost(view(), outcome);
      if (patience.endsWith(trouble, clock.now()) !== null)
        return { kind: "lost", reason: "unavailable", message };
      if (clock.now() > until) return { kind: "lost", reason: reasonOf(trouble) ?? "time-over", message };
    }
    await clock.sleep(backoff.next(), signal);
  }
}

export function isReceiving(view: View): boolean {
  return stateIn(view, receiverContainer)?.kind === "running";
}

export function isHolding(view: View): boolean {
  return stateIn(view, holderContainer)?.kind === "running";
}

function stateIn(view: View, container: string) {
  return view.pod?.containers.find(({ name }) => name === container)?.state ?? null;
}

function reasonOf(trouble: FilesTrouble | null): "disk-full" | null {
  return trouble === "server-disk-full" ? "disk-full" : null;
}

function lost(view: View, { message, trouble }: Interruption): FilesReturn {
  const holder = stateIn(view, holderContainer);
  const ended = mainState(view.pod, mainContainer).kind === "terminated";
  const byItself = holder?.kind === "terminated" && holder.exitCode === 0 && ended;
  return { kind: "lost", reason: reasonOf(trouble) ?? (byItself ? "time-over" : "pod-gone"), message };
}
