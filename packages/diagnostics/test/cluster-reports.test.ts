/**
 * States of pods and Jobs as public reports show them (registries, runtimes, volumes, schedulers, admission, sidecars), with the
 * ending decided from the documentation before it was tried. `kubectl get … -o json` → `evidenceOf` → `diagnose`.
 */
import { expect, test } from "vitest";
import { diagnose, evidenceOf } from "../src/index.ts";
import type { KubernetesObjects } from "../src/index.ts";

const at = "2026-11-22T10:00:00Z";

interface Parts {
  readonly metadata?: object;
  readonly spec?: object;
  readonly status?: object;
}

const meta = (name: string, more: object = {}): object => ({
  name,
  namespace: "agents",
  uid: `u-${name}`,
  creationTimestamp: at,
  ...more,
});
const pod = (state: object | null, more: Parts = {}): object => ({
  kind: "Pod",
  metadata: meta("claude-1-abcde", more.metadata),
  spec: {
    nodeName: "node-1",
    restartPolicy: "Never",
    containers: [{ name: "main", image: "registry.example.com/agent:2", resources: {} }],
    ...more.spec,
  },
  status: {
    phase: "Running",
    containerStatuses: state === null ? [] : [{ name: "main", restartCount: 0, state }],
    ...more.status,
  },
});
const term = (exitCode: number, reason = exitCode === 0 ? "Completed" : "Error", message = ""): object => ({
  terminated: { exitCode, reason, message, startedAt: at, finishedAt: "2026-11-22T10:05:00Z" },
});
const wait = (reason: string, message?: string): object => ({ waiting: { reason, message } });
const run = { running: { startedAt: at } };
const ev = (reason: string, message: string, kind = "Pod", name = "claude-1-abcde"): object => ({
  type: "Warning",
  reason,
  message,
  involvedObject: { kind, name },
  lastTimestamp: at,
});
const rejected = (reason: string, message: string): KubernetesObjects => ({
  pod: {
    kind: "Pod",
    metadata: meta("claude-1-abcde"),
    spec: { nodeName: "node-1", containers: [{ name: "main" }] },
    status: { phase: "Failed", reason, message },
  },
});
const pending = (reason: string, message: string): KubernetesObjects => ({
  pod: pod(wait(reason, message), { status: { phase: "Pending" } }),
});
const unsched = (message: string): KubernetesObjects => ({
  pod: pod(null, {
    spec: { nodeName: undefined },
    status: {
      phase: "Pending",
      conditions: [{ type: "PodScheduled", status: "False", reason: "Unschedulable", message }],
    },
  }),
});
const creating = (...events: readonly object[]): KubernetesObjects => ({
  pod: pod(wait("ContainerCreating"), { status: { phase: "Pending" } }),
  events,
});
/** The Job controller's words when it may not make the pod. */
const fc = (message: string): KubernetesObjects => ({
  job: { kind: "Job", metadata: meta("claude-1"), spec: {}, status: { conditions: [] } },
  events: [ev("FailedCreate", `Error creating: ${message}`, "Job", "claude-1")],
});

const T = "transient_upstream";
/** What it is, the objects, the codes that are right, the family (absent: either), words of cause or fix. */
type Row = readonly [string, KubernetesObjects, string, string | null | undefined, RegExp];
const rows: readonly Row[] = [
  [
    "ephemeral limit of containers",
    {
      pod: pod(term(137), {
        status: {
          phase: "Failed",
          reason: "Evicted",
          message: "Pod ephemeral local storage usage exceeds the total limit of containers 1Gi. ",
        },
      }),
    },
    "k8s_pod_evicted",
    T,
    /1Gi/,
  ],
  [
    "emptyDir over its limit",
    {
      pod: pod(term(137), {
        status: {
          phase: "Failed",
          reason: "Evicted",
          message: 'Usage of EmptyDir volume "tmp" exceeds the limit "2Gi". ',
        },
      }),
    },
    "k8s_pod_evicted",
    T,
    /tmp/,
  ],
  [
    "inodes",
    {
      pod: pod(term(137), {
        status: {
          phase: "Failed",
          reason: "Evicted",
          message: "The node was low on resource: inodes. Threshold quantity: 5%, available: 4%. ",
        },
      }),
    },
    "k8s_pod_evicted",
    T,
    /inodes/,
  ],
  [
    "PIDPressure before start",
    rejected("Evicted", "Pod was rejected: The node had condition: [PIDPressure]. "),
    "k8s_pod_evicted|k8s_unschedulable",
    T,
    /PIDPressure/,
  ],
  [
    "OutOfpods",
    rejected(
      "OutOfpods",
      "Pod was rejected: Node didn't have enough resource: pods, requested: 1, used: 110, capacity: 110",
    ),
    "k8s_unschedulable",
    T,
    /110/,
  ],
  [
    "device plugin",
    rejected(
      "UnexpectedAdmissionError",
      "Pod was rejected: Allocate failed due to requested number of devices unavailable for nvidia.com/gpu. Requested: 1, Available: 0, which is unexpected",
    ),
    "k8s_unschedulable",
    T,
    /gpu/,
  ],
  [
    "VolumeAttachmentLimitExceeded",
    rejected(
      "VolumeAttachmentLimitExceeded",
      "Pod was rejected: Node has reached its volume attachment limit",
    ),
    "k8s_unschedulable|k8s_volume_unavailable",
    T,
    /attachment limit/,
  ],
  [
    "SMT alignment",
    rejected(
      "SMTAlignmentError",
      "Pod was rejected: SMT Alignment Error: requested 3 cpus not multiple cpus per core = 2",
    ),
    "k8s_unschedulable",
    T,
    /multiple/,
  ],
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
    "rate limit of the registry",
    pending(
      "ErrImagePull",
      'failed to pull and unpack image "docker.io/acme/claude:1": failed to copy: httpReadSeeker: failed open: unexpected status code https://registry-1.docker.io/v2/acme/claude/manifests/sha256:0: 429 Too Many Requests - Server message: toomanyrequests: You have reached your unauthenticated pull rate limit.',
    ),
    "k8s_image_pull_failed",
    T,
    /429|rate limit/,
  ],
  [
    "registry certificate",
    pending(
      "ImagePullBackOff",
      'Back-off pulling image "harbor.corp/claude:1": ErrImagePull: failed to resolve reference "harbor.corp/claude:1": failed to do request: Head "https://harbor.corp/v2/claude/manifests/1": tls: failed to verify certificate: x509: certificate signed by unknown authority',
    ),
    "k8s_image_pull_failed",
    null,
    /certificate/i,
  ],
  [
    "pull denied",
    pending(
      "ErrImagePull",
      'failed to resolve reference "ghcr.io/acme/private:1": failed to authorize: failed to fetch anonymous token: unexpected status from GET request to https://ghcr.io/token?scope=repository%3Aacme%2Fprivate%3Apull&service=ghcr.io: 401 Unauthorized',
    ),
    "k8s_image_pull_failed|k8s_image_invalid",
    null,
    /pull secret/i,
  ],
  [
    "tag is not there",
    pending(
      "ErrImagePull",
      'rpc error: code = NotFound desc = failed to pull and unpack image "ghcr.io/acme/claude:nope": failed to resolve reference "ghcr.io/acme/claude:nope": ghcr.io/acme/claude:nope: not found',
    ),
    "k8s_image_pull_failed|k8s_image_invalid",
    null,
    /nope/,
  ],
  [
    "no platform",
    pending(
      "ErrImagePull",
      'failed to pull and unpack image "docker.io/acme/claude:1": no match for platform in manifest: not found',
    ),
    "k8s_image_pull_failed|k8s_image_invalid",
    null,
    /processor|architecture|platform/i,
  ],
  [
    "disk of the node is full",
    pending(
      "ErrImagePull",
      'failed to pull and unpack image "docker.io/acme/claude:1": failed to extract layer sha256:1: write /var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots/9/fs/usr/bin/node: no space left on device: unknown',
    ),
    "k8s_image_pull_failed",
    T,
    /no space|disk/i,
  ],
  [
    "DNS of the registry",
    pending(
      "ErrImagePull",
      'failed to resolve reference "registry.corp/claude:1": failed to do request: Head "https://registry.corp/v2/claude/manifests/1": dial tcp: lookup registry.corp on 10.0.0.10:53: no such host',
    ),
    "k8s_image_pull_failed",
    undefined,
    /no such host/,
  ],
  [
    "quay outage",
    pending(
      "ErrImagePull",
      "rpc error: code = Unknown desc = reading manifest 1 in quay.io/acme/claude: received unexpected HTTP status: 502 Bad Gateway",
    ),
    "k8s_image_pull_failed",
    T,
    /502/,
  ],
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
    "taints",
    unsched(
      "0/5 nodes are available: 2 Insufficient cpu, 3 node(s) had untolerated taint {nvidia.com/gpu: true}. preemption: 0/5 nodes are available: 2 No preemption victims found for incoming pod, 3 Preemption is not helpful for scheduling.",
    ),
    "k8s_unschedulable",
    T,
    /Insufficient cpu/,
  ],
  [
    "claim is not there",
    unsched(
      '0/3 nodes are available: persistentvolumeclaim "agent-home" not found. preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.',
    ),
    "k8s_volume_unavailable",
    undefined,
    /agent-home/,
  ],
  [
    "zone of the volume",
    unsched(
      "0/6 nodes are available: 3 node(s) had volume node affinity conflict, 3 node(s) didn't match Pod's node affinity/selector.",
    ),
    "k8s_volume_unavailable|k8s_unschedulable",
    T,
    /volume node affinity/,
  ],
  [
    "claim in use RWOP",
    unsched(
      "0/2 nodes are available: 2 node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode.",
    ),
    "k8s_volume_unavailable|k8s_unschedulable",
    T,
    /ReadWriteOncePod/,
  ],
  [
    "claim being deleted",
    unsched('0/2 nodes are available: persistentvolumeclaim "agent-home" is being deleted.'),
    "k8s_volume_unavailable",
    undefined,
    /being deleted/,
  ],
  [
    "host port",
    unsched("0/2 nodes are available: 2 node(s) didn't have free ports for the requested pod ports."),
    "k8s_unschedulable",
    T,
    /free ports/,
  ],
  [
    "DRA",
    unsched("0/3 nodes are available: 3 cannot allocate all claims. still not schedulable"),
    "k8s_unschedulable",
    T,
    /claims/,
  ],
  [
    "quota must specify",
    fc(
      'pods "claude-1-xyz12" is forbidden: failed quota: compute: must specify limits.cpu for: prepare; limits.memory for: prepare',
    ),
    "k8s_admission_rejected",
    null,
    /CPU limit/,
  ],
  [
    "limit range",
    fc(
      'pods "claude-1-xyz12" is forbidden: [minimum cpu usage per Container is 100m, but request is 50m, maximum memory usage per Container is 2Gi, but limit is 4Gi]',
    ),
    "k8s_admission_rejected",
    null,
    /100m/,
  ],
  [
    "webhook is down",
    fc(
      'Internal error occurred: failed calling webhook "mutate.istio.io": failed to call webhook: Post "https://istiod.istio-system.svc:443/inject?timeout=10s": context deadline exceeded',
    ),
    "k8s_admission_rejected|k8s_api_unreachable|k8s_job_create_failed",
    T,
    /webhook/,
  ],
  [
    "Kyverno",
    fc(
      "admission webhook \"validate.kyverno.svc-fail\" denied the request: \n\nresource Pod/agents/claude-1-xyz12 was blocked due to the following policies \n\nrequire-labels:\n  check-team: 'validation error: The label `team` is required.'",
    ),
    "k8s_admission_rejected",
    null,
    /team/,
  ],
  [
    "VAP",
    fc(
      "pods \"claude-1-xyz12\" is forbidden: ValidatingAdmissionPolicy 'images' with binding 'images-binding' denied request: only images of registry.corp are allowed",
    ),
    "k8s_admission_rejected",
    null,
    /registry\.corp/,
  ],
  [
    "priority class",
    fc('pods "claude-1-xyz12" is forbidden: no PriorityClass with name agents-high was found'),
    "k8s_admission_rejected|k8s_job_create_failed",
    null,
    /agents-high/,
  ],
  [
    "runtime class",
    fc('pods "claude-1-xyz12" is forbidden: pod rejected: RuntimeClass "gvisor" not found'),
    "k8s_admission_rejected|k8s_job_create_failed",
    null,
    /gvisor/,
  ],
  [
    "priority and quota of OpenShift",
    fc(
      'pods "claude-1-xyz12" is forbidden: unable to validate against any security context constraint: [provider "anyuid": Forbidden: not usable by user or serviceaccount, provider restricted-v2: .containers[0].runAsUser: Invalid value: 1000: must be in the ranges: [1000680000, 1000689999]]',
    ),
    "k8s_admission_rejected",
    null,
    /1000680000/,
  ],
  [
    "namespace ends",
    fc(
      'pods "claude-1-xyz12" is forbidden: unable to create new content in namespace agents because it is being terminated',
    ),
    "k8s_admission_rejected|k8s_job_create_failed|k8s_job_deleted_externally",
    null,
    /terminat/,
  ],
  [
    "GKE autopilot",
    fc(
      'admission webhook "warden-validating.common-webhooks.networking.gke.io" denied the request: GKE Warden rejected the request because it violates one or more constraints.\nViolations details: {"[denied by autogke-disallow-hostnamespaces]":["enabling hostPID is not allowed in Autopilot."]}',
    ),
    "k8s_admission_rejected",
    null,
    /Autopilot/,
  ],
  [
    "native sidecar, main still waits for a Secret",
    {
      pod: pod(wait("CreateContainerConfigError", 'secret "k" not found'), {
        spec: { initContainers: [{ name: "proxy", restartPolicy: "Always" }] },
        status: {
          phase: "Pending",
          initContainerStatuses: [{ name: "proxy", started: true, ready: true, restartCount: 0, state: run }],
        },
      }),
    },
    "k8s_container_config_error",
    null,
    /"?k"?/,
  ],
  [
    "native sidecar cannot be pulled",
    {
      pod: pod(wait("PodInitializing"), {
        spec: { initContainers: [{ name: "proxy", image: "auto", restartPolicy: "Always" }] },
        status: {
          phase: "Pending",
          initContainerStatuses: [
            {
              name: "proxy",
              started: false,
              restartCount: 0,
              state: wait("ImagePullBackOff", 'Back-off pulling image "auto"'),
            },
          ],
        },
      }),
    },
    "k8s_image_pull_failed",
    undefined,
    /proxy/,
  ],
  [
    "native sidecar is in a crash loop, so main never starts",
    {
      pod: pod(wait("PodInitializing"), {
        spec: { initContainers: [{ name: "vault-agent", restartPolicy: "Always" }] },
        status: {
          phase: "Pending",
          initContainerStatuses: [
            {
              name: "vault-agent",
              started: false,
              restartCount: 5,
              state: wait("CrashLoopBackOff", "back-off 2m40s restarting failed container=vault-agent"),
              lastState: term(1),
            },
          ],
        },
      }),
    },
    "k8s_init_container_failed|k8s_start_timeout",
    undefined,
    /vault-agent/,
  ],
  [
    "sidecar 137 after main's success is no memory trouble of main",
    {
      pod: pod(term(2), {
        spec: { initContainers: [{ name: "proxy", restartPolicy: "Always" }] },
        status: {
          phase: "Failed",
          initContainerStatuses: [{ name: "proxy", restartCount: 0, state: term(137, "OOMKilled") }],
        },
      }),
    },
    "claude_failed|claude_start_failed|claude_init_failed",
    null,
    /^(?!.*memory)/s,
  ],
  [
    "Spot: node shutdown with exit 0",
    {
      pod: pod(term(0), {
        status: {
          phase: "Failed",
          reason: "Terminated",
          message: "Pod was terminated in response to imminent node shutdown.",
          conditions: [
            {
              type: "DisruptionTarget",
              status: "True",
              reason: "TerminationByKubelet",
              message: "Pod was terminated in response to imminent node shutdown.",
            },
          ],
        },
      }),
    },
    "k8s_node_shutdown",
    T,
    /shutdown/,
  ],
  [
    "pod GC of an orphan",
    {
      pod: pod(run, {
        metadata: { deletionTimestamp: at },
        status: {
          phase: "Failed",
          conditions: [
            {
              type: "DisruptionTarget",
              status: "True",
              reason: "DeletionByPodGC",
              message: "PodGC: node no longer exists",
            },
          ],
        },
      }),
    },
    "k8s_node_lost",
    T,
    /no longer exists/,
  ],
  [
    "ContainerStatusUnknown",
    {
      pod: pod(
        {
          terminated: {
            exitCode: 137,
            reason: "ContainerStatusUnknown",
            message:
              "The container could not be located when the pod was deleted.  The container used to be Running",
            startedAt: null,
            finishedAt: null,
          },
        },
        {
          status: {
            phase: "Failed",
            reason: "Evicted",
            message:
              "The node was low on resource: ephemeral-storage. Threshold quantity: 10Gi, available: 9Gi. Container main was using 12Gi, request is 0, has larger consumption of ephemeral-storage. ",
          },
        },
      ),
    },
    "k8s_pod_evicted",
    T,
    /12Gi|ephemeral/,
  ],
  [
    "ContainerStatusUnknown alone",
    {
      pod: pod(
        {
          terminated: {
            exitCode: 137,
            reason: "ContainerStatusUnknown",
            message: "The container could not be located when the pod was terminated",
            startedAt: null,
            finishedAt: null,
          },
        },
        { status: { phase: "Failed" } },
      ),
    },
    "k8s_node_lost|k8s_pod_vanished",
    undefined,
    /could not be located/,
  ],
  [
    "Unknown 255 after a reboot",
    {
      pod: pod(
        { terminated: { exitCode: 255, reason: "Unknown", startedAt: at, finishedAt: at } },
        { status: { phase: "Failed" } },
      ),
    },
    "k8s_node_lost|k8s_node_shutdown|k8s_pod_vanished|k8s_container_start_failed",
    T,
    /255|restart|reboot/,
  ],
  [
    "activeDeadline of the pod",
    {
      pod: pod(term(143), {
        status: {
          phase: "Failed",
          reason: "DeadlineExceeded",
          message: "Pod was active on the node longer than the specified deadline",
        },
      }),
    },
    "timeout",
    null,
    /deadline/i,
  ],
  [
    "liveness of an injected probe",
    {
      pod: pod(term(137), { status: { phase: "Failed" } }),
      events: [
        ev("Unhealthy", "Liveness probe failed: HTTP probe failed with statuscode: 500"),
        ev("Killing", "Container main failed liveness probe, will be restarted"),
      ],
    },
    "claude_killed|k8s_container_killed|claude_failed",
    null,
    /probe/,
  ],
];

const silent = { frames: 0, inits: 0, contentSeen: false, result: null, lastAssistant: null, noise: [] };

test.each(rows)("%s", (_name, objects, codes, family, words) => {
  const { code, family: told, cause, fix } = diagnose({ ...evidenceOf(objects), summary: silent });
  expect(codes.split("|")).toContain(code);
  if (family !== undefined) expect(told).toBe(family);
  expect([cause, ...fix].join(" ")).toMatch(words);
});
