import type { SettingField } from "../field.ts";

export const clusterFields: readonly SettingField[] = [
  {
    key: "namespace",
    label: "Namespace",
    type: "text",
    hint: "Where the Jobs run. It must exist.",
    rule: "a namespace name: lower-case letters, digits and dashes, at most 63 characters",
    example: "agents",
    unset: "the namespace of the kubeconfig's context, or of the server's own pod",
    group: "Cluster",
  },
  {
    key: "kubeconfig",
    label: "Kubeconfig",
    type: "text",
    hint: "Absolute path on the Paperclip server.",
    rule: "an absolute path on the server",
    example: "/etc/paperclip/agents.kubeconfig",
    unset: "the service account of the server's own pod; outside a pod KUBECONFIG or ~/.kube/config",
    group: "Cluster",
  },
  {
    key: "paperclipApiUrl",
    label: "Paperclip's address for pods",
    type: "text",
    hint: "PAPERCLIP_API_URL in the pod. The server often knows itself only as localhost, which a pod cannot reach.",
    rule: "an http or https URL",
    example: "http://paperclip.paperclip.svc:3100",
    unset: "PAPERCLIP_API_URL of the server",
    group: "Cluster",
  },
];
