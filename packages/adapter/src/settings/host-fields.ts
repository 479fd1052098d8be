import { isUnset } from "./values.ts";

/**
 * Fields that the host's page or its local Claude adapter write, and that mean nothing in a pod. Whoever filled one of them expects
 * something, and for the fences that is safety: it must be said.
 */
const unobeyed: Readonly<Record<string, string>> = {
  command:
    "the pod runs the `claude` on its image's PATH; use another image, or a pod template that sets PATH",
  agentCommand: "the pod runs the `claude` on its image's PATH",
  chrome: "a pod has no browser of yours; bring one by the image and an MCP server",
  filesystemScope: "the pod itself is the fence around files",
  filesystemExtraPaths: "the pod has no files of the server; see Workspace",
  networkScope: "a NetworkPolicy of the namespace is the fence around the network",
  networkAllowlist: "a NetworkPolicy of the namespace is the fence around the network",
};

/** What they are where they ask for nothing. */
const harmless: ReadonlySet<unknown> = new Set([false, "claude", "off", "none"]);

export function unobeyedFields(config: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.entries(unobeyed).flatMap(([key, instead]) => {
    const value = Object.hasOwn(config, key) ? config[key] : undefined;
    return isUnset(value, true) || harmless.has(value) ? [] : [`${key}: is not obeyed; ${instead}`];
  });
}
