import type { Cluster } from "@claude-k8s/k8s-runner";

import type { NamedSecrets } from "../output/redaction.ts";
import { isTelling } from "./secrets.ts";

/** Reading them is a help, and no run waits long for it. */
const patienceMilliseconds = 5000;
const mostSecrets = 20;
const prefix = "env.";

/**
 * Values that the containers of a Job get from Secrets: a Job that is taken over has a token of its own, and prints it as readily
 * as ours. What may not be read, or is gone, is left to what the names and forms of secrets tell.
 */
export async function secretsOfJob(
  cluster: Pick<Cluster, "get">,
  { namespace, jobName }: { readonly namespace: string; readonly jobName: string },
): Promise<NamedSecrets> {
  const options = { deadlineMilliseconds: patienceMilliseconds };
  const job = await cluster.get("jobs", namespace, jobName, options).catch(() => null);
  if (job?.kind !== "ok") return {};
  const pod = job.value.spec?.template.spec;
  const variables = [...(pod?.containers ?? []), ...(pod?.initContainers ?? [])].flatMap(
    ({ env = [] }) => env,
  );
  const references = variables.flatMap(({ name, valueFrom }) => {
    const { name: secret, key } = valueFrom?.secretKeyRef ?? {};
    return secret === undefined || key === undefined ? [] : [{ name, secret, key }];
  });
  const names = [...new Set(references.map(({ secret }) => secret))].slice(0, mostSecrets);
  const answers = await Promise.all(
    names.map(
      async (name) =>
        [name, await cluster.get("secrets", namespace, name, options).catch(() => null)] as const,
    ),
  );
  const data = new Map(
    answers.map(([name, answer]) => [name, answer?.kind === "ok" ? (answer.value.data ?? {}) : {}]),
  );
  return Object.fromEntries(
    references.flatMap(({ name, secret, key }) => {
      const value = Buffer.from(data.get(secret)?.[key] ?? "", "base64").toString("utf8");
      // What we pack ourselves holds switches, too; another's Secret is a secret as a whole.
      return value !== "" && (!key.startsWith(prefix) || isTelling(name, value)) ? [[name, value]] : [];
    }),
  );
}
