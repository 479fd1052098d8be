/** What keeps a pod from being made ready: network and volumes. Rebuilt from public reports; the ending was decided from the documentation before it was tried. */
import { T, creating, ev, pod } from "./objects.ts";
import type { Row } from "./objects.ts";

export const preparing: readonly Row[] = [
  [
    "no network yet",
    creating(
      ev(
        "NetworkNotReady",
        "network is not ready: container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized",
      ),
    ),
    "k8s_start_timeout",
    T,
    /cni plugin not initialized/,
  ],
  [
    "no address left",
    creating(
      ev(
        "FailedCreatePodSandBox",
        'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "0a": plugin type="aws-cni" name="aws-cni" failed (add): add cmd: failed to assign an IP address to container',
      ),
    ),
    "k8s_start_timeout",
    T,
    /assign an IP/,
  ],
  [
    "runtime class handler missing",
    creating(
      ev(
        "FailedCreatePodSandBox",
        'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to get sandbox runtime: no runtime for "gvisor" is configured',
      ),
    ),
    "k8s_start_timeout|k8s_container_start_failed",
    undefined,
    /gvisor/,
  ],
  [
    "CSI driver not on the node",
    creating(
      ev(
        "FailedMount",
        'MountVolume.MountDevice failed for volume "pvc-1" : kubernetes.io/csi: attacher.MountDevice failed to create newCsiDriverClient: driver name efs.csi.aws.com not found in the list of registered CSI drivers',
      ),
    ),
    "k8s_volume_unavailable",
    T,
    /efs\.csi/,
  ],
  [
    "volume timeout",
    creating(
      ev(
        "FailedMount",
        "Unable to attach or mount volumes: unmounted volumes=[workspace], unattached volumes=[workspace home]: timed out waiting for the condition",
      ),
    ),
    "k8s_volume_unavailable",
    T,
    /workspace/,
  ],
  [
    "projected: configmap of the CA is not there",
    creating(ev("FailedMount", 'MountVolume.SetUp failed for volume "ca" : configmap "corp-ca" not found')),
    "k8s_container_config_error",
    null,
    /corp-ca/,
  ],
  [
    "NFS refuses",
    creating(
      ev(
        "FailedMount",
        'MountVolume.SetUp failed for volume "nfs" : mount failed: exit status 32\nMounting command: mount\nOutput: mount.nfs: access denied by server while mounting 10.0.0.4:/export/agents',
      ),
    ),
    "k8s_volume_unavailable",
    undefined,
    /access denied/,
  ],
  [
    "bound, and the kubelet is dead",
    {
      pod: pod(null, { status: { phase: "Pending" } }),
      node: {
        kind: "Node",
        metadata: { name: "node-1" },
        spec: { taints: [{ key: "node.kubernetes.io/unreachable", effect: "NoExecute" }] },
        status: {
          conditions: [
            {
              type: "Ready",
              status: "Unknown",
              reason: "NodeStatusUnknown",
              message: "Kubelet stopped posting node status.",
            },
          ],
        },
      },
    },
    "k8s_start_timeout|k8s_node_lost",
    T,
    /Kubelet stopped|not ready|does not answer|unreachable/i,
  ],
  [
    "multi-attach",
    creating(
      ev(
        "FailedAttachVolume",
        'Multi-Attach error for volume "pvc-1" Volume is already exclusively attached to one node and can\'t be attached to another',
      ),
    ),
    "k8s_volume_unavailable",
    T,
    /ReadWriteOnce/,
  ],
  [
    "attach limit of the instance",
    creating(
      ev(
        "FailedAttachVolume",
        'AttachVolume.Attach failed for volume "pvc-1" : rpc error: code = Internal desc = Could not attach volume "vol-0" to node "i-0": operation error EC2: AttachVolume, AttachmentLimitExceeded',
      ),
    ),
    "k8s_volume_unavailable",
    T,
    /AttachmentLimitExceeded/,
  ],
  [
    "key of a mounted Secret",
    creating(
      ev(
        "FailedMount",
        'MountVolume.SetUp failed for volume "creds" : references non-existent secret key: token',
      ),
    ),
    "k8s_container_config_error",
    null,
    /token/,
  ],
  [
    "SecretProviderClass",
    creating(
      ev(
        "FailedMount",
        'MountVolume.SetUp failed for volume "store" : rpc error: code = Unknown desc = failed to mount secrets store objects for pod agents/claude, err: failed to get secretproviderclass agents/claude, error: SecretProviderClass.secrets-store.csi.x-k8s.io "claude" not found',
      ),
    ),
    "k8s_container_config_error|k8s_volume_unavailable",
    undefined,
    /claude/,
  ],
  [
    "sandbox: the runtime is down",
    creating(
      ev(
        "FailedCreatePodSandBox",
        'Failed to create pod sandbox: rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial unix /run/containerd/containerd.sock: connect: connection refused"',
      ),
    ),
    "k8s_start_timeout",
    T,
    /containerd\.sock/,
  ],
];
