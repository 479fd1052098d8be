/** What kubelets and runtimes say of containers that do not start. Rebuilt from public reports; the ending was decided from the documentation before it was tried. */
import { T, pod, term, pending } from "./objects.ts";
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
];
