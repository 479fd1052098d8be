import { type OwnPod, readClaim } from "@claude-k8s/k8s-runner";

import type { WorkspaceRequest } from "../request.ts";
import type { Workspace } from "../workspace.ts";
import type { Pin } from "../pin.ts";

/** A disk that only one node can have ties the agent's pod to the node of the server's. */
export async function pinOf(
  { connection, namespace, signal }: Pick<WorkspaceRequest, "connection" | "namespace" | "signal">,
  { nodeName }: Pick<OwnPod, "nodeName">,
  volumes: NonNullable<Workspace["spec"]["volumes"]>,
): Promise<{ readonly pin: Pin | null; readonly notes: readonly string[] }> {
  if (nodeName === null) return { pin: null, notes: [] };
  const ties = await Promise.all(
    volumes.map(async (volume) => {
      const name = volume.persistentVolumeClaim?.claimName;
      if (name === undefined) return volume.hostPath === undefined ? "free" : "tied";
      const found = await readClaim(connection.cluster, { namespace, name }, { signal });
      if (found.kind !== "found") return "unknown";
      const many = found.claim.accessModes.some(
        (mode) => mode === "ReadWriteMany" || mode === "ReadOnlyMany",
      );
      return many ? "free" : "tied";
    }),
  );
  if (ties.includes("tied"))
    return {
      pin: { kind: "node", node: nodeName, strict: true },
      notes: [
        `On node ${nodeName} only: the volume can be on one node at a time, and the server's pod has it there`,
      ],
    };
  if (!ties.includes("unknown")) return { pin: null, notes: [] };
  return {
    pin: { kind: "node", node: nodeName, strict: false },
    notes: [
      `On node ${nodeName} if it can be: on how many nodes the claim can be mounted, the server may not read`,
    ],
  };
}
