/** What is known of one run: from the shared watches as hints, from fresh reads as the truth, newest version of each. */

import type { Job, Pod } from "../cluster/wire.ts";
import type { ContainerVerification } from "../logs/follow/follow-context.ts";
import { mainContainer } from "../manifest/names.ts";
import { emptyView, lastSeen, viewOf } from "../observe/view.ts";
import type { View } from "../observe/view.ts";
import type { RunRef } from "../types/run.ts";
import type { RunnerContext } from "../runner-context.ts";
import { confirmMissingMilliseconds, watchLagMilliseconds } from "../timings.ts";
import { newestFirst, readFresh } from "./read-run.ts";
import type { FreshAnswer } from "./read-run.ts";
import { mainHasEnded, podIsOver } from "../observe/containers.ts";
import { podEvidence } from "../observe/evidence.ts";

export interface Tracker {
  /** As last seen, what is gone included. */
  view(): View;
  /** Takes what the watches have. */
  update(): void;
  /** Reads both anew. */
  read(signal: AbortSignal): Promise<FreshAnswer>;
  /** The watches tell what happens. */
  watched(): boolean;
  /** A hint: what the watches had once, they have no more; or they never had it; or the last read did not find the Job. */
  missing(): boolean;
  /** For the follower: what the API says of the container now. */
  verify(signal: AbortSignal): Promise<ContainerVerification>;
  /** The log of this pod is read from now on. */
  follow(podUid: string): void;
  subscribe(listener: () => void): () => void;
}

export function createTracker(context: RunnerContext, ref: RunRef, first: Job): Tracker {
  const { cluster, clock } = context;
  const { jobs, pods } = context.watches.in(ref.namespace);
  let job: Job | null = first;
  let known = new Map<string, Pod>();
  let followed: string | null = null;
  const begunAt = clock.now();
  let jobWasCached = false;
  let jobWasRead = true;
  const podsWereCached = new Set<string>();
  let view = lastSeen(emptyView, viewOf(first, [], mainContainer, null));

  function take(seenJob: Job | null, seenPods: readonly Pod[]): void {
    job = seenJob === null ? null : newer(job, seenJob);
    known = new Map(
      seenPods.map((pod) => [
        pod.metadata?.uid ?? "",
        newer(known.get(pod.metadata?.uid ?? "") ?? null, pod),
      ]),
    );
    view = lastSeen(view, viewOf(job, newestFirst([...known.values()]), mainContainer, followed));
  }
  function update(): void {
    if (!jobs.listed() || !pods.listed()) return;
    const cachedJob = jobs.group(ref.jobUid)[0];
    const cachedPods = pods.group(ref.jobUid);
    jobWasCached ||= cachedJob !== undefined;
    for (const { metadata } of cachedPods) podsWereCached.add(metadata?.uid ?? "");
    // What is missing there stays as it was: only a fresh read may say that it is gone.
    take(cachedJob ?? job, merged(cachedPods, known));
  }
  return {
    view: () => view,
    update,
    watched: () => [jobs, pods].every((watch) => watch.listed() && watch.trouble() === null),
    missing() {
      if (!jobWasRead) return true;
      if (!jobs.listed() || !pods.listed()) return false;
      const late = clock.now() - begunAt > watchLagMilliseconds;
      if (jobs.group(ref.jobUid).length === 0) return jobWasCached || late;
      const uid = view.pod?.uid;
      if (uid === undefined || !podsWereCached.has(uid)) return false;
      return !pods.group(ref.jobUid).some(({ metadata }) => metadata?.uid === uid);
    },
    async read(signal) {
      const answer = await readFresh(context, ref, signal, new Set(known.keys()));
      if (answer.kind === "error") return answer;
      jobWasRead = answer.job !== null;
      take(answer.job, answer.pods);
      return answer;
    },
    async verify(signal) {
      const pod = view.pod;
      if (pod === null) return "unknown";
      const look = () => cluster.get("pods", ref.namespace, pod.name, { signal });
      let answer = await look();
      if (isMissing(answer, pod.uid)) {
        // The watch has told its deletion: two sources agree.
        if (this.missing()) return "gone";
        await clock.sleep(confirmMissingMilliseconds, signal);
        answer = await look();
        if (isMissing(answer, pod.uid)) return "gone";
      }
      if (answer.kind === "error") return "unknown";
      take(job, merged([answer.value], known));
      return isTerminated(answer.value) ? "terminated" : "running";
    },
    follow(podUid) {
      followed = podUid;
      take(job, [...known.values()]);
    },
    subscribe(listener) {
      // At once: a pod's last state and its deletion may come in one piece, and the state would never be seen.
      const told = (): void => {
        update();
        listener();
      };
      const unsubscribe = [jobs.subscribe(ref.jobUid, told), pods.subscribe(ref.jobUid, told)];
      return () => {
        for (const end of unsubscribe) end();
      };
    },
  };
}

type PodAnswer = Awaited<ReturnType<RunnerContext["cluster"]["get"]>>;

/** Gone, or another pod of the same name. */
function isMissing(answer: PodAnswer, uid: string): boolean {
  return answer.kind === "error" ? answer.error.kind === "not-found" : answer.value.metadata?.uid !== uid;
}

function isTerminated(pod: Pod): boolean {
  return podIsOver(pod.status) || mainHasEnded(podEvidence(pod), mainContainer);
}

function merged(seen: readonly Pod[], known: ReadonlyMap<string, Pod>): readonly Pod[] {
  const all = new Map(known);
  for (const pod of seen)
    all.set(pod.metadata?.uid ?? "", newer(known.get(pod.metadata?.uid ?? "") ?? null, pod));
  return [...all.values()];
}

/** A watch may tell an older version than a read that has overtaken it. Versions of one object are numbers that grow. */
function newer<T extends Job | Pod>(before: T | null, now: T): T {
  const old = Number(before?.metadata?.resourceVersion);
  const fresh = Number(now.metadata?.resourceVersion);
  return before !== null && before.metadata?.uid === now.metadata?.uid && old > fresh ? before : now;
}
