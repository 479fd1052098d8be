import type { RunListing } from "@claude-k8s/k8s-runner";

import { reattachLabel } from "../claude/run-spec.ts";

/** What is known of one run that has lost its supervisor. Times are milliseconds of one clock. */
export interface Orphan {
  readonly seenAt: number;
  /** The last time that the host took a call for a successor; `null`: it has not. */
  readonly wokenAt: number | null;
  readonly wakes: number;
  /** Nothing more is done about it: the host refuses, or it was called for often enough. */
  readonly over: boolean;
}

export type Orphans = ReadonlyMap<string, Orphan>;

/** A supervisor that lost the API server for a moment renews its Lease within that time. */
const confirmMilliseconds = 5000;
/** A run that the host has queued begins within seconds; one that did not come was lost with another restart. */
const againMilliseconds = 300_000;
const mostWakes = 3;

/** Of what the cluster lists, the runs that outlived their server: theirs is a live run or an ending that nobody has collected. */
export function isOrphan(listing: RunListing, adapterType: string): boolean {
  return (
    // A forged Job must not make the server call anybody.
    listing.sealed !== false &&
    !listing.supervised &&
    listing.concludedAt === null &&
    listing.state !== "terminating" &&
    listing.labels["paperclip.io/adapter-type"] === adapterType &&
    // Its agent's settings say that no run takes it over.
    listing.labels[reattachLabel] !== "never"
  );
}

/** Which of them a successor has to be called for now, and what is then known. */
export function nextWakes(
  known: Orphans,
  listed: readonly RunListing[],
  now: number,
): { readonly orphans: Orphans; readonly wake: readonly RunListing[] } {
  const orphans = new Map<string, Orphan>();
  const wake: RunListing[] = [];
  for (const listing of listed) {
    const uid = listing.ref.jobUid;
    const orphan = known.get(uid) ?? { seenAt: now, wokenAt: null, wakes: 0, over: false };
    orphans.set(uid, orphan);
    const confirmed = now - orphan.seenAt >= confirmMilliseconds;
    const due = orphan.wokenAt === null || now - orphan.wokenAt >= againMilliseconds;
    if (!orphan.over && confirmed && due) wake.push(listing);
  }
  return { orphans, wake };
}

export function afterWake(orphan: Orphan, now: number): Orphan {
  const wakes = orphan.wakes + 1;
  return { ...orphan, wokenAt: now, wakes, over: wakes >= mostWakes };
}
