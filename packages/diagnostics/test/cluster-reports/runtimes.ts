/** What runc, containerd, CRI-O and kubelets answer when a container is made, kind by kind; decided from their sources before the first run. */
import { T, pending } from "./objects.ts";
import type { Row } from "./objects.ts";

const start = "k8s_container_start_failed";
const runc = (words: string): string =>
  `failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: ${words}: unknown`;

const rows = (
  name: string,
  family: string | null | undefined,
  words: RegExp,
  messages: readonly string[],
): readonly Row[] =>
  messages.map((message) => [
    `${name}: ${message.slice(-60)}`,
    pending("RunContainerError", message),
    start,
    family,
    words,
  ]);

export const runtimes: readonly Row[] = [
  ...rows("a runtime under load", T, /Run again/, [
    runc(
      "unable to create new parent process: namespace path: lstat /proc/0/ns/ipc: no such file or directory",
    ),
    "failed to create containerd task: failed to mount rootfs component: failed to find pid=12345 process: no child processes",
    "failed to start io pipe copy: unable to copy pipes: containerd-shim: opening w/o fifo failed: context deadline exceeded",
    "failed to create containerd task: failed to create shim task: context deadline exceeded",
    "failed to create containerd task: failed to start shim: start failed: io.containerd.runc.v2: create new shim socket: listen unix: address already in use",
    'rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial unix /run/containerd/containerd.sock: connect: connection refused"',
    "failed to create containerd task: failed to create shim task: ttrpc: closed: unknown",
    'container create failed: time="2026-11-22T10:00:00Z" level=error msg="runc create failed: unable to start container process: waiting for init preliminary setup: read init-p: connection reset by peer"',
    "failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: can't get final child's PID from pipe: EOF: unknown",
    'sandbox container "ab12" is not running',
  ]),
  ...rows("a program that is not there", null, /PATH/, [
    runc(
      'unable to start container process: error during container init: exec: "claude": executable file not found in $PATH',
    ),
    runc('unable to start container process: exec: "/bin/bash": stat /bin/bash: no such file or directory'),
    'container_linux.go:380: starting container process caused: exec: "claude": executable file not found in $PATH',
    "crun: executable file `claude` not found in $PATH: No such file or directory",
  ]),
  ...rows("a mode", null, /chmod 755/, [
    runc('unable to start container process: exec: "/usr/local/bin/claude": permission denied'),
    runc('unable to start container process: exec: "/usr/local/bin": is a directory'),
    "crun: open executable: Permission denied",
  ]),
  ...rows("a processor", null, /another processor/, [
    runc("unable to start container process: exec /usr/local/bin/claude: exec format error"),
    "crun: exec `/usr/local/bin/claude`: Exec format error",
  ]),
  ...rows("memory", null, /memory/, [
    runc("unable to start container process: container init was OOM-killed (memory limit too low?)"),
    runc(
      "unable to start container process: error during container init: write /proc/self/oom_score_adj: cannot allocate memory: memory limit 4194304 is below the minimum",
    ),
  ]),
  ...rows("a mount or a working directory", null, /describe pod|node|mount|image/, [
    runc(
      'unable to start container process: error during container init: error mounting "/var/lib/kubelet/pods/x/volumes/kubernetes.io~configmap/c" to rootfs at "/etc/c": mount src=/x, dst=/etc/c: not a directory: Are you trying to mount a directory onto a file (or vice-versa)?',
    ),
    runc(
      "unable to start container process: error during container init: mkdir /workspace: read-only file system",
    ),
    runc(
      'unable to start container process: error during container init: chdir to cwd ("/workspace") set in config.json failed: permission denied',
    ),
    runc("unable to start container process: unable to apply caps: operation not permitted"),
    runc(
      "unable to start container process: error adding seccomp filter rule for syscall bdflush: permission denied",
    ),
    runc(
      'unable to start container process: error during container init: unable to set apparmor profile "x": apparmor failed to apply profile: write /proc/self/attr/apparmor/exec: no such file or directory',
    ),
    runc(
      "unable to start container process: error during container init: error running prestart hook #0: exit status 1, stderr: nvidia-container-cli: initialization error: nvml error: driver not loaded",
    ),
  ]),
];
