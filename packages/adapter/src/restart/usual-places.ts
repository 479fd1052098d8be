import type { OperatorWord } from "../operator/operator.ts";
import type { Place } from "./memory.ts";

/**
 * Where runs may be though nothing is remembered of them: the namespaces that the operator gives to all agents or to a company's,
 * and the server's own.
 */
export function usualPlaces(word: OperatorWord, ownNamespace: string | null): readonly Place[] {
  const own: Place[] =
    ownNamespace === null ? [] : [{ kubeconfig: null, namespace: ownNamespace, companyId: "" }];
  if (word.kind === "unusable") return own;
  const { defaults = {}, companies = {} } = word.rules;
  const layers = [
    { companyId: "", given: defaults },
    ...Object.entries(companies).map(([companyId, given]) => ({
      companyId,
      given: { ...defaults, ...given },
    })),
  ];
  const given = layers.flatMap(({ companyId, given: { kubeconfig, namespace } }): Place[] =>
    typeof namespace === "string" && namespace !== ""
      ? [{ kubeconfig: typeof kubeconfig === "string" ? kubeconfig : null, namespace, companyId }]
      : [],
  );
  return [...given, ...own];
}
