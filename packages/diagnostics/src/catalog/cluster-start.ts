import type { Entries } from "./entry.ts";

/** What kept the container from starting. */
export const clusterStart = {
  k8s_image_pull_failed: {
    title: "The image cannot be pulled",
    when: "The container waits for its image: at once when the registry says not found or denied, else after a grace.",
    family: null,
    familyNote: "`transient_upstream` when the registry failed rather than refused",
    bootstrap: true,
    session: "keep",
    fix: [
      {
        when: "denied",
        text: "Give the pod an image pull secret ({setting:podTemplate}, `spec.imagePullSecrets`), or add one to {setting:serviceAccountName}.",
      },
      {
        when: "untrusted",
        text: "Let the nodes trust the registry: add its certificate authority to the node's container runtime (containerd: `/etc/containerd/certs.d/<registry>/hosts.toml`), or give the registry a certificate that they know. Pulling again does not help.",
      },
      {
        when: "processor",
        text: "The image has no build for the node's processor: build {setting:image} for both (`docker buildx build --platform linux/amd64,linux/arm64`), or choose nodes by `kubernetes.io/arch` in {setting:nodeSelector}.",
      },
      "Check the name and tag in {setting:image}, and that the cluster's nodes reach its registry.",
      "See the registry's words: `kubectl describe pod {pod} -n {namespace}`.",
    ],
  },
  k8s_image_invalid: {
    title: "The image cannot be used as it is named",
    when: "`InvalidImageName`, `ErrImageNeverPull` and the like: waiting cannot help.",
    family: null,
    bootstrap: true,
    session: "keep",
    fix: [
      "Correct {setting:image}: `registry/name:tag`, in lower case.",
      "If the policy is `Never`, the image must be on the node already: change {setting:imagePullPolicy}.",
    ],
  },
  k8s_container_config_error: {
    title: "The container lacks something it needs",
    when: "A missing Secret, ConfigMap or key.",
    family: null,
    bootstrap: true,
    session: "keep",
    fix: [
      {
        when: "missing",
        text: "Create the missing object in namespace {namespace}, or take its reference out of {setting:env} or {setting:podTemplate}.",
      },
      {
        when: "root",
        text: "Build {setting:image} with a numeric user that is not 0 (`USER 1000`), or set `runAsUser` in {setting:podTemplate}.",
      },
      "Look at what {setting:env} and {setting:podTemplate} refer to.",
      "See the container's words: `kubectl describe pod {pod} -n {namespace}`.",
    ],
  },
  k8s_container_start_failed: {
    title: "The container could not be started",
    when: "`RunContainerError`, `StartError`; exit 126, 127 or 128 before any frame, or a runtime's or shell's words (exec format error, not found, not executable).",
    family: null,
    familyNote: "`transient_upstream` when the node's container runtime did not answer in time",
    bootstrap: true,
    session: "keep",
    fix: [
      {
        when: "runtime",
        text: "Run again: nothing was done. If it repeats, look at node {node}: its container runtime is overloaded or restarts, or its disk is slow.",
      },
      {
        when: "memory",
        text: "Raise {setting:resources.limits.memory}: it is too small even to start the container.",
      },
      {
        when: "node",
        text: "The node could not prepare the container (a device's driver, a security profile, its disk): look at node {node}, or choose others in {setting:nodeSelector}.",
      },
      {
        when: "processor",
        text: "The image is for another processor than the node: build {setting:image} for both (`docker buildx build --platform linux/amd64,linux/arm64`), or choose nodes by `kubernetes.io/arch` in {setting:nodeSelector}.",
      },
      {
        when: "cpu",
        text: "Choose nodes with a newer processor in {setting:nodeSelector} (on virtual machines the CPU model `host`), or an image with an older base system in {setting:image}.",
      },
      {
        when: "path",
        text: "Put the program that the words name into {setting:image}, on its PATH: `claude`, `/bin/sh`, and `node` where `claude` is a script of it.",
      },
      {
        when: "mode",
        text: "The file must be executable for the pod's user: `chmod 755` in the image's build, no volume mounted `noexec` over it, and its directories readable.",
      },
      {
        when: "libraries",
        text: "The program is for another base system (glibc or musl, or a newer one): use the build of Claude Code for this base, or a newer base, in {setting:image}.",
      },
      {
        when: "command",
        text: "The image in {setting:image} must have `claude` on its PATH, and `/bin/sh`.",
      },
      {
        when: "command",
        text: "Try it: `kubectl run try --rm -it -n {namespace} --image={image} --command -- claude --version`.",
      },
      "See what the node says: `kubectl describe pod {pod} -n {namespace}`.",
      "Look at the pod's events, and at {setting:image}.",
    ],
  },
  k8s_init_container_failed: {
    title: "An init container failed",
    when: "An init container ended with another exit than 0.",
    family: null,
    bootstrap: true,
    session: "keep",
    fix: [
      "Read its log: `kubectl logs {pod} -n {namespace} -c {container}`.",
      { when: "memory", text: "It ran out of memory: raise the init container's own limit." },
      "Init containers come from {setting:podTemplate}.",
    ],
  },
  k8s_unschedulable: {
    title: "No node takes the pod",
    when: "Only after a generous budget of its own, with the scheduler's words; a queue that never let the Job in; a node that refused the pod placed on it (OutOfcpu, NodeAffinity, UnexpectedAdmissionError and others).",
    family: "transient_upstream",
    familyNote: "none where the node forbids a sysctl or lacks an AppArmor profile",
    bootstrap: true,
    session: "keep",
    fix: [
      {
        when: "sysctl",
        text: "Take the sysctl that the node forbids out of {setting:podTemplate} (`spec.securityContext.sysctls`), or allow it on nodes (the kubelet's `allowedUnsafeSysctls`) and choose these in {setting:nodeSelector}.",
      },
      {
        when: "appArmor",
        text: "Load the AppArmor profile on nodes where AppArmor is enabled and choose these in {setting:nodeSelector}, or ask for another one in {setting:podTemplate} (`securityContext.appArmorProfile`, `RuntimeDefault` is on all of them).",
      },
      {
        when: "rejected",
        text: "Run again: nothing was done, and the scheduler had chosen a node that had no room, no device or no match any more.",
      },
      {
        when: "nodes",
        text: "Ask for less: lower {setting:resources.requests.cpu} or {setting:resources.requests.memory}.",
      },
      {
        when: "nodes",
        text: "Or add nodes; check {setting:nodeSelector}, {setting:tolerations}, and affinity in {setting:podTemplate}.",
      },
      {
        when: "queue",
        text: "Look at the queue: `kubectl get workloads -n {namespace}`. Its name comes from {setting:labels}.",
      },
      { when: "nodes", text: "Or run again later, when other pods have ended." },
      { when: "queue", text: "Or run again later, when other pods have ended." },
      "Look at the pod's events: what the scheduler and the node say of it.",
    ],
  },
  k8s_volume_unavailable: {
    title: "A volume is not available",
    when: "An unbound claim, a volume attached elsewhere, a mount that failed.",
    family: "transient_upstream",
    bootstrap: true,
    session: "keep",
    fix: [
      "See which: `kubectl get pvc -n {namespace}` and `kubectl describe pod {pod} -n {namespace}`.",
      "A `ReadWriteOnce` volume serves one node at a time: wait for the other pod, or use `ReadWriteMany`. Volumes come from {setting:podTemplate}.",
    ],
  },
  k8s_start_timeout: {
    title: "The container never got to run",
    when: "Scheduled, never ran, and nothing else explains it within the budget (sandbox, network, volumes).",
    family: "transient_upstream",
    bootstrap: true,
    session: "keep",
    fix: [
      "Look at the pod's events: its sandbox, network and volumes come before its container.",
      "See what it waited for: `kubectl describe pod {pod} -n {namespace}`.",
      "If other pods on node {node} hang too, look at the node.",
    ],
  },
} satisfies Entries;
