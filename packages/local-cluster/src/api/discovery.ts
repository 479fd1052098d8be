import { apiVersionOf, resources, type Resource } from "./resources.ts";

export const versionInfo = {
  major: "1",
  minor: "34",
  emulationMajor: "1",
  emulationMinor: "34",
  minCompatibilityMajor: "1",
  minCompatibilityMinor: "33",
  gitVersion: "v1.34.4",
  gitCommit: "local-cluster",
  gitTreeState: "",
  buildDate: "1970-01-01T00:00:00Z",
  goVersion: "",
  compiler: "",
  platform: "linux/amd64",
};

const groups = [...new Set(resources.map((resource) => resource.group))].filter((group) => group !== "");

/** The discovery documents that client libraries and kubectl read first. Null: not one of them. */
export function discover(path: string, address: string): unknown {
  const parts = path.split("/").filter((part) => part !== "");
  switch (parts.join("/")) {
    case "version":
      return versionInfo;
    case "api":
      return {
        kind: "APIVersions",
        versions: ["v1"],
        serverAddressByClientCIDRs: [{ clientCIDR: "0.0.0.0/0", serverAddress: address }],
      };
    case "apis":
      return { kind: "APIGroupList", apiVersion: "v1", groups: groups.map((name) => groupEntry(name)) };
    case "api/v1":
      return resourceList("");
    default: {
      const [root, group = "", version, ...more] = parts;
      if (root !== "apis" || !groups.includes(group) || more.length > 0) return null;
      if (version === undefined) return { kind: "APIGroup", apiVersion: "v1", ...groupEntry(group) };
      return version === "v1" ? resourceList(group) : null;
    }
  }
}

function groupEntry(name: string): object {
  const version = { groupVersion: `${name}/v1`, version: "v1" };
  return { name, versions: [version], preferredVersion: version };
}

function resourceList(group: string): object {
  const list = resources.filter((resource) => resource.group === group);
  return {
    kind: "APIResourceList",
    ...(group === "" ? {} : { apiVersion: "v1" }),
    groupVersion: group === "" ? "v1" : `${group}/v1`,
    resources: list.flatMap((resource) => entriesOf(resource)),
  };
}

function entriesOf(resource: Resource): object[] {
  return [resourceEntry(resource), ...subresourceEntries(resource)];
}

function resourceEntry(resource: Resource): object {
  const { plural, singular, namespaced, kind, verbs, shortNames, categories } = resource;
  return {
    name: plural,
    singularName: singular,
    namespaced,
    kind,
    verbs,
    ...(shortNames.length === 0 ? {} : { shortNames }),
    ...(categories.length === 0 ? {} : { categories }),
    storageVersionHash: Buffer.from(`${apiVersionOf(resource)}${kind}`)
      .toString("base64")
      .slice(0, 12),
  };
}

function subresourceEntries({ plural, namespaced, subresources }: Resource): object[] {
  return subresources.map(({ name, group, version, kind, verbs }) => ({
    name: `${plural}/${name}`,
    singularName: "",
    namespaced,
    group,
    version,
    kind,
    verbs,
  }));
}
