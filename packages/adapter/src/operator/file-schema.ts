import { z } from "zod";

import { type SettingKey, settingFields } from "../settings/fields.ts";
import { quantity } from "../settings/values.ts";

/** The operator's file: what `CLAUDE_K8S_CONFIG` names, what its JSON Schema says, and what its documentation is made of. */

const folder = z.string().regex(/^\/[^\0]*$/, "must be an absolute path");
const pattern = z.string().min(1);
const origin = z
  .string()
  .regex(/^https?:\/\/[^\s/@?#]+\/?$/, "must be an origin: https://host or http://host:port");
const sizeText = quantity().meta({ type: ["string", "number"] });
const seconds = z.int().min(1);

const permission = (what: string) =>
  z.boolean().optional().describe(`The kubeconfig may ${what}. Not set: no.`);

const cluster = z
  .strictObject({
    kubeconfig: folder
      .optional()
      .describe(
        "Absolute path of its kubeconfig. Not set: the server's own KUBECONFIG, or its pod's service account.",
      ),
    context: z.string().min(1).optional().describe("Context of the kubeconfig. Not set: its current one."),
    allowExec: permission("start a program on the server (`exec`)"),
    allowAuthProvider: permission("use an auth provider, some of which start programs"),
    allowTokenFile: permission("name a token file, whose content is sent to the cluster"),
    allowInsecureSkipTlsVerify: permission("skip the check of the cluster's certificate"),
    allowProxyUrl: permission("send everything through a proxy"),
    allowHttp: permission("talk to the cluster without TLS"),
    companies: z
      .array(pattern)
      .optional()
      .describe("Ids of the companies whose agents may name this cluster. Not set: all."),
  })
  .describe("A cluster that the setting `kubeconfig` may name by its alias.");

const settingValues = z
  .strictObject({
    ...(Object.fromEntries(
      settingFields.map(({ key, hint, rule }) => [key, z.unknown().optional().describe(`${hint} ${rule}.`)]),
    ) as Record<SettingKey, z.ZodOptional<z.ZodUnknown>>),
    resources: z.unknown().optional().describe("`limits` and `requests` as one object, as in a pod."),
  })
  .describe("Settings as in docs/settings.md.");

const allow = z.strictObject({
  images: z
    .array(pattern)
    .optional()
    .describe(
      "Images of all containers. `*` stands for any text; a name without tag and digest allows all of them. Not set: any image.",
    ),
  namespaces: z
    .array(pattern)
    .optional()
    .describe(
      "Namespaces; `{company}` stands for the company's id. Not set: any that the server's account may use.",
    ),
  serviceAccounts: z
    .array(pattern)
    .optional()
    .describe("Service accounts of the pods. No token of them is mounted in any case. Not set: any."),
  queues: z
    .array(pattern)
    .optional()
    .describe("Kueue queues that the setting `queueName` may name. Not set: none but those of `defaults`."),
  claims: z
    .array(pattern)
    .optional()
    .describe(
      "Persistent volume claims that a pod may mount. Not set: none but those of the server's own pod.",
    ),
  secrets: z
    .array(pattern)
    .optional()
    .describe(
      "Secrets of the namespace that a pod may use. Not set: none but those that a run makes for itself.",
    ),
  repositories: z
    .array(pattern)
    .optional()
    .describe(
      "Addresses of repositories that a login of the setting `repositoryLogin` may be given to, such as `https://git.example.com/{company}/*`. A `*` in a host stays in it, and an address that leads out of its folder (`..`, `%2f`) is none of them. Not set: none.",
    ),
  podTemplate: z
    .array(pattern)
    .optional()
    .describe(
      'Fields of the pod that may leave Pod Security "restricted", such as `spec.hostNetwork` or `spec.containers[*].securityContext.privileged`; and `metadata.annotations`, `metadata.labels`. Not set: none.',
    ),
  podTemplateFields: z
    .array(pattern)
    .optional()
    .describe(
      "The only fields that agents may set by `podTemplate`, such as `spec.affinity`, and by settings for the same fields, such as `initContainers`; `[]`: none, so that nobody replaces the command. Not set: all that no rule refuses.",
    ),
  apiOrigins: z
    .array(origin)
    .optional()
    .describe("Addresses of Paperclip that the setting `paperclipApiUrl` may name, beside the server's own."),
  env: z
    .array(pattern)
    .optional()
    .describe(
      "Variables that settings may set although they can send secrets elsewhere or load code: `HTTPS_PROXY`, `ANTHROPIC_BASE_URL`. Not set: none.",
    ),
  extraArgs: z
    .array(z.string().regex(/^--?[A-Za-z][\w-]*$/, "must be an option such as --settings"))
    .optional()
    .describe(
      "Options of claude that settings may pass although they load settings, servers or plug-ins. Not set: none.",
    ),
  mcpOrigins: z
    .array(origin)
    .optional()
    .describe("Origins of the MCP servers that get a token. Not set: those that Paperclip gives."),
});

const maximum = z.strictObject({
  cpu: sizeText.optional().describe("CPUs of a pod, all containers together."),
  memory: sizeText.optional().describe("Memory of a pod, all containers together."),
  ephemeralStorage: sizeText
    .optional()
    .describe("Scratch space of a pod on its node, all containers together."),
  resources: z
    .record(z.string().min(1), sizeText)
    .optional()
    .describe(
      "Other resources by their names, such as `nvidia.com/gpu`, all containers together. Where it is set, a resource that it does not name is refused: `{}` allows none. Not set: any.",
    ),
  newVolumes: sizeText
    .optional()
    .describe(
      'Storage of the volumes that a pod claims for itself (`ephemeral`), together; "0": none. Not set: any.',
    ),
  claimSize: sizeText
    .optional()
    .describe(
      "Size of the volume claim of an agent or a task (workspaceMode claim); also the size where the setting gives none and 10Gi would be more.",
    ),
  copySize: sizeText
    .optional()
    .describe(
      "Bytes of a copied workspace, in each direction (workspaceMode copied); also the limit where the setting gives none and 10Gi would be more.",
    ),
  copyFiles: z
    .int()
    .min(1)
    .optional()
    .describe(
      "Files, folders and links of a copied workspace, in each direction; also the limit where the setting gives none and 1000000 would be more.",
    ),
  deadlineSeconds: seconds
    .optional()
    .describe("Duration of a run; also its deadline where the setting gives none."),
  timeToLiveSeconds: seconds.optional().describe("How long a finished Job stays."),
  concurrentRuns: z
    .int()
    .min(1)
    .optional()
    .describe(
      "Jobs that live at once, for whatever `maxConcurrentRunsPer` counts (put that one under `settings` as well); also the limit where the setting gives none.",
    ),
  budgetUsd: z
    .number()
    .positive()
    .optional()
    .describe("Dollars of a run; also its budget where the setting gives none."),
  files: sizeText
    .optional()
    .describe("Bytes of instructions and skills that a run takes along, each of the two kinds."),
});

export const operatorFileSchema = z.strictObject({
  clusters: z
    .record(z.string().regex(/^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/), cluster)
    .optional()
    .describe("Alias → cluster."),
  kubeconfigFolders: z
    .array(folder)
    .optional()
    .describe("Folders whose kubeconfigs the setting `kubeconfig` may name by path. Not set: none."),
  fileFolders: z
    .array(folder)
    .optional()
    .describe(
      "Folders of the server whose files settings may name, and in which a workspace may lie that agents read and write, beside those of the agent and its company below Paperclip's home; `{company}` and `{agent}` stand for their ids.",
    ),
  defaults: settingValues.optional().describe("Values of settings for all agents that do not set them."),
  companies: z
    .record(z.string().min(1), settingValues)
    .optional()
    .describe("The same for the agents of one company, by its id; they win over `defaults`."),
  allow: allow
    .optional()
    .describe("What settings may name. Holds for all values, those of `defaults` included."),
  maximum: maximum
    .optional()
    .describe("What no run may exceed. Where a setting gives no value, the maximum is the value."),
});

export type OperatorFile = z.output<typeof operatorFileSchema>;
export type OperatorCluster = NonNullable<OperatorFile["clusters"]>[string];
