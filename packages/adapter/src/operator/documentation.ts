import { z } from "zod";

import { operatorVariable } from "../host/server.ts";
import { settingFields } from "../settings/fields.ts";
import { operatorFileSchema } from "./file-schema.ts";

/** `packages/adapter/operator-file.schema.json`. */
export function operatorFileJsonSchema(): string {
  const schema = z.toJSONSchema(operatorFileSchema, { io: "input", unrepresentable: "any" });
  const titled = { ...schema, title: `The file that ${operatorVariable} names` };
  return `${JSON.stringify(titled, null, 2)}\n`;
}

/** Everything that can stand in it, as an example that a test reads. */
export const operatorFileExample = `# yaml-language-server: $schema=./operator-file.schema.json
# Named by CLAUDE_K8S_CONFIG in the environment of the Paperclip server; read again when it changes.

clusters:
  production: # agents say \`kubeconfig: production\`
    kubeconfig: /etc/claude-k8s/production.kubeconfig
    context: agents
  cloud:
    kubeconfig: /etc/claude-k8s/cloud.kubeconfig
    allowExec: true # it starts the cloud's own login program
    companies: [0b8f3c1e-8a51-4f7c-9a44-1f0f7e3f2a10]

kubeconfigFolders: [/etc/claude-k8s/kubeconfigs]
fileFolders: ["/srv/paperclip/instructions/{company}"]

defaults: # for agents that do not say otherwise
  image: ghcr.io/acme/claude:2.1.330
  paperclipApiUrl: http://paperclip.paperclip.svc:3100
  namespace: agents
  resources: { requests: { cpu: 500m, memory: 1Gi }, limits: { memory: 4Gi } }
  timeoutSec: 7200
  env:
    ANTHROPIC_BASE_URL: http://gateway.gateway.svc:8080
    ANTHROPIC_AUTH_TOKEN: { fromEnv: GATEWAY_TOKEN } # a variable of the server

companies:
  0b8f3c1e-8a51-4f7c-9a44-1f0f7e3f2a10:
    namespace: agents-acme

allow:
  images: ["ghcr.io/acme/*"]
  namespaces: [agents, "agents-*"]
  serviceAccounts: [agent]
  queues: [agents]
  claims: ["work-{company}"]
  secrets: [registry-login, git-login]
  repositories: ["https://git.example.com/acme/*"]
  podTemplate: [metadata.annotations, spec.hostAliases]
  podTemplateFields: [spec.affinity, spec.topologySpreadConstraints, metadata.annotations]
  apiOrigins: [http://paperclip.paperclip.svc:3100]
  env: [HTTPS_PROXY]
  extraArgs: [--mcp-config]
  mcpOrigins: [https://mcp.example.com]

maximum:
  cpu: "8"
  memory: 16Gi
  ephemeralStorage: 20Gi
  resources: { nvidia.com/gpu: 1 } # and no other
  newVolumes: 50Gi
  claimSize: 50Gi
  copySize: 5Gi
  copyFiles: 200000
  deadlineSeconds: 14400
  timeToLiveSeconds: 86400
  concurrentRuns: 10
  budgetUsd: 20
  files: 8Mi
`;

/** `docs/operator-file.md`. */
export function operatorFilePage(): string {
  const { shape } = operatorFileSchema;
  const rows = (entries: Readonly<Record<string, z.ZodType>>, prefix: string) =>
    Object.entries(entries).map(
      ([key, { description = "" }]) => `| \`${prefix}${key}\` | ${cell(description)} |`,
    );
  return [
    "# The operator's file",
    "",
    `Made from the code by \`pnpm generate\`: do not edit. The schema is [\`operator-file.schema.json\`](../packages/adapter/operator-file.schema.json), the example below [\`operator-file.example.yaml\`](../packages/adapter/operator-file.example.yaml).`,
    "",
    `\`${operatorVariable}\` in the Paperclip server's own environment names a YAML file. Whoever may write an agent's settings, and agents themselves may, cannot change it, and what it says stands above every setting: those of an agent, of its environment, and of one issue.`,
    "",
    "It is read again when it changes; the server need not be restarted. A mistake in it stands in the server's log and in the agent's *Test*, never with a value of it. The rules that it had before then stay in force. A file that was never good since the server started lets nothing run: nobody knows what it would have forbidden. Replace it in one step (write beside it, then rename; a mounted ConfigMap does so): half a file can be a good file with fewer rules. One that becomes empty takes no rule back; `{}` does.",
    "",
    "A refusal ends the run before anything is sent to the cluster, as [`not_allowed_by_operator`](endings.md), and names the setting, the rule, and the key of this file that would allow it. The rules are held against the settings, and once more against the whole Job right before it is sent.",
    "",
    "## Keys",
    "",
    "| key | meaning |",
    "| --- | --- |",
    ...rows(shape, ""),
    ...rows(shape.clusters.unwrap().valueType.shape, "clusters.NAME."),
    ...rows(shape.allow.unwrap().shape, "allow."),
    ...rows(shape.maximum.unwrap().shape, "maximum."),
    "",
    "## Which value counts",
    "",
    "For each setting: the agent's (with what an issue overrides) before `companies.ID`, that before `defaults`, that before what [settings.md](settings.md) says under *not set*. Empty texts and `0` count as not set; a toggle that the host's form stored as `false` is set. Variables of `env` are merged name by name; every other setting is taken as a whole. In `defaults` and `companies` a variable may be `{ fromEnv: NAME }`: the value of a variable of the server, so that no key need stand in the file. `allow` and `maximum` hold for the result, whoever gave it; only options of `extraArgs`, addresses and variables that the operator gives are not asked about.",
    "",
    "## Without the file",
    "",
    "- The cluster is the server's own: its KUBECONFIG or `~/.kube/config`, else its pod's service account. No kubeconfig by path.",
    "- Any image, and any namespace that the server's account may use. Service accounts by name, and never a token of one.",
    "- No Secret but those that a run makes for itself, and no claim. ConfigMaps of the namespace can be mounted.",
    '- A pod stays within Pod Security "restricted" whatever `podTemplate` says, sets no `hostAliases`, DNS or node, and has no annotation that is an order to a controller.',
    "- Files of the server only from the folders of the agent and its company below Paperclip's home.",
    "- `paperclipApiUrl` only with an origin that the server knows as its own: `PAPERCLIP_API_URL`, `PAPERCLIP_PUBLIC_URL`, and the names of `PAPERCLIP_ALLOWED_HOSTNAMES` with the server's port.",
    "- No variable that sends a secret elsewhere which its writer did not bring: proxies, trust in certificates, code that is loaded (`NODE_OPTIONS`, `LD_PRELOAD`), and the address of a service whose key came from somebody else. An agent that brings `ANTHROPIC_BASE_URL` and the key itself may.",
    "- No option of `extraArgs` that loads settings, servers or plug-ins, or that the adapter passes itself.",
    "",
    "## Example",
    "",
    "```yaml",
    operatorFileExample.trimEnd(),
    "```",
    "",
    `Settings that can stand in \`defaults\` and \`companies\`: ${settingFields.map(({ key }) => `\`${key}\``).join(", ")}.`,
    "",
  ].join("\n");
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}
