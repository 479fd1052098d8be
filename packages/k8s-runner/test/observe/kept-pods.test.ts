/** Which pods are ended for what they only keep: never one whose command may still run, nor one in which anything else goes on. */

import { expect, test } from "vitest";
import type { V1ContainerState } from "../../src/cluster/kubernetes-types.ts";
import type { Pod } from "../../src/cluster/wire.ts";
import { keptPods } from "../../src/remove/end-keepers.ts";

const running: V1ContainerState = { running: {} };
const ended: V1ContainerState = { terminated: { exitCode: 0 } };
const waiting: V1ContainerState = { waiting: { reason: "ContainerCreating" } };

type States = Readonly<Record<string, V1ContainerState | null>>;

/** `null`: its node says nothing of it. */
function podOf(states: States, phase: string, sidecar: boolean): Pod {
  const names = Object.keys(states);
  const proxy = sidecar ? [{ name: "proxy", restartPolicy: "Always" }] : [];
  return {
    metadata: { name: "pod", uid: "u" },
    spec: { initContainers: proxy, containers: names.map((name) => ({ name })) },
    status: {
      phase,
      containerStatuses: names.flatMap((name) => {
        const state = states[name];
        return state == null ? [] : [{ name, state }];
      }),
      initContainerStatuses: proxy.map(({ name }) => ({ name, state: running })),
    },
  } as unknown as Pod;
}

test.each<[string, States, boolean, { readonly phase?: string; readonly sidecar?: boolean }?]>([
  ["the files alone are kept", { main: ended, "files-holder": running }, true],
  ["the record alone is kept", { main: ended, record: running }, true],
  ["both are kept", { main: ended, "files-holder": running, record: running }, true],
  ["one of both is over", { main: ended, "files-holder": running, record: ended }, true],
  ["beside a sidecar of the kubelet's", { main: ended, "files-holder": running }, true, { sidecar: true }],
  ["the command runs", { main: running, "files-holder": running }, false],
  ["the command has not begun", { main: waiting, "files-holder": running }, false],
  ["nothing is known of the command", { main: null, "files-holder": running }, false],
  ["another container goes on", { main: ended, "files-holder": running, closing: running }, false],
  ["all have ended", { main: ended, "files-holder": ended }, false],
  ["the pod is over", { main: ended, "files-holder": running }, false, { phase: "Failed" }],
])("%s", (_, states, expected, { phase = "Running", sidecar = false } = {}) => {
  expect(keptPods([podOf(states, phase, sidecar)])).toHaveLength(expected ? 1 : 0);
});
