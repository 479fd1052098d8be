/** What the process of the 500 follows is asked to do, and what it tells. */

export const FOLLOWS = 500;
/** Lines of each container, one a second. */
export const FOLLOWED_LINES = 45;
export interface FollowsTask {
  readonly namespace: string;
  /** Empty: the process starts runs of its own. */
  readonly pods: readonly { readonly podName: string; readonly podUid: string }[];
}

export interface FollowsReport {
  readonly connections: number;
  readonly residentBytes: number;
  /** Resident before anything was followed. */
  readonly idleBytes: number;
  /** Of one core, while all were followed. */
  readonly coreShare: number;
  readonly polled: number;
  readonly whole: number;
  readonly gaps: number;
}

export function followedLine(index: number): string {
  return `${index} ${"x".repeat(120)}`;
}

/** For the local cluster. */
export function* followedSteps(): Generator<{ stdout: string; afterMilliseconds: number }> {
  for (let index = 0; index < FOLLOWED_LINES; index++)
    yield { stdout: `${followedLine(index)}\n`, afterMilliseconds: 1000 };
}
