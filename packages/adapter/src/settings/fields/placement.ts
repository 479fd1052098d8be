import type { SettingFields } from "../field.ts";
import { objectName } from "../patterns.ts";
import {
  affinity,
  containers,
  hostAliases,
  objectNames,
  references,
  spreadConstraints,
} from "../values-pod.ts";
import { text } from "../values.ts";

const yamlList = (what: string) => `a YAML or JSON list of ${what}`;

/** Where and beside what the pod runs. None of these is needed by most agents; all of them could be said in `podTemplate` too. */
export const placementFields = {
  priorityClassName: {
    schema: text(objectName),
    label: "Priority class",
    type: "text",
    hint: "Which pods go first, and which make room.",
    rule: "the name of a priority class of the cluster",
    example: "agents",
    unset: "the cluster's default",
    group: "Pod",
  },
  runtimeClassName: {
    schema: text(objectName),
    label: "Runtime class",
    type: "text",
    hint: "Such as gVisor or Kata Containers.",
    rule: "the name of a runtime class of the cluster",
    example: "gvisor",
    unset: "the node's default",
    group: "Pod",
  },
  affinity: {
    schema: affinity(),
    label: "Affinity",
    type: "textarea",
    hint: "To nodes and to other pods.",
    rule: "a YAML or JSON object with nodeAffinity, podAffinity or podAntiAffinity",
    example:
      "podAntiAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 1, podAffinityTerm: {topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {app.kubernetes.io/managed-by: claude-k8s}}}}]}",
    unset: "none",
    group: "Pod",
  },
  topologySpreadConstraints: {
    schema: spreadConstraints(),
    label: "Topology spread",
    type: "textarea",
    hint: "How the pods are spread over zones and nodes.",
    rule: yamlList("constraints: topologyKey, maxSkew, whenUnsatisfiable, labelSelector"),
    example:
      "[{topologyKey: topology.kubernetes.io/zone, maxSkew: 1, whenUnsatisfiable: ScheduleAnyway, labelSelector: {matchLabels: {app.kubernetes.io/managed-by: claude-k8s}}}]",
    unset: "the cluster's default",
    group: "Pod",
  },
  hostAliases: {
    schema: hostAliases(),
    label: "Host aliases",
    type: "textarea",
    hint: "Lines of the pod's /etc/hosts. The operator has to allow it: names lead elsewhere by it.",
    rule: yamlList("entries: ip, hostnames"),
    example: "[{ip: 10.0.0.5, hostnames: [registry.internal]}]",
    unset: "none",
    group: "Pod",
  },
  registryLogins: {
    schema: objectNames(),
    alias: "imagePullSecrets",
    label: "Registry logins",
    type: "text",
    hint: "Names of Secrets of the namespace with which the image is pulled. The operator has to allow them. `imagePullSecrets` means the same, but the host's form hides what it holds.",
    rule: "names of Secrets, with commas or blanks between, or a list",
    example: "registry-login",
    unset: "those of the service account",
    group: "Pod",
  },
  envReferences: {
    schema: references(),
    alias: "secretEnvFrom",
    // Whoever takes it for `env` writes the secret itself here.
    concealed: true,
    label: "Variables from the cluster",
    type: "textarea",
    hint: "Variables whose values lie in Secrets of the namespace, so that the server never sees them, and can mask them in the output only where their form tells what they are. The operator has to allow the Secrets. A variable of `env` of the same name wins. `secretEnvFrom` means the same, but the host's form hides what it holds.",
    rule: "lines of NAME=secret/key, or an object of NAME: {name, key, optional}",
    example: "ANTHROPIC_API_KEY=anthropic/api-key",
    unset: "none",
    group: "Pod",
  },
  initContainers: {
    schema: containers(),
    label: "Init containers",
    type: "textarea",
    hint: 'Run before Claude Code, one after the other. What they do not say of their security context is as Pod Security "restricted" wants it.',
    rule: yamlList("containers as in a pod, each with name and image"),
    example: "[{name: fetch, image: 'registry.example/tools:1', command: [fetch]}]",
    unset: "none",
    group: "Pod",
  },
  extraContainers: {
    schema: containers(),
    label: "Containers beside it",
    type: "textarea",
    hint: "Run beside Claude Code and end with it.",
    rule: yamlList("containers as in a pod, each with name and image"),
    example: "[{name: database, image: 'registry.example/postgres:17'}]",
    unset: "none",
    group: "Pod",
  },
  queueName: {
    schema: text(objectName),
    label: "Kueue queue",
    type: "text",
    hint: "LocalQueue of the namespace; Kueue then says when the Job starts. The operator has to allow it.",
    rule: "the name of a LocalQueue",
    example: "agents",
    unset: "no queue: the Job starts at once",
    group: "Pod",
  },
} satisfies SettingFields;
