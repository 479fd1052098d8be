/** Whether the API server lets this process do something. What it does not say is neither a yes nor a no. */

import { patiently } from "./async/patience.ts";
import { systemClock } from "./clock.ts";
import type { Cluster } from "./cluster/cluster.ts";
import { featurePermissions } from "./permissions.ts";
import type { Feature, Permission } from "./permissions.ts";

/** An API server that restarts is back by then; whoever asks has a run that waits for the answer. */
const patienceSeconds = 5;

interface AskOptions {
  readonly signal?: AbortSignal;
}

/**
 * Asks the API server whether a feature may be used in a namespace; again for some seconds where it cannot answer. `null`: it does not
 * say, and only trying shows it. Rejects with `signal.reason` only.
 */
export async function mayUse(
  cluster: Pick<Cluster, "create">,
  namespace: string,
  feature: Feature,
  { signal = new AbortController().signal }: AskOptions = {},
): Promise<boolean | null> {
  const patience = { clock: systemClock, signal, seconds: patienceSeconds };
  const answers = await Promise.all(
    featurePermissions[feature].map(async (permission) =>
      allowedBy(await patiently(patience, () => review(cluster, namespace, permission, { signal }))),
    ),
  );
  if (answers.includes(false)) return false;
  return answers.includes(null) ? null : true;
}

/** Asked once: for a report of what is there now. */
export async function isAllowed(
  cluster: Pick<Cluster, "create">,
  namespace: string,
  permission: Permission,
  options: AskOptions,
): Promise<boolean | null> {
  return allowedBy(await review(cluster, namespace, permission, options));
}

type Review = Awaited<ReturnType<typeof review>>;

function allowedBy(answer: Review): boolean | null {
  return answer.kind === "ok" ? (answer.value.status?.allowed ?? null) : null;
}

function review(
  cluster: Pick<Cluster, "create">,
  namespace: string,
  permission: Permission,
  options: AskOptions,
) {
  const spec = { resourceAttributes: attributesOf(permission, namespace) };
  return cluster.create("selfsubjectaccessreviews", null, { spec }, options);
}

function attributesOf({ verb, resource, subresource, group, clusterWide }: Permission, namespace: string) {
  return {
    verb,
    resource,
    group,
    ...(subresource === undefined ? {} : { subresource }),
    ...(clusterWide === true ? {} : { namespace }),
  };
}
