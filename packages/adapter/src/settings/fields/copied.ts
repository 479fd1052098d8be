import type { SettingFields } from "../field.ts";
import { patternList } from "../values-paths.ts";
import { count, quantity } from "../values.ts";

/** Of the mode in which the server's folder goes into the pod and comes back. */
export const copiedFields = {
  copyExclude: {
    schema: patternList(),
    label: "Not copied",
    type: "textarea",
    hint: "Mode copied: files and folders that stay where they are, in both directions. A name counts at any depth, a path from the workspace folder on; * stands for any characters but a slash.",
    rule: "a list of names or relative paths, one a line or as YAML",
    example: "node_modules",
    unset: "everything is copied",
    group: "Workspace",
  },
  copyMaxSize: {
    schema: quantity(),
    label: "Largest copy",
    type: "text",
    hint: "Mode copied: all files together, in each direction. More is refused before the agent starts.",
    rule: "a Kubernetes quantity: a number, then m, Ki, Mi, Gi, Ti, k, M, G, T or nothing",
    example: "2Gi",
    unset: "10Gi",
    group: "Workspace",
  },
  copyMaxFiles: {
    schema: count(10_000_000),
    label: "Most files of a copy",
    type: "number",
    hint: "Mode copied: files, folders and links, in each direction. More is refused before the agent starts.",
    rule: "a whole number from 1 to 10000000",
    example: "200000",
    unset: "1000000",
    group: "Workspace",
  },
  copyCache: {
    schema: quantity(),
    label: "Cache of copies",
    type: "text",
    hint: "Mode copied: size of a volume claim of the agent's own that keeps the contents of files from one run to the next, so that only what differs is sent. Made at the first run, with the class and access of workspaceClaimClass and workspaceClaimAccess; `claude-k8s clean --claims` lists and removes it.",
    rule: "a Kubernetes quantity: a number, then m, Ki, Mi, Gi, Ti, k, M, G, T or nothing",
    example: "20Gi",
    unset: "no cache: everything is sent to each run",
    group: "Workspace",
  },
  copyHoldSec: {
    schema: count(86_400),
    label: "Keep files for",
    type: "number",
    hint: "Mode copied: seconds for which the pod keeps what the agent left, until a server has fetched it. A server that is down for longer loses it.",
    rule: "a whole number from 1 to 86400",
    example: "3600",
    unset: "900",
    group: "Workspace",
  },
} satisfies SettingFields;
