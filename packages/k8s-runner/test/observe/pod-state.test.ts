/** What a pod is doing: one row a branch, each with its near miss. */

import { describe, expect, test } from "vitest";
import { podState } from "../../src/observe/pod-state.ts";
import { condition, container, ended, init, nothingYet, pod, running, sidecar, waiting } from "./evidence.ts";

const preparing = { kind: "preparing", reason: null, message: null };
const main = (state = waiting("PodInitializing")) => container(state);

const rows: readonly (readonly [string, ReturnType<typeof pod>, object])[] = [
  ["the main container runs", pod([main(running)]), { kind: "running", startedAt: "2026-01-01T00:00:00Z" }],
  ["the main container has ended", pod([main(ended(0))]), { kind: "ended" }],
  [
    "the pod has failed, and nobody knows of its container",
    pod([main(nothingYet)], { phase: "Failed" }),
    { kind: "ended" },
  ],
  ["the pod has succeeded", pod([main(nothingYet)], { phase: "Succeeded" }), { kind: "ended" }],
  [
    "a helper beside it has ended",
    pod([main(running), container(ended(1), { name: "helper" })]),
    { kind: "running" },
  ],
  [
    "an init container has the main one's name",
    pod([init(ended(0), { name: "main" }), main(running)]),
    { kind: "running" },
  ],
  // Before there is a node.
  ["nobody has looked for a node", pod([main(nothingYet)], { nodeName: null }), { kind: "unscheduled" }],
  [
    "it has been placed, and the name comes later",
    pod([main(nothingYet)], { nodeName: null, conditions: [condition("PodScheduled")] }),
    { kind: "unscheduled" },
  ],
  [
    "a scheduling gate",
    pod([main(nothingYet)], {
      nodeName: null,
      conditions: [condition("PodScheduled", "SchedulingGated", { status: "False", message: "gated" })],
    }),
    { kind: "gated", message: "gated" },
  ],
  [
    "no node fits",
    unschedulable("0/3 nodes are available: 3 Insufficient cpu."),
    { kind: "unschedulable", volume: false },
  ],
  [
    "no volume is bound",
    unschedulable("pod has unbound immediate PersistentVolumeClaims"),
    { kind: "unschedulable", volume: true },
  ],
  [
    "a volume is elsewhere",
    unschedulable("1 node(s) had volume node affinity conflict"),
    { kind: "unschedulable", volume: true },
  ],
  [
    "many volumes fit nowhere, but that is a matter of nodes",
    unschedulable("too many pods, volume"),
    { volume: false },
  ],
  // Init containers.
  [
    "the first init container runs",
    pod([init(running), main()]),
    { kind: "initializing", container: "prepare" },
  ],
  [
    "one that says that it has started is no sidecar",
    pod([init(running, { started: true }), main()]),
    { kind: "initializing" },
  ],
  [
    "the first has ended, the second runs",
    pod([init(ended(0)), init(running, { name: "b" }), main()]),
    { container: "b" },
  ],
  ["an init container has failed", pod([init(ended(1)), main()]), { kind: "ended" }],
  ["all have ended", pod([init(ended(0)), main()]), { kind: "preparing", reason: "PodInitializing" }],
  ["nothing is known of them yet", pod([init(nothingYet), main(nothingYet)]), preparing],
  [
    "the image of the first is missing",
    pod([init(waiting("ErrImagePull", "not found")), main()]),
    { kind: "image-waiting", container: "prepare", final: true },
  ],
  [
    "the second only waits for the first",
    pod([init(running), init(waiting("PodInitializing"), { name: "b" }), main()]),
    { kind: "initializing", container: "prepare" },
  ],
  // Sidecars.
  [
    "a sidecar runs, and the main container is made",
    pod([sidecar(running), main()]),
    { kind: "preparing", reason: "PodInitializing" },
  ],
  [
    "a sidecar's startup probe has not passed",
    pod([sidecar(running, { started: false }), main()]),
    { kind: "initializing", container: "proxy" },
  ],
  [
    "a kubelet that says nothing of a start",
    pod([sidecar(running, { started: null }), main()]),
    { kind: "preparing" },
  ],
  [
    "a sidecar runs, the image of main is missing",
    pod([sidecar(running), main(waiting("ErrImageNeverPull"))]),
    { kind: "image-waiting", container: "main", invalid: true },
  ],
  [
    "a sidecar runs, a Secret of main is missing",
    pod([sidecar(running), main(waiting("CreateContainerConfigError"))]),
    { kind: "config-waiting" },
  ],
  [
    "a sidecar has fallen over before main began",
    pod([sidecar(ended(1)), main()]),
    { kind: "init-restarting", container: "proxy", reason: "Error" },
  ],
  [
    "an init container with a policy of its own has failed",
    pod([init(ended(1), { restartPolicy: "OnFailure" }), main()]),
    { kind: "init-restarting", container: "prepare", reason: "Error" },
  ],
  [
    "… and waits before its next try",
    pod([init(waiting("CrashLoopBackOff", "back-off 10s"), { restartPolicy: "OnFailure" }), main()]),
    { kind: "init-restarting", container: "prepare", reason: "CrashLoopBackOff" },
  ],
  [
    "an init container that follows the pod's policy has failed",
    pod([init(ended(1)), main()]),
    { kind: "ended" },
  ],
  ["a sidecar has ended with 0", pod([sidecar(ended(0)), main()]), { kind: "init-restarting" }],
  [
    "a sidecar is started again and again",
    pod([sidecar(waiting("CrashLoopBackOff", "back-off 10s")), main()]),
    { kind: "init-restarting", message: "back-off 10s" },
  ],
  [
    "a sidecar has fallen over, and main waits for its own image",
    pod([sidecar(waiting("CrashLoopBackOff")), main(waiting("ImagePullBackOff", "denied"))]),
    { kind: "image-waiting", container: "main", final: true },
  ],
  [
    "the image of a sidecar is missing",
    pod([sidecar(waiting("ImagePullBackOff", "not found")), main()]),
    { kind: "image-waiting", container: "proxy", final: true },
  ],
  [
    "a Secret of a sidecar is missing",
    pod([sidecar(waiting("CreateContainerConfigError", "no key")), main()]),
    { kind: "config-waiting", message: "no key" },
  ],
  [
    "a sidecar is being made",
    pod([sidecar(waiting("PodInitializing")), main()]),
    { kind: "preparing", reason: "PodInitializing" },
  ],
  ["nothing is known of a sidecar yet", pod([sidecar(nothingYet), main(nothingYet)]), preparing],
  [
    "a sidecar is up, an init container after it runs",
    pod([sidecar(running), init(running), main()]),
    { kind: "initializing", container: "prepare" },
  ],
  ["a sidecar falls over while main runs", pod([sidecar(ended(1)), main(running)]), { kind: "running" }],
  ["a sidecar ends after main", pod([sidecar(ended(143)), main(ended(0))]), { kind: "ended" }],
  // The main container's own reasons.
  [
    "it is created",
    pod([main(waiting("ContainerCreating"))]),
    { kind: "preparing", reason: "ContainerCreating" },
  ],
  ["no reason is given", pod([main(waiting(null))]), preparing],
  [
    "a reason that nobody knows",
    pod([main(waiting("SomethingNew", "words"))]),
    { kind: "preparing", reason: "SomethingNew", message: "words" },
  ],
  ...[
    "ErrImagePull",
    "ImagePullBackOff",
    "ImageInspectError",
    "RegistryUnavailable",
    "SignatureValidationFailed",
  ].map(
    (reason) =>
      [
        `image: ${reason}`,
        pod([main(waiting(reason, "toomanyrequests"))]),
        { kind: "image-waiting", reason, final: false, invalid: false },
      ] as const,
  ),
  ...["InvalidImageName", "ErrImageNeverPull"].map(
    (reason) =>
      [
        `image: ${reason}`,
        pod([main(waiting(reason))]),
        { kind: "image-waiting", reason, final: true, invalid: true },
      ] as const,
  ),
  ...[
    "CreateContainerError",
    "RunContainerError",
    "CrashLoopBackOff",
    "PreCreateHookError",
    "PostStartHookError",
  ].map(
    (reason) =>
      [
        `start: ${reason}`,
        pod([main(waiting(reason, "words"))]),
        { kind: "start-failing", reason, message: "words" },
      ] as const,
  ),
  [
    "config: CreateContainerConfigError",
    pod([main(waiting("CreateContainerConfigError", "words"))]),
    { kind: "config-waiting", message: "words" },
  ],
];

test.each(rows)("%s", (_, seen, expected) => {
  expect(podState(seen, "main")).toMatchObject(expected);
});

describe("whether another pull can help", () => {
  test.each([
    "manifest for registry.example/agent:1 not found: manifest unknown",
    "pull access denied, repository does not exist or may require 'docker login'",
    "unauthorized: authentication required",
    "403 Forbidden",
    "no match for platform in manifest",
    "no matching manifest for linux/arm64/v8 in the manifest list entries",
    "couldn't parse image name: invalid reference format",
    "signature validation failed",
    'not implemented: media type "application/vnd.docker.distribution.manifest.v1+prettyjws" is no longer supported since containerd v2.1',
    "unsupported manifest media type and digest",
    "412 Precondition Failed: current image with 12 vulnerabilities cannot be pulled due to configured policy",
    'short-name "agent:1" did not resolve to an alias and no unqualified-search registries are defined',
  ])("no: %s", (message) => {
    expect(podState(pod([main(waiting("ErrImagePull", message))]), "main")).toMatchObject({ final: true });
  });
  test.each([
    "dial tcp: lookup registry.example: no such host (not found)",
    "dial tcp 10.0.0.1:443: connect: connection refused",
    "read: connection reset by peer",
    "net/http: TLS handshake timeout, manifest not found",
    "context deadline exceeded: request timed out: not found",
    "unexpected EOF: not found",
    "toomanyrequests: You have reached your pull rate limit. denied",
    "unexpected status code 429: denied",
    "received unexpected HTTP status: 503 Service Unavailable: denied",
    "net/http: timeout awaiting response headers (media type is supported)",
    "something else",
  ])("yes: %s", (message) => {
    expect(podState(pod([main(waiting("ErrImagePull", message))]), "main")).toMatchObject({ final: false });
  });
  test("without a word", () => {
    expect(podState(pod([main(waiting("ErrImagePull"))]), "main")).toMatchObject({ final: false });
  });
});

function unschedulable(message: string) {
  const scheduled = condition("PodScheduled", "Unschedulable", { status: "False", message });
  return pod([main(nothingYet)], { nodeName: null, conditions: [scheduled] });
}
