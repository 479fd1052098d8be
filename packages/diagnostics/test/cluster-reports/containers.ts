/** What kubelets and runtimes say of containers that do not start. Rebuilt from public reports; the ending was decided from the documentation before it was tried. */
import { T, pending, pod, term } from "./objects.ts";
import type { Row } from "./objects.ts";

export const containers: readonly Row[] = [
  [
    "root image",
    pending(
      "CreateContainerConfigError",
      'container has runAsNonRoot and image will run as root (pod: "claude-1-abcde_agents(1)", container: main)',
    ),
    "k8s_container_config_error",
    null,
    /root/,
  ],
  [
    "named user",
    pending(
      "CreateContainerConfigError",
      'container has runAsNonRoot and image has non-numeric user (node), cannot verify user is non-root (pod: "x", container: main)',
    ),
    "k8s_container_config_error",
    null,
    /node/,
  ],
  [
    "key not in Secret",
    pending("CreateContainerConfigError", "couldn't find key ANTHROPIC_API_KEY in Secret agents/claude-keys"),
    "k8s_container_config_error",
    null,
    /ANTHROPIC_API_KEY.*claude-keys/s,
  ],
  [
    "secret cache",
    pending("CreateContainerConfigError", "failed to sync secret cache: timed out waiting for the condition"),
    "k8s_container_config_error",
    undefined,
    /timed out/,
  ],
  [
    "subPath",
    pending(
      "CreateContainerConfigError",
      'failed to create subPath directory for volumeMount "workspace" of container "main"',
    ),
    "k8s_container_config_error|k8s_volume_unavailable",
    undefined,
    /subPath/,
  ],
  [
    "name is reserved",
    pending(
      "CreateContainerError",
      'failed to reserve container name "main_claude-1-abcde_agents_1_0": name "main_claude-1-abcde_agents_1_0" is reserved for "0ab"',
    ),
    "k8s_container_start_failed",
    T,
    /reserved/,
  ],
  [
    "runtime deadline",
    pending("CreateContainerError", "context deadline exceeded"),
    "k8s_container_start_failed",
    T,
    /deadline exceeded/,
  ],
  [
    "runc: not found",
    {
      pod: pod(
        term(
          128,
          "StartError",
          'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: exec: "claude": executable file not found in $PATH: unknown',
        ),
      ),
    },
    "k8s_container_start_failed",
    null,
    /PATH/,
  ],
  [
    "runc: cwd",
    {
      pod: pod(
        term(
          128,
          "StartError",
          'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: cannot set cwd: chdir to cwd ("/workspace") set in config.json failed: permission denied',
        ),
      ),
    },
    "k8s_container_start_failed",
    null,
    /\/workspace/,
  ],
  [
    "nvidia",
    {
      pod: pod(
        term(
          128,
          "StartError",
          "failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: error running prestart hook #0: exit status 1, stdout: , stderr: Auto-detected mode as legacy nvidia-container-cli: initialization error: load library failed: libnvidia-ml.so.1: cannot open shared object file",
        ),
      ),
    },
    "k8s_container_start_failed",
    null,
    /nvidia/,
  ],
  [
    "memory below the floor",
    pending(
      "RunContainerError",
      "failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: container init was OOM-killed (memory limit too low?)",
    ),
    "k8s_container_start_failed|k8s_oom_killed",
    null,
    /memory/i,
  ],
  [
    "configmap for env",
    pending("CreateContainerConfigError", 'configmap "corp-env" not found'),
    "k8s_container_config_error",
    null,
    /corp-env/,
  ],
  [
    "node authorizer",
    pending(
      "CreateContainerConfigError",
      'secrets "claude-keys" is forbidden: User "system:node:node-1" cannot get resource "secrets" in API group "" in the namespace "agents": no relationship found between node \'node-1\' and this object',
    ),
    "k8s_container_config_error",
    undefined,
    /claude-keys/,
  ],
  [
    "the node's disk, at creation",
    pending(
      "CreateContainerError",
      "failed to create containerd container: failed to create prepare snapshot dir: failed to create temp dir: mkdir /var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots/new-1: no space left on device",
    ),
    "k8s_container_start_failed",
    T,
    /no space/,
  ],
  [
    "no shell in the image",
    {
      pod: pod(
        term(
          128,
          "StartError",
          'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: exec: "/bin/sh": stat /bin/sh: no such file or directory',
        ),
      ),
    },
    "k8s_container_start_failed",
    null,
    /\/bin\/sh/,
  ],
  [
    "a folder over a file",
    {
      pod: pod(
        term(
          128,
          "StartError",
          'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: error mounting "/var/lib/kubelet/pods/1/volume-subpaths/cfg/main/0" to rootfs at "/home/agent/.claude.json": mount src=/var/lib/kubelet dst=/home/agent/.claude.json: not a directory: Are you trying to mount a directory onto a file (or vice-versa)?',
        ),
      ),
    },
    "k8s_container_start_failed",
    null,
    /mount|volume/i,
  ],
  [
    "CRI-O too slow",
    pending(
      "CreateContainerError",
      "Kubelet may be retrying requests that are timing out in CRI-O due to system load. Currently at stage container runtime creation: context deadline exceeded: error reserving ctr name k8s_main_claude",
    ),
    "k8s_container_start_failed",
    T,
    /load/,
  ],
];
