/** What keeps a pod from being made ready: network and volumes. Rebuilt from public reports; the ending was decided from the documentation before it was tried. */
import { T, ev, creating } from "./objects.ts";
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
];
