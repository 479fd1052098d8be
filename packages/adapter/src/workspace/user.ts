/** As whom an agent's pod works on a volume that it shares with the server. Pure. */

import type { ServerPod } from "../own-pod/find.ts";

export interface PodUser {
  readonly runAsUser: number;
  readonly runAsGroup: number;
  /** `null`: none, so that the kubelet leaves the owners of the volume's files alone. */
  readonly fsGroup: number | null;
}

/** The runner's own, where nothing says another one. */
const ordinaryUser = 1000;

/** The server's, so that each can write what the other has written; root has no place in an agent's pod. */
export function userOf({
  pod,
  user,
}: Extract<ServerPod, { kind: "pod" }>): PodUser & { readonly follows: boolean } {
  const { fsGroup } = pod;
  if (user === null || user.uid === 0)
    return { runAsUser: ordinaryUser, runAsGroup: fsGroup ?? ordinaryUser, fsGroup, follows: false };
  return { runAsUser: user.uid, runAsGroup: user.gid, fsGroup, follows: true };
}
