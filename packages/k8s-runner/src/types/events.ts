/** What happens to a run, as it happens. Noun first; every event carries the time at which we saw it (ISO 8601). */

import type { FilesLeftOut, FilesReturn } from "./copies.ts";
import type { LogGap } from "./evidence.ts";

interface At {
  readonly at: string;
}

export type RunEvent = At &
  (
    | { readonly type: "job-created" | "job-released"; readonly jobName: string }
    | { readonly type: "job-queued"; readonly queueName: string | null; readonly message: string | null }
    | {
        readonly type: "job-adopted";
        readonly jobName: string;
        readonly previousSupervisor: string | null;
        readonly replay: "spool" | "cursor" | "start";
      }
    | { readonly type: "pod-creation-failing"; readonly reason: string; readonly message: string }
    | { readonly type: "pod-created"; readonly podName: string }
    /** A second pod that claims to be the run's. Before one of them is followed, that ends the run: nobody can tell which one is. */
    | { readonly type: "pod-contested"; readonly podName: string }
    | { readonly type: "pod-unschedulable"; readonly message: string }
    | { readonly type: "pod-gated"; readonly message: string | null }
    | { readonly type: "pod-scheduled"; readonly podName: string; readonly nodeName: string }
    | { readonly type: "scale-up-triggered" | "scale-up-not-triggered"; readonly message: string }
    | { readonly type: "image-pulling"; readonly image: string }
    | {
        readonly type: "image-pull-retrying";
        readonly image: string;
        readonly reason: string;
        readonly message: string | null;
      }
    | {
        readonly type: "container-waiting";
        readonly container: string;
        readonly reason: string;
        readonly message: string | null;
      }
    | { readonly type: "init-container-started" | "init-container-finished"; readonly container: string }
    | {
        readonly type: "container-started";
        readonly podName: string;
        readonly nodeName: string | null;
        readonly startedAt: string | null;
      }
    | { readonly type: "container-terminated"; readonly exitCode: number; readonly reason: string | null }
    | { readonly type: "pod-disrupted"; readonly reason: string; readonly message: string | null }
    | { readonly type: "pod-recreated"; readonly reason: string; readonly podName: string | null }
    | { readonly type: "node-unreachable" | "node-reachable"; readonly nodeName: string | null }
    | { readonly type: "preempting-others"; readonly message: string }
    | { readonly type: "log-connected"; readonly resumedFrom: string | null }
    | { readonly type: "log-disconnected"; readonly reason: string; readonly retryInMilliseconds: number }
    | { readonly type: "log-polling"; readonly reason: string; readonly intervalMilliseconds: number }
    | { readonly type: "log-following" }
    /** A stretch of output that the log had lost came out of its record. */
    | { readonly type: "log-fetched"; readonly bytes: number }
    | ({ readonly type: "gap" } & LogGap)
    | { readonly type: "api-unreachable"; readonly message: string; readonly since: string }
    | { readonly type: "api-reachable"; readonly afterSeconds: number }
    | {
        readonly type: "stop-requested";
        readonly by: string;
        readonly reason: string;
        readonly graceSeconds: number;
      }
    | { readonly type: "stop-forced" }
    | { readonly type: "supervision-lost"; readonly newSupervisor: string | null }
    /** So much has been sent into the pod, or has come back, so far. */
    | { readonly type: "files-sending" | "files-fetching"; readonly bytes: number }
    | ({
        readonly type: "files-sent";
        readonly entries: number;
        readonly bytes: number;
        /** What of them the cache had already; not given where there is none. */
        readonly fromCache?: { readonly files: number; readonly bytes: number };
      } & FilesLeftOut)
    /** The cache could not be used, or filled, because of what `message` says: what it has not given was sent. */
    | { readonly type: "files-cache-unused"; readonly message: string }
    | { readonly type: "files-interrupted"; readonly direction: "in" | "out"; readonly message: string }
    | ({ readonly type: "files-returned" } & Omit<Extract<FilesReturn, { kind: "returned" }>, "kind">)
    | ({ readonly type: "files-lost" } & Omit<Extract<FilesReturn, { kind: "lost" }>, "kind">)
    | { readonly type: "warning"; readonly message: string }
  );
