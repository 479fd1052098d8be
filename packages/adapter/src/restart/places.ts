import type { Cluster, Runner } from "@claude-k8s/k8s-runner";

import type { Place } from "./memory.ts";

/** Opens the way to a place, after the operator's rules have been asked once more. Rejects where it is closed. */
export type OpenPlace = (place: Place) => Promise<{ readonly runner: Runner; readonly cluster: Cluster }>;

export interface PlaceSources {
  /** Where runs were, by what is remembered of them. */
  readonly remembered: () => Promise<readonly Place[]>;
  /** Where runs may be beside those, such as the namespace of the server's own pod. */
  readonly usual?: () => Promise<readonly Place[]>;
}

/** Every namespace of a cluster once, with all places there: several companies may share it. */
export async function placeGroups({
  remembered,
  usual,
}: PlaceSources): Promise<ReadonlyMap<string, readonly Place[]>> {
  const all = [...(await remembered()), ...((await usual?.()) ?? [])];
  return Map.groupBy(all, ({ kubeconfig, namespace }) => `${kubeconfig ?? ""}\0${namespace}`);
}

/** The operator may have closed a place for one company and not for another. */
export async function openOne(places: readonly Place[], open: OpenPlace): ReturnType<OpenPlace> {
  let last: unknown = new Error("no place");
  for (const place of places) {
    try {
      return await open(place);
    } catch (error) {
      last = error;
    }
  }
  throw last;
}
