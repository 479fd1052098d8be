import type { PodPolicy, RunSpec } from "@claude-k8s/k8s-runner";

import type { Prepared } from "../prepare.ts";
import type { Inheritance } from "./inherit.ts";

/** A run's spec with what no setting has a name for. */
export function withInherited(spec: RunSpec, { spec: added }: Inheritance): RunSpec {
  const { volumes = [], volumeMounts = [], env, ...names } = added;
  return {
    ...names,
    ...spec,
    env: { ...env, ...spec.env },
    volumes: [...(spec.volumes ?? []), ...volumes],
    volumeMounts: [...(spec.volumeMounts ?? []), ...volumeMounts],
  };
}

/** The operator's word, and beyond it exactly what this run is lent. */
export function policyWith(
  policy: PodPolicy,
  { workspace, inherited }: Pick<Prepared, "workspace" | "inherited">,
): PodPolicy {
  const { imagePullSecrets: allowed = [] } = policy;
  const isAllowed = (name: string): boolean => {
    if (allowed === "any" || inherited.pullLogins.includes(name)) return true;
    return typeof allowed === "function" ? allowed(name) : allowed.includes(name);
  };
  return {
    ...policy,
    imagePullSecrets: isAllowed,
    lent: [...workspace.lent, ...inherited.lent],
    lentKeys: inherited.keys,
  };
}
