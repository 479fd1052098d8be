import type { ApiObject, Job, Pod } from "../objects/types.ts";

export function selectablePodFields(object: ApiObject): Record<string, string> {
  const pod = object as Pod;
  return {
    "spec.nodeName": pod.spec.nodeName ?? "",
    "spec.restartPolicy": pod.spec.restartPolicy ?? "",
    "spec.schedulerName": pod.spec.schedulerName ?? "",
    "spec.serviceAccountName": pod.spec.serviceAccountName ?? "",
    "spec.hostNetwork": String(pod.spec.hostNetwork ?? false),
    "status.phase": pod.status.phase,
    "status.podIP": pod.status.podIP ?? "",
    "status.nominatedNodeName": pod.status.nominatedNodeName ?? "",
  };
}

export function selectableJobFields(object: ApiObject): Record<string, string> {
  return { "status.successful": String((object as Job).status.succeeded ?? 0) };
}

interface EventFields {
  involvedObject?: Record<string, string | undefined>;
  reason?: string;
  reportingComponent?: string;
  source?: { component?: string };
  type?: string;
}

export function selectableEventFields(object: ApiObject): Record<string, string> {
  const event = object as ApiObject & EventFields;
  const about = event.involvedObject ?? {};
  return {
    "involvedObject.kind": about["kind"] ?? "",
    "involvedObject.namespace": about["namespace"] ?? "",
    "involvedObject.name": about["name"] ?? "",
    "involvedObject.uid": about["uid"] ?? "",
    "involvedObject.apiVersion": about["apiVersion"] ?? "",
    "involvedObject.resourceVersion": about["resourceVersion"] ?? "",
    "involvedObject.fieldPath": about["fieldPath"] ?? "",
    reason: event.reason ?? "",
    reportingComponent: event.reportingComponent ?? "",
    source: event.source?.component ?? event.reportingComponent ?? "",
    type: event.type ?? "",
  };
}
