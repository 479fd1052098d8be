import type { SettingFields } from "../field.ts";
import { clusterName, httpUrl, namespaceName } from "../patterns.ts";
import { text } from "../values.ts";

export const clusterFields = {
  namespace: {
    schema: text(namespaceName),
    label: "Namespace",
    type: "text",
    hint: "Where the Jobs run. It must exist.",
    rule: "a namespace name: lower-case letters, digits and dashes, at most 63 characters",
    example: "agents",
    unset: "the namespace of the kubeconfig's context, or of the server's own pod",
    aside: "must exist",
    group: "Cluster",
  },
  kubeconfig: {
    schema: text(clusterName),
    label: "Kubeconfig",
    type: "text",
    hint: "Name of a cluster in the operator's file, or absolute path of a kubeconfig in a folder that it names.",
    rule: "the name of a cluster of the operator's file (CLAUDE_K8S_CONFIG), or an absolute path on the server",
    example: "production",
    aside: "a cluster's name in the operator's file",
    unset: "the server's own cluster: its KUBECONFIG or ~/.kube/config, else the service account of its pod",
    group: "Cluster",
  },
  paperclipApiUrl: {
    schema: text(httpUrl),
    label: "Paperclip's address for pods",
    type: "text",
    hint: "PAPERCLIP_API_URL in the pod. The server often knows itself only as localhost, which a pod cannot reach.",
    rule: "an http or https URL",
    example: "http://paperclip.paperclip.svc:3100",
    unset: "PAPERCLIP_API_URL of the server",
    aside: "such as http://paperclip.paperclip.svc:3100",
    group: "Cluster",
  },
} satisfies SettingFields;
