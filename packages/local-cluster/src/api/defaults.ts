import type { Container, Job, JobSpec, PodSpec, Volume } from "../objects/types.ts";

/** What the API server fills into a Job on creation. The pod labels carry the Job's name under its old and new keys. */
export function defaultJob(job: Job): void {
  const spec: JobSpec = job.spec;
  defaultJobSpec(spec);
  const labels = {
    "batch.kubernetes.io/controller-uid": job.metadata.uid,
    "batch.kubernetes.io/job-name": job.metadata.name,
    "controller-uid": job.metadata.uid,
    "job-name": job.metadata.name,
  };
  const { template } = spec;
  if (!spec.manualSelector) {
    template.metadata = { ...template.metadata, labels: { ...template.metadata?.labels, ...labels } };
    spec.selector = { matchLabels: { "batch.kubernetes.io/controller-uid": job.metadata.uid } };
  }
  // Without labels of its own a Job takes those of its pods.
  if (Object.keys(job.metadata.labels ?? {}).length === 0) {
    job.metadata.labels = { ...template.metadata?.labels };
  }
}

/** What is filled in whenever a Job is written, also over an older one. */
export function defaultJobSpec(spec: JobSpec): void {
  spec.parallelism ??= 1;
  spec.completions ??= 1;
  spec.backoffLimit ??= 6;
  spec.completionMode ??= "NonIndexed";
  spec.suspend ??= false;
  spec.manualSelector ??= false;
  spec.podReplacementPolicy ??= "TerminatingOrFailed";
  spec.template ??= { spec: { containers: [] } };
  spec.template.spec ??= { containers: [] };
  defaultPodSpec(spec.template.spec);
}

export function defaultPodSpec(spec: PodSpec): void {
  spec.dnsPolicy ??= "ClusterFirst";
  spec.schedulerName ??= "default-scheduler";
  spec.securityContext ??= {};
  spec.terminationGracePeriodSeconds ??= 30;
  for (const container of [...(spec.initContainers ?? []), ...(spec.containers ?? [])])
    defaultContainer(container);
  for (const volume of spec.volumes ?? []) defaultVolume(volume);
}

function defaultContainer(container: Container): void {
  container.resources ??= {};
  container.terminationMessagePath ??= "/dev/termination-log";
  container.terminationMessagePolicy ??= "File";
  container.imagePullPolicy ??= isLatest(container.image ?? "") ? "Always" : "IfNotPresent";
  const { limits, requests } = container.resources;
  // A limit without a request is the request.
  if (limits !== undefined) container.resources.requests = { ...limits, ...requests };
  for (const variable of container.env ?? []) {
    const field = variable.valueFrom?.fieldRef as { apiVersion?: string } | undefined;
    if (field !== undefined) field.apiVersion ??= "v1";
  }
}

function isLatest(image: string): boolean {
  const last = image.slice(image.lastIndexOf("/") + 1);
  return !last.includes("@") && (!last.includes(":") || last.endsWith(":latest"));
}

function defaultVolume(volume: Volume): void {
  for (const source of [volume.secret, volume.configMap, volume.projected, volume.downwardAPI]) {
    if (source !== undefined) source.defaultMode ??= 0o644;
  }
  if (volume.hostPath !== undefined) volume.hostPath.type ??= "";
  const kinds = Object.keys(volume).filter((key) => key !== "name");
  if (kinds.length === 0) volume.emptyDir = {};
}

/** What defaults and admission add to a pod, but not to a template. */
export function defaultPod(spec: PodSpec): void {
  defaultPodSpec(spec);
  spec.restartPolicy ??= "Always";
  spec.enableServiceLinks ??= true;
  spec.serviceAccountName ??= spec.serviceAccount ?? "default";
  spec.serviceAccount = spec.serviceAccountName;
  spec.priority ??= 0;
  spec.preemptionPolicy ??= "PreemptLowerPriority";
  const tolerations = (spec.tolerations ??= []);
  for (const key of ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"]) {
    const known = tolerations.some(
      (entry) =>
        (entry.key === key || entry.key === undefined) && (entry.effect ?? "NoExecute") === "NoExecute",
    );
    if (!known) tolerations.push({ key, operator: "Exists", effect: "NoExecute", tolerationSeconds: 300 });
  }
}
