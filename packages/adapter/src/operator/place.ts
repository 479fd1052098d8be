import type { HostServer } from "../host/server.ts";
import { type ClusterChoice, refusedPlace, resolveCluster } from "./clusters.ts";

/** The cluster of an earlier run, by what the operator says now. Rejects where that is no longer allowed. */
export async function choiceFor(
  { kubeconfig, companyId }: { readonly kubeconfig: string | null; readonly companyId: string },
  { operator }: Pick<HostServer, "operator">,
): Promise<ClusterChoice> {
  const word = await operator.word();
  if (word.kind === "unusable") throw new Error(`the operator's file ${word.file} cannot be used`);
  const resolved = resolveCluster(kubeconfig, word.rules, { company: companyId, agent: "" });
  const refusal = resolved.kind === "refused" ? resolved.refusal : await refusedPlace(resolved.choice);
  if (resolved.kind === "chosen" && refusal === null) return resolved.choice;
  throw new Error(`kubeconfig ${kubeconfig ?? ""} is not allowed: ${refusal?.rule ?? ""}`);
}
