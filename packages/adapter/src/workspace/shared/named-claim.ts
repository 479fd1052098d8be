import path from "node:path";

import { podPaths } from "../../claude/paths.ts";
import { matchesAny } from "../../operator/patterns.ts";
import type { Settings } from "../../settings/settings.ts";
import type { ModeChoice } from "../choose-mode.ts";
import { hashedName } from "../hashed-name.ts";
import { type WorkspaceRequest, forbidden } from "../request.ts";
import type { Workspace, WorkspaceAnswer } from "../workspace.ts";
import { isAtOrBelow } from "./parts.ts";

/** A claim that a setting names, where the server's own pod cannot be asked or has another one. */
export async function openNamedClaim(
  request: WorkspaceRequest,
  choice: ModeChoice,
  claim: string,
): Promise<WorkspaceAnswer> {
  const { host, folders, prepared } = request;
  const { settings, rules } = prepared;
  const { companyId: company, id: agent } = host.agent;
  const allowed = rules.allow?.claims ?? [];
  if (!matchesAny(allowed, claim, { company, agent }))
    return forbidden(request, [
      {
        setting: "workspaceClaim",
        value: claim,
        rule: allowed.length === 0 ? "the operator names no claim" : `only ${allowed.join(", ")}`,
        allow: "allow.claims",
      },
    ]);
  const workspace = namedClaimWorkspace(claim, settings, `${company}/${agent}`, folders.folder, choice);
  return { kind: "ready", workspace };
}

/** On a claim that exists. `owner`: whose the home on it is. `folder`: of the server, which may lie on the same claim. */
export function namedClaimWorkspace(
  claim: string,
  settings: Pick<Settings, "workspace" | "pod">,
  owner: string,
  folder: string | null,
  choice: ModeChoice,
): Workspace {
  const { mountPath: givenPath, subPath } = settings.workspace;
  const mountPath = givenPath ?? podPaths.workingDirectory;
  const { homeDirectory: givenHome } = settings.pod;
  const own = folder !== null && isAtOrBelow(folder, mountPath) ? folder : null;
  // A folder by its path, not by a mount of its own: on a claim that agents write to, a link could lead such a mount elsewhere.
  const home = path.posix.join(mountPath, ".claude-k8s", "homes", hashedName(owner));
  const volume = { name: "shared-0", persistentVolumeClaim: { claimName: claim } };
  return {
    ...choice,
    notes: [`Claim ${claim}${subPath === null ? "" : `, folder ${subPath}`}, at ${mountPath}`],
    workingDirectory: settings.pod.workingDirectory ?? own ?? mountPath,
    lastingHome: givenHome === null ? home : isAtOrBelow(givenHome, mountPath) ? givenHome : null,
    places: own === null ? [] : [{ server: mountPath, pod: mountPath }],
    spec: {
      volumes: [volume],
      volumeMounts: [{ name: volume.name, mountPath, ...(subPath !== null && { subPath }) }],
    },
    lent: [],
    pin: null,
  };
}
