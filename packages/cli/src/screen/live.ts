import type { RunEvent } from "@claude-k8s/k8s-runner";
import type { RunSummary } from "@claude-k8s/stream-parser";

import type { Streams } from "../streams.ts";
import { ageWords } from "./age.ts";
import { costWords, countWords, tokensOf } from "./numbers.ts";
import { createOutputView, showEvent } from "./show.ts";

/** A run while somebody looks on: its output, its events, and a line that says where it stands. */
export interface LiveView {
  push(bytes: Uint8Array): void;
  event(event: RunEvent): void;
  end(): RunSummary;
  /** Takes the status line away; also where the run is left to itself. */
  close(): void;
}

export interface LiveOptions {
  readonly raw: boolean | "on-a-pipe";
  readonly verbose: boolean;
  /** Events are shown; a gap in the output is always told. */
  readonly events: boolean;
  /** Lines of output to leave out at the beginning. */
  readonly skipLines?: number;
}

export function createLiveView(streams: Streams, options: LiveOptions): LiveView {
  const view = createOutputView(streams, options.raw, undefined, options.skipLines);
  const startedAt = Date.now();
  let phase = "starting";
  const draw = (): void => {
    const { own } = view.summary.cost;
    const tokens = tokensOf(own);
    const spent = tokens === 0 ? "" : ` · ${countWords(tokens)} tokens · ${costWords(own)}`;
    streams.status?.set(`▸ ${phase} · ${ageWords((Date.now() - startedAt) / 1000)}${spent}`);
  };
  draw();
  const clock = setInterval(draw, 1000).unref();
  const close = (): void => {
    clearInterval(clock);
    streams.status?.set(null);
  };
  return {
    push(bytes) {
      view.push(bytes);
      draw();
    },
    event(event) {
      phase = phaseOf(event) ?? phase;
      if (options.events || event.type === "gap") showEvent(streams, event, options.verbose);
      draw();
    },
    end() {
      close();
      return view.end();
    },
    close,
  };
}

function phaseOf(event: RunEvent): string | null {
  // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- the others change nothing in where it stands
  switch (event.type) {
    case "job-queued":
    case "pod-gated":
      return "queued";
    case "pod-unschedulable":
      return "waiting for a node";
    case "image-pulling":
    case "image-pull-retrying":
      return "pulling the image";
    case "container-started":
    case "log-connected":
    case "api-reachable":
    case "node-reachable":
      return "running";
    case "container-terminated":
      return "ending";
    case "api-unreachable":
      return "the cluster does not answer";
    case "node-unreachable":
      return "the node does not answer";
    case "stop-requested":
      return "stopping";
    default:
      return null;
  }
}
