import type { Container } from "../objects/types.ts";
import { judgeImage } from "./images.ts";
import { pause, type NodeContext } from "./node.ts";

const backoffFirstMilliseconds = 10_000;
const backoffMostMilliseconds = 300_000;
const backoffToldMilliseconds = 2000;

/** Where the attempts are told: events, and the container's waiting state. */
export interface PullReport {
  record(type: "Normal" | "Warning", reason: string, message: string): void;
  waiting(reason: string, message: string): void;
}

/** Gets the image onto the node, however often it takes. False when the pod was stopped before. */
export async function obtainImage(
  node: NodeContext,
  spec: Container,
  report: PullReport,
  signal: AbortSignal,
): Promise<boolean> {
  const { image } = spec;
  for (let backoff = backoffFirstMilliseconds; !signal.aborted;) {
    const answer = judgeImage(image, spec.imagePullPolicy ?? "IfNotPresent", node.lookUpImage);
    if (answer.kind === "ready") {
      await pull(
        node,
        spec,
        answer.state.kind === "pullable" ? (answer.state.pullMilliseconds ?? 0) : null,
        report,
        signal,
      );
      return !signal.aborted;
    }
    const { reason, message } = answer;
    if (reason === "ErrImagePull") {
      report.record("Normal", "Pulling", `Pulling image "${image}"`);
      report.record("Warning", "Failed", `Failed to pull image "${image}": ${message}`);
    } else {
      report.record("Warning", reason === "InvalidImageName" ? "InspectFailed" : reason, message);
    }
    report.record("Warning", "Failed", `Error: ${reason}`);
    report.waiting(reason, message);
    if (reason === "ErrImagePull") {
      // The kubelet's next look says that it holds back, a while after the attempt.
      await pause(node.clock, backoffToldMilliseconds, signal);
      if (signal.aborted) return false;
      report.record("Normal", "BackOff", `Back-off pulling image "${image}"`);
      report.record("Warning", "Failed", "Error: ImagePullBackOff");
      report.waiting("ImagePullBackOff", `Back-off pulling image "${image}": ErrImagePull: ${message}`);
    }
    await pause(node.clock, backoff, signal);
    backoff = Math.min(backoff * 2, backoffMostMilliseconds);
  }
  return false;
}

/** `milliseconds` null: the image was on the node from the start. */
async function pull(
  node: NodeContext,
  spec: Container,
  milliseconds: number | null,
  report: PullReport,
  signal: AbortSignal,
): Promise<void> {
  const { image } = spec;
  const here = milliseconds === null || node.pulled.has(image);
  if (here && spec.imagePullPolicy !== "Always") {
    report.record("Normal", "Pulled", `Container image "${image}" already present on machine`);
    return;
  }
  report.record("Normal", "Pulling", `Pulling image "${image}"`);
  await pause(node.clock, milliseconds ?? 0, signal);
  if (signal.aborted) return;
  node.pulled.add(image);
  const took = `${milliseconds ?? 0}ms`;
  report.record(
    "Normal",
    "Pulled",
    `Successfully pulled image "${image}" in ${took} (${took} including waiting). Image size: 1000000 bytes.`,
  );
}
