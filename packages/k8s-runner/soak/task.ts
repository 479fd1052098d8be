import type { LogDefects } from "../src/logs/follow/follow-context.ts";
import type { ExecWay } from "./exec/open-exec.ts";
import type { ShapeOptions } from "./shape.ts";

/** What a supervising process of a soak is to do, as its parent tells it. */
export interface SupervisorTask {
  readonly kubeconfigPath: string;
  /** `null`: no run needs it. */
  readonly exec: ExecWay | null;
  readonly namespace: string;
  readonly image: string;
  readonly folder: string;
  readonly spoolFolder: string;
  readonly identity: string;
  /** Numbers of the runs, those of an earlier process first. */
  readonly runs: readonly number[];
  readonly concurrency: number;
  /** Milliseconds since the epoch: after it, only what was begun is brought to its end. */
  readonly newRunsUntil: number;
  readonly shape: ShapeOptions;
  /** Every consumer keeps a cursor: there will be nothing to replay from. */
  readonly cursorsOnly: boolean;
  readonly hangSeconds: number;
  readonly defects: LogDefects;
  /** Kill the process in the middle of this write to a spool; `null`: never. */
  readonly dieInSpoolWrite: number | null;
  /** Kill the process at this chunk of an exec session; `null`: never. */
  readonly dieInExec: number | null;
  /** Kill the process when it has called its host so often; `null`: never. */
  readonly dieInCallback: number | null;
}
