import { podPaths } from "../claude/paths.ts";
import { mountsLasting } from "../sessions/persistence.ts";
import type { Settings } from "../settings/settings.ts";
import type { Workspace } from "./workspace.ts";

/** A folder of the pod's own: it begins empty and goes with the pod. */
export function emptyWorkspace(settings: Settings, why: string): Workspace {
  return {
    mode: "empty",
    why,
    notes: mountsLasting(settings.pod.podTemplate)
      ? ["Files outlive the pod only on the volumes that podTemplate mounts"]
      : ["No file outlives the pod"],
    workingDirectory: settings.pod.workingDirectory ?? podPaths.workingDirectory,
    lastingHome: null,
    places: [],
    spec: {},
    lent: [],
    pin: null,
  };
}
