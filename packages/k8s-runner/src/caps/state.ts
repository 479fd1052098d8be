/** Who runs and who waits under one cap. Pure: every change is a function from a state to the next one. */

export interface CapEntry {
  /** Of one claim: no two are the same. */
  readonly ticket: string;
  /** Identity of the process, which is the name of its Lease. */
  readonly owner: string;
  readonly runId: string;
  readonly jobName: string;
  /** ISO 8601, by the API server's clock: since when it runs, or waits. */
  readonly since: string;
  /** The Job that fills the place; `null`: none may have been released yet. */
  readonly jobUid: string | null;
}

export interface CapState {
  readonly running: readonly CapEntry[];
  /** First come, first served. */
  readonly waiting: readonly CapEntry[];
}

export const emptyCap: CapState = { running: [], waiting: [] };

/** The object that holds them has room for a few hundred KiB. */
export const mostWaiting = 500;

export type Entered =
  | { readonly kind: "running" }
  | { readonly kind: "waiting"; readonly position: number }
  /** Too many wait. */
  | { readonly kind: "full" };

/** Takes a free place if nobody came before, else a place in the line. */
export function enter(
  state: CapState,
  entry: CapEntry,
  limit: number,
): { readonly state: CapState; readonly entered: Entered } {
  const { ticket } = entry;
  if (state.running.some((each) => each.ticket === ticket)) return { state, entered: { kind: "running" } };
  const index = state.waiting.findIndex((each) => each.ticket === ticket);
  const ahead = index === -1 ? state.waiting.length : index;
  if (ahead === 0 && state.running.length < limit) {
    const waiting = state.waiting.filter((each) => each.ticket !== ticket);
    return { state: { running: [...state.running, entry], waiting }, entered: { kind: "running" } };
  }
  if (index !== -1) return { state, entered: { kind: "waiting", position: ahead + 1 } };
  if (ahead >= mostWaiting) return { state, entered: { kind: "full" } };
  return {
    state: { ...state, waiting: [...state.waiting, entry] },
    entered: { kind: "waiting", position: ahead + 1 },
  };
}

export interface Filling extends CapEntry {
  readonly jobUid: string;
}

/**
 * A Job is about to be released: from here on its place is taken until it is over, whatever becomes of its process. `replaces` is
 * the Job of the same run that it stands for. `null`: the place was given to somebody else meanwhile, and there is no other.
 */
export function fill(
  state: CapState,
  filling: Filling,
  { limit, replaces }: { readonly limit: number; readonly replaces: string | null },
): CapState | null {
  const isOwn = ({ ticket, jobUid }: CapEntry): boolean =>
    ticket === filling.ticket || (replaces !== null && jobUid === replaces);
  if (state.running.some(isOwn))
    return { ...state, running: state.running.map((each) => (isOwn(each) ? filling : each)) };
  return state.running.length < limit ? { ...state, running: [...state.running, filling] } : null;
}

export function leave(state: CapState, isGone: (entry: CapEntry) => boolean): CapState {
  const stays = (entry: CapEntry): boolean => !isGone(entry);
  if (state.running.every(stays) && state.waiting.every(stays)) return state;
  return { running: state.running.filter(stays), waiting: state.waiting.filter(stays) };
}

export function isEmpty({ running, waiting }: CapState): boolean {
  return running.length === 0 && waiting.length === 0;
}

/** As it is kept. Somebody else may have written it: what is no entry is left out. */
export function readCap(text: string | undefined): CapState {
  try {
    const { running, waiting } = JSON.parse(text ?? "{}") as Record<string, unknown>;
    return { running: entriesOf(running), waiting: entriesOf(waiting) };
  } catch {
    return emptyCap;
  }
}

export function writeCap(state: CapState): string {
  return JSON.stringify(state);
}

function entriesOf(value: unknown): readonly CapEntry[] {
  return (Array.isArray(value) ? value : []).filter((each): each is CapEntry => {
    if (typeof each !== "object" || each === null) return false;
    const entry = each as Readonly<Record<string, unknown>>;
    const isText = ["ticket", "owner", "runId", "jobName", "since"].every(
      (name) => typeof entry[name] === "string",
    );
    return isText && (entry["jobUid"] === null || typeof entry["jobUid"] === "string");
  });
}
