import { versionInfo } from "./discovery.ts";
import { apiVersionOf, resources, type Resource } from "./resources.ts";

/**
 * As much of OpenAPI v3 as kubectl asks for before it sends: that objects are validated and dry-run by the server.
 * There are no schemas, so `kubectl explain` has nothing to tell. Null: not one of its documents.
 */
export function describeApi(path: string): unknown {
  const groupVersions = [...new Set(resources.map((resource) => apiVersionOf(resource)))];
  if (path === "/openapi/v3") {
    const entries = groupVersions.map((name) => {
      const at = rootOf(name);
      return [at, { serverRelativeURL: `/openapi/v3/${at}?hash=${versionInfo.gitVersion}` }];
    });
    return { paths: Object.fromEntries(entries) };
  }
  const found = groupVersions.find((name) => path === `/openapi/v3/${rootOf(name)}`);
  if (found === undefined) return null;
  return {
    openapi: "3.0.0",
    info: { title: "Kubernetes", version: versionInfo.gitVersion },
    paths: Object.fromEntries(
      resources
        .filter((resource) => apiVersionOf(resource) === found && resource.verbs.includes("patch"))
        .map((resource) => [pathOf(resource), { patch: patchOf(resource) }]),
    ),
    components: { schemas: {} },
  };
}

function rootOf(apiVersion: string): string {
  return apiVersion.includes("/") ? `apis/${apiVersion}` : `api/${apiVersion}`;
}

function pathOf(resource: Resource): string {
  const namespace = resource.namespaced ? "/namespaces/{namespace}" : "";
  return `/${rootOf(apiVersionOf(resource))}${namespace}/${resource.plural}/{name}`;
}

function patchOf({ group, version, kind }: Resource): object {
  const parameter = (name: string) => ({ name, in: "query", schema: { type: "string", uniqueItems: true } });
  return {
    parameters: ["dryRun", "fieldManager", "fieldValidation"].map((name) => parameter(name)),
    responses: { 200: { description: "OK" } },
    "x-kubernetes-action": "patch",
    "x-kubernetes-group-version-kind": { group, version, kind },
  };
}
