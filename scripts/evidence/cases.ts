import type { Json } from "../../packages/local-cluster/test/contract/http-client.ts";
import { readyStatus, type CaseContext, type EvidenceCase, type JobSpec, type Observed } from "./capture.ts";

const MEGABYTE_HOG = "const held = []; setInterval(() => held.push(Buffer.alloc(8 << 20, 1)), 5);";

/** Kubernetes makes `$` of `$$` in commands: a shell's own process id is written `$$$$`. */
const sh = (script: string): Json => ({ command: ["sh", "-c", script] });

/** A Job as the runner makes them: one container, no retry, and no token of the service account. */
function job(container: Json, pod: Json = {}, spec: Json = {}): JobSpec {
  return {
    backoffLimit: 0,
    podReplacementPolicy: "Failed",
    ...spec,
    template: {
      metadata: { labels: {} },
      spec: {
        restartPolicy: "Never",
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        terminationGracePeriodSeconds: 5,
        ...pod,
        containers: [{ name: "agent", image: "lab/base:1", imagePullPolicy: "Never", ...container }],
      },
    },
  };
}

const finished = (seen: Observed): boolean =>
  (seen.job?.status?.conditions ?? []).some(
    (condition: Json) => ["Complete", "Failed"].includes(condition.type) && condition.status === "True",
  );
const waitingFor =
  (...reasons: string[]) =>
  (seen: Observed): boolean =>
    [...(seen.pod?.status?.containerStatuses ?? []), ...(seen.pod?.status?.initContainerStatuses ?? [])].some(
      (status: Json) => reasons.includes(status.state?.waiting?.reason),
    );
const running = (seen: Observed): boolean =>
  (seen.pod?.status?.containerStatuses ?? []).some((status: Json) => status.state?.running !== undefined);
const unschedulable = (seen: Observed): boolean =>
  (seen.pod?.status?.conditions ?? []).some((condition: Json) => condition.reason === "Unschedulable");
const podCondition =
  (type: string, reason: string) =>
  (seen: Observed): boolean =>
    (seen.pod?.status?.conditions ?? []).some(
      (condition: Json) => condition.type === type && condition.reason === reason,
    );
const event =
  (reason: string, words = "") =>
  (seen: Observed): boolean =>
    seen.events.some((entry) => entry.reason === reason && String(entry.message).includes(words));
const podGone = (seen: Observed): boolean => seen.podDeleted;
const both =
  (...conditions: ((seen: Observed) => boolean)[]) =>
  (seen: Observed): boolean =>
    conditions.every((condition) => condition(seen));

const pods = (context: CaseContext): string => `/api/v1/namespaces/${context.namespace}/pods`;

async function create(context: CaseContext, path: string, body: Json): Promise<void> {
  const answer = await context.client.post(path, body);
  if (answer.status !== 201) throw new Error(`${path}: ${answer.status} ${answer.text}`);
}

const SLEEP = sh("echo started; trap 'echo stopping; exit 143' TERM; sleep 600 & wait");

const endings: readonly EvidenceCase[] = [
  {
    name: "succeeded",
    description: "The command ended with 0.",
    job: job(sh("echo hello; echo world")),
    until: finished,
  },
  ...[1, 2, 3, 42, 255].map((code) => ({
    name: `exit-${code}`,
    description: `The command ended with ${code}.`,
    job: job(sh(`echo before; exit ${code}`)),
    until: finished,
  })),
  {
    name: "exit-127-shell",
    description: "A shell did not find the program it was told to run.",
    job: job(sh("no-such-program")),
    until: finished,
  },
  {
    name: "exit-126-shell",
    description: "A shell found the program, but may not run it.",
    job: job(sh("echo x > /tmp/file; exec /tmp/file")),
    until: finished,
  },
  ...(["KILL", "TERM", "SEGV", "ABRT", "INT", "HUP"] as const).map((signal) => ({
    name: `signal-${signal.toLowerCase()}`,
    description: `The main process was ended by SIG${signal} from inside the pod, in a shared process namespace.`,
    job: job(sh(`echo before; kill -${signal} $$$$; sleep 5`), { shareProcessNamespace: true }),
    until: finished,
  })),
  {
    name: "signal-kill-child",
    description: "A child was killed, the shell went on and passed its 137 on.",
    job: job(sh("sh -c 'kill -KILL $$$$'; exit $?")),
    until: finished,
  },
  {
    name: "oom",
    description: "The main process went over the memory limit.",
    job: job({ command: ["node", "-e", MEGABYTE_HOG], resources: { limits: { memory: "96Mi" } } }),
    until: finished,
  },
  {
    name: "oom-child",
    description: "A child was killed for memory; the main process went on and ended with 0.",
    job: job({
      ...sh(`node -e '${MEGABYTE_HOG}'; echo child ended $?; exit 0`),
      resources: { limits: { memory: "96Mi" } },
    }),
    until: finished,
  },
  {
    name: "oom-child-exit-1",
    description: "A child was killed for memory; the main process ended with 1 because of it.",
    job: job({ ...sh(`node -e '${MEGABYTE_HOG}' || exit 1`), resources: { limits: { memory: "96Mi" } } }),
    until: finished,
  },
  {
    name: "oom-child-exit-137",
    description: "A child was killed for memory; the shell passed its 137 on.",
    job: job({ ...sh(`node -e '${MEGABYTE_HOG}'; exit $?`), resources: { limits: { memory: "96Mi" } } }),
    until: finished,
  },
  {
    name: "termination-message",
    description: "The command left a termination message and ended with 3.",
    job: job(sh("echo the disk caught fire > /dev/termination-log; exit 3")),
    until: finished,
  },
  {
    name: "init-failed",
    description: "An init container ended with 2; the main container never ran.",
    job: job(sh("echo never"), {
      initContainers: [
        { name: "prepare", image: "lab/base:1", imagePullPolicy: "Never", ...sh("echo preparing; exit 2") },
      ],
    }),
    until: finished,
    logContainer: "prepare",
  },
  {
    name: "init-oom",
    description: "An init container was killed for memory.",
    job: job(sh("echo never"), {
      initContainers: [
        {
          name: "prepare",
          image: "lab/base:1",
          imagePullPolicy: "Never",
          command: ["node", "-e", MEGABYTE_HOG],
          resources: { limits: { memory: "96Mi" } },
        },
      ],
    }),
    until: finished,
    logContainer: "prepare",
  },
  {
    name: "pod-deadline",
    description: "The pod's own activeDeadlineSeconds passed; the pod and its logs stay.",
    job: job(SLEEP, { activeDeadlineSeconds: 3 }),
    until: finished,
  },
  {
    name: "pod-deadline-before-start",
    description: "The pod's own activeDeadlineSeconds passed while its image could not be had.",
    job: job({ image: "lab/absent:1" }, { activeDeadlineSeconds: 3 }),
    until: finished,
  },
  {
    name: "job-deadline",
    description: "The Job's activeDeadlineSeconds passed; the pod is deleted, and its logs with it.",
    job: job(SLEEP, {}, { activeDeadlineSeconds: 3 }),
    until: both(finished, event("DeadlineExceeded")),
  },
];

const images: readonly EvidenceCase[] = [
  {
    name: "image-not-found",
    description: "The registry does not know the image.",
    job: (context) => job({ image: `${context.registry}/agent:missing`, imagePullPolicy: "IfNotPresent" }),
    until: both(waitingFor("ImagePullBackOff"), event("Failed", "ErrImagePull")),
  },
  {
    name: "image-denied",
    description: "The registry wants credentials that the pod has not.",
    job: (context) => job({ image: `${context.registry}/private:1`, imagePullPolicy: "IfNotPresent" }),
    until: both(waitingFor("ImagePullBackOff"), event("Failed", "ErrImagePull")),
  },
  {
    name: "image-forbidden",
    description: "The registry refuses the image (403).",
    job: (context) => job({ image: `${context.registry}/forbidden:1`, imagePullPolicy: "IfNotPresent" }),
    until: both(waitingFor("ImagePullBackOff"), event("Failed", "ErrImagePull")),
  },
  {
    name: "image-rate-limited",
    description: "The registry limits the rate (429).",
    job: (context) => job({ image: `${context.registry}/limited:1`, imagePullPolicy: "IfNotPresent" }),
    until: both(waitingFor("ImagePullBackOff"), event("Failed", "ErrImagePull")),
  },
  {
    name: "image-registry-broken",
    description: "The registry answers 503.",
    job: (context) => job({ image: `${context.registry}/broken:1`, imagePullPolicy: "IfNotPresent" }),
    until: both(waitingFor("ImagePullBackOff"), event("Failed", "ErrImagePull")),
  },
  {
    name: "image-registry-unknown-host",
    description: "The registry's name cannot be looked up.",
    job: job({ image: "registry.invalid/agent:1", imagePullPolicy: "IfNotPresent" }),
    until: both(waitingFor("ImagePullBackOff"), event("Failed", "ErrImagePull")),
  },
  {
    name: "image-err-pull",
    description: "The first failed pull, before the back-off (ErrImagePull).",
    job: (context) => job({ image: `${context.registry}/agent:missing`, imagePullPolicy: "IfNotPresent" }),
    until: waitingFor("ErrImagePull"),
  },
  {
    name: "image-never-pull",
    description: "imagePullPolicy Never, and the image is not on the node.",
    job: job({ image: "lab/absent:1" }),
    until: both(waitingFor("ErrImageNeverPull"), event("ErrImageNeverPull")),
  },
  {
    name: "image-invalid-name",
    description: "The image's name is not a valid reference.",
    job: job({ image: "Lab/Base:One:Two" }),
    until: both(waitingFor("InvalidImageName"), event("InspectFailed")),
  },
  {
    name: "image-init-not-found",
    description: "The image of an init container cannot be pulled.",
    job: (context) =>
      job(sh("echo never"), {
        initContainers: [
          { name: "prepare", image: `${context.registry}/agent:missing`, imagePullPolicy: "IfNotPresent" },
        ],
      }),
    until: waitingFor("ImagePullBackOff"),
  },
];

const configErrors: readonly EvidenceCase[] = [
  {
    name: "config-missing-secret",
    description: "An environment variable comes from a Secret that does not exist.",
    job: job({
      ...sh("env"),
      env: [{ name: "TOKEN", valueFrom: { secretKeyRef: { name: "absent", key: "token" } } }],
    }),
    until: both(waitingFor("CreateContainerConfigError"), event("Failed", "secret")),
  },
  {
    name: "config-missing-secret-key",
    description: "An environment variable comes from a key that the Secret does not have.",
    before: (context) =>
      create(context, `/api/v1/namespaces/${context.namespace}/secrets`, {
        metadata: { name: "present" },
        stringData: { other: "x" },
      }),
    job: job({
      ...sh("env"),
      env: [{ name: "TOKEN", valueFrom: { secretKeyRef: { name: "present", key: "token" } } }],
    }),
    until: both(waitingFor("CreateContainerConfigError"), event("Failed", "key")),
  },
  {
    name: "config-missing-configmap",
    description: "The environment comes from a ConfigMap that does not exist.",
    job: job({ ...sh("env"), envFrom: [{ configMapRef: { name: "absent" } }] }),
    until: both(waitingFor("CreateContainerConfigError"), event("Failed", "configmap")),
  },
  {
    name: "config-run-as-root",
    description: "runAsNonRoot, and the image runs as root.",
    job: job({ ...sh("id"), securityContext: { runAsNonRoot: true } }),
    until: both(waitingFor("CreateContainerConfigError"), event("Failed")),
  },
  {
    name: "volume-missing-secret",
    description: "A volume comes from a Secret that does not exist: the pod stays ContainerCreating.",
    job: job(
      { ...sh("ls /prompt"), volumeMounts: [{ name: "prompt", mountPath: "/prompt" }] },
      { volumes: [{ name: "prompt", secret: { secretName: "absent" } }] },
    ),
    until: both(waitingFor("ContainerCreating"), event("FailedMount")),
  },
  {
    name: "volume-hostpath-missing",
    description: "A hostPath volume of type Directory is not there.",
    job: job(
      { ...sh("ls /data"), volumeMounts: [{ name: "data", mountPath: "/data" }] },
      { volumes: [{ name: "data", hostPath: { path: "/no/such/folder", type: "Directory" } }] },
    ),
    until: both(waitingFor("ContainerCreating"), event("FailedMount")),
  },
  {
    name: "start-command-missing",
    description: "The command does not exist in the image.",
    job: job({ command: ["/no/such/command"] }),
    until: finished,
  },
  {
    name: "start-command-not-executable",
    description: "The command is a file without permission to run it.",
    job: job({ command: ["/etc/passwd"] }),
    until: finished,
  },
  {
    name: "start-argument-too-long",
    description: "One argument is longer than 128 KiB.",
    job: job({ command: ["sh", "-c", "echo", "x".repeat(140_000)] }),
    until: finished,
  },
  {
    name: "start-working-directory",
    description: "The working directory cannot be made: its parent is a file.",
    job: job({ ...sh("pwd"), workingDir: "/etc/passwd/inside" }),
    until: (seen) => finished(seen) || waitingFor("CreateContainerError", "RunContainerError")(seen),
  },
  {
    name: "start-memory-too-small",
    description: "The container's limits are too small for the runtime to start it.",
    job: job({ ...sh("id"), resources: { limits: { memory: "1Mi" } } }),
    until: (seen) =>
      finished(seen) ||
      event("FailedCreatePodSandBox")(seen) ||
      waitingFor("CreateContainerError", "RunContainerError")(seen),
  },
];

const waiting: readonly EvidenceCase[] = [
  {
    name: "unschedulable-cpu",
    description: "No node has that much processor.",
    job: job({ ...sh("true"), resources: { requests: { cpu: "500" } } }),
    until: both(unschedulable, event("FailedScheduling")),
  },
  {
    name: "unschedulable-selector",
    description: "No node has the label asked for.",
    job: job(sh("true"), { nodeSelector: { "lab.example/gpu": "yes" } }),
    until: both(unschedulable, event("FailedScheduling")),
  },
  {
    name: "volume-claim-missing",
    description: "The volume claim does not exist.",
    job: job(
      { ...sh("true"), volumeMounts: [{ name: "home", mountPath: "/home" }] },
      { volumes: [{ name: "home", persistentVolumeClaim: { claimName: "absent" } }] },
    ),
    until: both(unschedulable, event("FailedScheduling")),
  },
  {
    name: "volume-claim-unbound",
    description: "The volume claim is not bound to a volume.",
    before: (context) =>
      create(context, `/api/v1/namespaces/${context.namespace}/persistentvolumeclaims`, {
        metadata: { name: "home" },
        spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
      }),
    job: job(
      { ...sh("true"), volumeMounts: [{ name: "home", mountPath: "/home" }] },
      { volumes: [{ name: "home", persistentVolumeClaim: { claimName: "home" } }] },
    ),
    until: both(unschedulable, event("FailedScheduling")),
  },
  {
    name: "scheduling-gated",
    description: "A scheduling gate holds the pod back.",
    job: job(sh("true"), { schedulingGates: [{ name: "lab.example/wait" }] }),
    until: podCondition("PodScheduled", "SchedulingGated"),
  },
  {
    name: "suspended",
    description: "The Job is suspended: no pod.",
    job: job(sh("true"), {}, { suspend: true }),
    until: (seen) =>
      (seen.job?.status?.conditions ?? []).some((condition: Json) => condition.type === "Suspended"),
  },
  {
    name: "suspended-while-running",
    description: "Somebody suspended the Job while it ran: the pod is deleted.",
    job: job(SLEEP),
    during: {
      when: running,
      act: async (context) => void (await context.client.patch(context.jobPath, { spec: { suspend: true } })),
    },
    until: both(podGone, (seen) =>
      (seen.job?.status?.conditions ?? []).some((condition: Json) => condition.type === "Suspended"),
    ),
  },
];

const neverCreated: readonly EvidenceCase[] = [
  {
    name: "quota-exceeded",
    description: "The namespace's quota of pods is used up.",
    before: (context) =>
      create(context, `/api/v1/namespaces/${context.namespace}/resourcequotas`, {
        metadata: { name: "budget" },
        spec: { hard: { pods: "0" } },
      }),
    job: job(sh("true")),
    until: event("FailedCreate", "exceeded quota"),
  },
  {
    name: "quota-needs-limits",
    description: "A quota on memory, and the pod says nothing about memory.",
    before: (context) =>
      create(context, `/api/v1/namespaces/${context.namespace}/resourcequotas`, {
        metadata: { name: "budget" },
        spec: { hard: { "limits.memory": "1Gi" } },
      }),
    job: job(sh("true")),
    until: event("FailedCreate", "failed quota"),
  },
  {
    name: "limit-range",
    description: "The pod asks for more memory than the namespace's LimitRange allows.",
    before: (context) =>
      create(context, `/api/v1/namespaces/${context.namespace}/limitranges`, {
        metadata: { name: "bounds" },
        spec: { limits: [{ type: "Container", max: { memory: "64Mi" } }] },
      }),
    job: job({ ...sh("true"), resources: { limits: { memory: "1Gi" } } }),
    until: event("FailedCreate", "maximum memory usage"),
  },
  {
    name: "pod-security-restricted",
    description: "The namespace enforces Pod Security restricted, and the pod does not keep to it.",
    before: async (context) =>
      void (await context.client.patch(`/api/v1/namespaces/${context.namespace}`, {
        metadata: { labels: { "pod-security.kubernetes.io/enforce": "restricted" } },
      })),
    job: job(sh("true")),
    until: event("FailedCreate", "violates PodSecurity"),
  },
  {
    name: "service-account-missing",
    description: "The service account does not exist.",
    job: job(sh("true"), { serviceAccountName: "absent" }),
    until: event("FailedCreate", "error looking up service account"),
  },
  {
    name: "runtime-class-missing",
    description: "The RuntimeClass does not exist.",
    job: job(sh("true"), { runtimeClassName: "absent" }),
    until: event("FailedCreate", "RuntimeClass"),
  },
  {
    name: "priority-class-missing",
    description: "The PriorityClass does not exist.",
    job: job(sh("true"), { priorityClassName: "absent" }),
    until: event("FailedCreate", "PriorityClass"),
  },
  {
    name: "admission-policy",
    description: "A ValidatingAdmissionPolicy refuses the pod.",
    before: async (context) => {
      const name = `evidence-${context.namespace}`;
      await create(context, "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies", {
        metadata: { name },
        spec: {
          failurePolicy: "Fail",
          matchConstraints: {
            resourceRules: [
              { apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["pods"] },
            ],
          },
          validations: [{ expression: "false", message: "images must come from registry.example.com" }],
        },
      });
      await create(context, "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings", {
        metadata: { name },
        spec: {
          policyName: name,
          validationActions: ["Deny"],
          matchResources: {
            namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": context.namespace } },
          },
        },
      });
      // The policy takes effect a moment after it is written.
      await context.pause(3000);
    },
    job: job(sh("true")),
    until: event("FailedCreate", "denied request"),
    after: async (context) => {
      const name = `evidence-${context.namespace}`;
      await context.client.delete(
        `/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings/${name}`,
      );
      await context.client.delete(
        `/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies/${name}`,
      );
    },
  },
  {
    name: "admission-webhook-unreachable",
    description: "A webhook must be asked about every pod, and does not answer.",
    before: async (context) => {
      await create(context, "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations", {
        metadata: { name: `evidence-${context.namespace}` },
        webhooks: [
          {
            name: "pods.policy.example.com",
            admissionReviewVersions: ["v1"],
            sideEffects: "None",
            failurePolicy: "Fail",
            timeoutSeconds: 1,
            clientConfig: { url: "https://127.0.0.1:9/validate" },
            namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": context.namespace } },
            rules: [{ apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["pods"] }],
          },
        ],
      });
      await context.pause(3000);
    },
    job: job(sh("true")),
    until: event("FailedCreate", "webhook"),
    after: async (context) =>
      void (await context.client.delete(
        `/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/evidence-${context.namespace}`,
      )),
  },
];

const disturbed: readonly EvidenceCase[] = [
  {
    name: "evicted-ephemeral-storage",
    description: "The container wrote more to its disk than its limit.",
    job: job({
      ...sh(
        "echo writing; dd if=/dev/zero of=/tmp/big bs=1M count=60 2>/dev/null; trap 'exit 143' TERM; sleep 600 & wait",
      ),
      resources: { limits: { "ephemeral-storage": "20Mi" } },
    }),
    until: finished,
    timeoutMilliseconds: 150_000,
  },
  {
    name: "evicted-empty-dir",
    description: "An emptyDir grew over its sizeLimit.",
    job: job(
      {
        ...sh("echo writing; dd if=/dev/zero of=/scratch/big bs=1M count=60 2>/dev/null; sleep 600"),
        volumeMounts: [{ name: "work", mountPath: "/scratch" }],
      },
      { volumes: [{ name: "work", emptyDir: { sizeLimit: "20Mi" } }] },
    ),
    until: finished,
    timeoutMilliseconds: 150_000,
  },
  {
    name: "evicted-api",
    description: "Evicted by the eviction API, as kubectl drain does.",
    job: job(SLEEP),
    during: {
      when: running,
      act: (context) =>
        create(context, `${pods(context)}/${context.podName()}/eviction`, {
          apiVersion: "policy/v1",
          kind: "Eviction",
          metadata: { name: context.podName(), namespace: context.namespace },
        }),
    },
    until: finished,
  },
  {
    name: "pod-deleted",
    description: "Somebody deleted the pod while it ran; it ended within its grace.",
    job: job(SLEEP),
    during: {
      when: running,
      act: async (context) => void (await context.client.delete(`${pods(context)}/${context.podName()}`)),
    },
    until: finished,
  },
  {
    name: "pod-deleted-ignores-term",
    description: "Somebody deleted the pod while it ran; it ignored SIGTERM and was killed after its grace.",
    job: job(sh("trap '' TERM; echo started; sleep 600"), { terminationGracePeriodSeconds: 2 }),
    during: {
      when: running,
      act: async (context) => void (await context.client.delete(`${pods(context)}/${context.podName()}`)),
    },
    until: finished,
  },
  {
    name: "pod-deleted-before-start",
    description: "Somebody deleted the pod while it waited for its image.",
    job: job({ image: "lab/absent:1" }),
    during: {
      when: waitingFor("ErrImageNeverPull"),
      act: async (context) => void (await context.client.delete(`${pods(context)}/${context.podName()}`)),
    },
    until: finished,
  },
  {
    name: "pod-deleted-by-force",
    description: "Somebody deleted the pod by force: it is gone from the API while its container still runs.",
    job: job(SLEEP),
    during: {
      when: running,
      act: async (context) =>
        void (await context.client.delete(`${pods(context)}/${context.podName()}`, {
          gracePeriodSeconds: 0,
        })),
    },
    until: both(finished, podGone),
  },
  {
    name: "job-deleted",
    description: "Somebody deleted the Job, and its pod with it, in the foreground.",
    job: job(SLEEP),
    during: {
      when: running,
      act: async (context) =>
        void (await context.client.delete(context.jobPath, { propagationPolicy: "Foreground" })),
    },
    until: (seen) => seen.jobDeleted,
  },
  {
    name: "job-deleted-background",
    description: "Somebody deleted the Job in the background: its pod ends after it.",
    job: job(SLEEP),
    during: {
      when: running,
      act: async (context) =>
        void (await context.client.delete(context.jobPath, { propagationPolicy: "Background" })),
    },
    until: both((seen) => seen.jobDeleted, podGone),
  },
  {
    name: "job-ttl",
    description: "The Job's ttlSecondsAfterFinished removed it and its pod.",
    job: job(sh("echo done"), {}, { ttlSecondsAfterFinished: 1 }),
    until: (seen) => seen.jobDeleted,
  },
  {
    name: "kubelet-out-of-cpu",
    description: "The kubelet refused a pod that was put on its node past the scheduler.",
    job: (context) =>
      job({ ...sh("true"), resources: { requests: { cpu: "500" } } }, { nodeName: context.nodeName }),
    until: finished,
  },
  {
    name: "kubelet-node-affinity",
    description: "The kubelet refused a pod whose node selector does not fit the node it was put on.",
    job: (context) =>
      job(sh("true"), { nodeName: context.nodeName, nodeSelector: { "lab.example/gpu": "yes" } }),
    until: finished,
  },
];

const exclusive: readonly EvidenceCase[] = [
  {
    name: "preempted",
    description: "The scheduler took the pod's place for one of higher priority.",
    before: async (context) => {
      await create(context, "/apis/scheduling.k8s.io/v1/priorityclasses", {
        metadata: { name: "evidence-high" },
        value: 1_000_000,
      });
    },
    job: job({ ...SLEEP, resources: { requests: { cpu: "1500m" } } }),
    during: {
      when: running,
      act: (context) =>
        create(context, pods(context), {
          metadata: { name: "important" },
          spec: {
            ...job(
              { ...sh("true"), resources: { requests: { cpu: "1500m" } } },
              { priorityClassName: "evidence-high" },
            ).template.spec,
          },
        }),
    },
    until: finished,
    after: async (context) =>
      void (await context.client.delete("/apis/scheduling.k8s.io/v1/priorityclasses/evidence-high")),
  },
  {
    name: "taint-no-execute",
    description: "The node got a NoExecute taint that the pod does not tolerate.",
    job: job(SLEEP),
    during: {
      when: running,
      act: (context) =>
        context.taint([{ key: "lab.example/maintenance", value: "now", effect: "NoExecute" }]),
    },
    until: finished,
    after: (context) => context.taint([]),
  },
  {
    name: "unschedulable-cordoned",
    description: "The only node is cordoned.",
    before: async (context) =>
      void (await context.client.patch(`/api/v1/nodes/${context.nodeName}`, {
        spec: { unschedulable: true },
      })),
    job: job(sh("true")),
    until: both(unschedulable, event("FailedScheduling")),
    after: async (context) =>
      void (await context.client.patch(`/api/v1/nodes/${context.nodeName}`, {
        spec: { unschedulable: null },
      })),
  },
  {
    name: "unschedulable-taint",
    description: "The only node has a NoSchedule taint.",
    before: (context) =>
      context.taint([{ key: "lab.example/dedicated", value: "other", effect: "NoSchedule" }]),
    job: job(sh("true")),
    until: both(unschedulable, event("FailedScheduling")),
    after: (context) => context.taint([]),
  },
];

const nodeLoss: readonly EvidenceCase[] = [
  {
    name: "node-unreachable",
    description: "The node's kubelet is silent; the pod still says Running. Not an ending.",
    job: job(SLEEP),
    during: { when: running, act: (context) => context.kubelet("stop") },
    until: both((seen) => readyStatus(seen.node) === "Unknown", event("NodeNotReady")),
    withNode: true,
    timeoutMilliseconds: 120_000,
    after: (context) => context.kubelet("start"),
  },
  {
    name: "node-lost-evicted",
    description:
      "The node's kubelet is silent for longer than the pod tolerates: the pod is marked for deletion, and stays.",
    job: job(SLEEP, {
      tolerations: ["unreachable", "not-ready"].map((key) => ({
        key: `node.kubernetes.io/${key}`,
        operator: "Exists",
        effect: "NoExecute",
        tolerationSeconds: 3,
      })),
    }),
    during: {
      when: running,
      act: async (context) => {
        await context.kubelet("stop");
        // A cluster whose only node is silent evicts nobody ("full disruption"); with a second node its controller sets this taint.
        while ((await context.nodeReady()) !== "Unknown") await context.pause(500);
        await context.taint([{ key: "node.kubernetes.io/unreachable", effect: "NoExecute" }]);
      },
    },
    until: (seen) => seen.pod?.metadata?.deletionTimestamp !== undefined,
    withNode: true,
    timeoutMilliseconds: 120_000,
    after: async (context) => {
      await context.taint([]);
      await context.kubelet("start");
    },
  },
  {
    name: "node-deleted",
    description: "The node object is gone; the pod garbage collector failed its pod.",
    job: job(SLEEP),
    during: {
      when: running,
      act: async (context) => {
        await context.kubelet("stop");
        await context.client.delete(`/api/v1/nodes/${context.nodeName}`);
      },
    },
    until: finished,
    withNode: true,
    timeoutMilliseconds: 180_000,
    after: (context) => context.kubelet("start"),
  },
];

/** These run side by side. */
export const CONCURRENT_CASES: readonly EvidenceCase[] = [
  ...disturbed,
  ...endings,
  ...images,
  ...configErrors,
  ...waiting,
  ...neverCreated,
];
/** These disturb everything on the node: one after the other. The last ones need a kubelet that can be stopped. */
export const EXCLUSIVE_CASES: readonly EvidenceCase[] = [...exclusive, ...nodeLoss];
