import { isUnset } from "./values.ts";

/** Keys of the adapter before this one, under the same npm name, that mean nothing here. */
const formerKeysWithReason: Readonly<Record<string, string>> = {
  enableRtk:
    "the output of tools is not cut: a hook cannot change what the model reads of a built-in tool, and it replaced the hooks that a person had set",
  rtkMaxOutputBytes:
    "the output of tools is not cut; BASH_MAX_OUTPUT_LENGTH in env is Claude Code's own limit",
  secretRef: "no run reads that Secret; name its keys in envReferences, or set the variables in env",
};

export const formerKeyNames: ReadonlySet<string> = new Set(Object.keys(formerKeysWithReason));

export function formerKeys(config: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.entries(formerKeysWithReason).flatMap(([key, reason]) => {
    const value = Object.hasOwn(config, key) ? config[key] : undefined;
    return isUnset(value, true) || value === false ? [] : [`${key} has no effect: ${reason}`];
  });
}
