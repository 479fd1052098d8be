/** The command has ended: waits until the container beside it has looked at the repository, and said what is in it. */

import type { Tracker } from "../follow/known-state.ts";
import { closingContainer, mainContainer } from "../manifest/names.ts";
import type { Supervision } from "../manifest/supervision.ts";
import { podIsOver } from "../observe/containers.ts";
import { hasBegun } from "../observe/view.ts";
import type { RunnerContext } from "../runner-context.ts";
import type { RunFailure } from "../types/exit.ts";
import type { RepositoryEvidence } from "../types/repository.ts";
import { pushFailure, repositoryEvidence } from "./report.ts";

export interface ClosedRepository {
  readonly evidence: RepositoryEvidence;
  /** The work did not reach the server. */
  readonly failure: RunFailure | null;
}

const lookMilliseconds = 500;
/** The watch says it as a rule; now and then it is asked for. */
const readMilliseconds = 10_000;
/** Beside its own time: counting and committing what is there. */
const marginSeconds = 120;

/** `null`: the run has no repository, or nobody can say what is in it. */
export async function whenClosed(
  { clock, closing }: RunnerContext,
  tracker: Tracker,
  { closingSeconds = null }: Supervision,
): Promise<ClosedRepository | null> {
  if (closingSeconds === null || !hasBegun(tracker.view(), mainContainer)) return null;
  const until = clock.now() + (closingSeconds + marginSeconds) * 1000;
  let readAt = clock.now() + readMilliseconds;
  for (;;) {
    const { pod } = tracker.view();
    const state = pod?.containers.find(({ name }) => name === closingContainer)?.state;
    if (state?.kind === "terminated") {
      const evidence = repositoryEvidence(state.message);
      return evidence === null ? null : { evidence, failure: pushFailure(state.message) };
    }
    if (pod === null || state === undefined || podIsOver(pod) || tracker.missing()) return null;
    if (clock.now() > until) return null;
    await clock.sleep(lookMilliseconds, closing);
    tracker.update();
    if (clock.now() < readAt) continue;
    await tracker.read(closing);
    readAt = clock.now() + readMilliseconds;
  }
}
