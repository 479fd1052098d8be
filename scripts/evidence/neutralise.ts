import type { Json } from "../../packages/local-cluster/test/contract/http-client.ts";

/** Drops what says nothing about an ending, and replaces what belongs to the machine it was captured on. */
export function neutralise(evidence: Json, registry: string): Json {
  const text = JSON.stringify(evidence, (key: string, value: Json) => {
    if (key === "managedFields" || key === "images" || key === "nodeInfo") return undefined;
    // An argument of 140,000 characters is there to be refused, not to be stored.
    if (typeof value === "string" && value.length > 8000)
      return `${value.slice(0, 100)}… (${value.length} characters)`;
    return value;
  });
  return JSON.parse(
    text
      .replaceAll(registry, "registry.example.com")
      .replaceAll(/\/var\/tmp\/claude-k8s-cluster(?:-\d+)?\/kubelet/g, "/var/lib/kubelet")
      .replaceAll(/\/var\/tmp\/claude-k8s-cluster(?:-\d+)?/g, "/run/k8s")
      .replaceAll(/\b(?:10|172|192\.168)(?:\.\d{1,3}){3}\b/g, "192.0.2.10"),
  );
}
