import type { LentVolume } from "@claude-k8s/k8s-runner";

import { podPaths } from "../../claude/paths.ts";
import type { ServerPod } from "../../own-pod/find.ts";
import { mountsLasting } from "../../sessions/persistence.ts";
import type { ModeChoice } from "../choose-mode.ts";
import { type WorkspaceRequest, forbidden, unusable } from "../request.ts";
import { type PodUser, userOf } from "../user.ts";
import type { Workspace, WorkspaceAnswer } from "../workspace.ts";
import { settingProblem } from "../../settings/problem.ts";
import { openNamedClaim } from "./named-claim.ts";
import { agentHomeOnServer } from "./home.ts";
import { type SharedPart, foldersOf, partOf, wholePart } from "./parts.ts";
import { pinOf } from "./node-of-claim.ts";
import { type FoldersAnswer, isWritableBy, serverFoldersOf } from "./server-folders.ts";

type Pod = Extract<ServerPod, { kind: "pod" }>;

/** A look at what could be shared, before it is known whether it shall be. */
export type SharedLook =
  | { readonly kind: "yes"; readonly pod: Pod; readonly folders: Found; readonly part: SharedPart }
  /** As a clause. `outside`: the agent may not have the folder that it was given. */
  | { readonly kind: "no"; readonly why: string; readonly outside: boolean };

type Found = Extract<FoldersAnswer, { kind: "folders" }>["folders"];

/** Does the workspace folder lie on a volume that the agent's pod can mount? */
export async function lookForShared(request: WorkspaceRequest): Promise<SharedLook> {
  const { serverPod, namespace } = request;
  const no = (why: string, outside = false): SharedLook => ({ kind: "no", why, outside });
  if (serverPod.kind === "none") return no(serverPod.reason);
  const found = await serverFoldersOf(request);
  if (found.kind === "none") return no(found.why, found.outside);
  const { folders } = found;
  const answer = partOf(serverPod.pod, folders.workspace, namespace);
  if (answer.kind === "none") return no(answer.why);
  return { kind: "yes", pod: serverPod, folders, part: answer.part };
}

/** Nobody is asked whether this may be: so it must be certain to work. */
export async function sharesByItself(
  { prepared: { settings } }: WorkspaceRequest,
  look: SharedLook,
): Promise<"yes" | { readonly no: string }> {
  if (look.kind === "no") return { no: look.why };
  // What an overlay or a setting says of the working directory was said before there was a mode.
  if (mountsLasting(settings.pod.podTemplate)) return { no: "podTemplate mounts volumes of its own" };
  if (settings.pod.workingDirectory !== null) return { no: "the setting cwd names a folder of the image" };
  const { runAsUser, runAsGroup, fsGroup } = userOf(look.pod);
  const gids = [runAsGroup, ...(fsGroup === null ? [] : [fsGroup])];
  return (await isWritableBy(look.folders.workspace.realPath, { uid: runAsUser, gids }))
    ? "yes"
    : { no: `user ${runAsUser} of the agent's pod could not write in ${look.folders.workspace.name}` };
}

/** The server's own folders, on the volume of its pod, under the same paths. */
export async function openShared(
  request: WorkspaceRequest,
  choice: ModeChoice,
  look: SharedLook,
): Promise<WorkspaceAnswer> {
  const { settings, rules } = request.prepared;
  if (settings.workspace.claim !== null) return openNamedClaim(request, choice, settings.workspace.claim);
  if (look.kind === "no") {
    if (look.outside)
      return forbidden(request, [
        { setting: "workspaceMode", value: request.folders.folder, rule: look.why, allow: "fileFolders" },
      ]);
    const rule = `a mode that can be had here (${look.why}), or together with workspaceClaim`;
    return unusable(request, [settingProblem("workspaceMode", "shared", rule)]);
  }
  const { pod } = look;
  const whole = settings.workspace.scope === "whole";
  if (whole && !isAllowedWhole(look.part, rules.allow ?? {}))
    return forbidden(request, [
      {
        setting: "workspaceScope",
        value: "whole",
        rule: "the whole volume has the server's own files and those of all companies",
        allow: look.part.volume.persistentVolumeClaim === undefined ? "allow.podTemplate" : "allow.claims",
      },
    ]);
  const user = userOf(pod);
  const parts = partsOf(request, look);
  const home = await homePart(request, pod, user);
  const mounted = [...parts.found, ...(home.part === null ? [] : [home.part])];
  const { volumes, volumeMounts, lent } = mountsOf(mounted, user);
  const pin = await pinOf(request, pod.pod, volumes);
  const workspace: Workspace = {
    ...choice,
    notes: [
      `Shared with the server's pod ${pod.pod.name}: ${mounted.map((part) => part.mountPath).join(", ")} of ${[...new Set(mounted.map(volumeWords))].join(", ")}`,
      user.follows
        ? `As user ${user.runAsUser} and group ${user.runAsGroup}, like the server`
        : `As user ${user.runAsUser}: the server works as root, or as nobody knows whom, so files of the one may not be writable for the other`,
      ...parts.notes,
      ...home.notes,
      ...pin.notes,
    ],
    workingDirectory: settings.pod.workingDirectory ?? look.folders.workspace.name,
    lastingHome: home.part?.mountPath ?? null,
    ...(home.part !== null && { homeOnServer: home.part.server }),
    places: parts.found.map(({ server, mountPath }) => ({ server, pod: mountPath })),
    spec: {
      volumes,
      volumeMounts,
      runAsUser: user.runAsUser,
      runAsGroup: user.runAsGroup,
      fsGroup: user.fsGroup,
    },
    lent,
    pin: pin.pin,
  };
  return { kind: "ready", workspace };
}

function isAllowedWhole(
  { volume }: SharedPart,
  { claims = [], podTemplate = [] }: NonNullable<WorkspaceRequest["prepared"]["rules"]["allow"]>,
): boolean {
  const claim = volume.persistentVolumeClaim?.claimName;
  if (claim !== undefined) return claims.includes(claim);
  const kinds = Object.keys(volume).filter((name) => name !== "name");
  return kinds.every((kind) => podTemplate.includes(`spec.volumes[*].${kind}`));
}

function partsOf(
  { namespace }: WorkspaceRequest,
  { pod, folders, part }: Extract<SharedLook, { kind: "yes" }>,
): { readonly found: readonly SharedPart[]; readonly notes: readonly string[] } {
  if (folders.scope === "whole") return { found: [wholePart(pod.pod, part)], notes: [] };
  const answers = foldersOf(folders).map((folder) => ({
    folder,
    answer: partOf(pod.pod, folder, namespace),
  }));
  return {
    found: answers.flatMap(({ answer }) => (answer.kind === "part" ? [answer.part] : [])),
    notes: answers.flatMap(({ folder, answer }) =>
      answer.kind === "none" ? [`${folder.name} is not in the pod: ${answer.why}`] : [],
    ),
  };
}

async function homePart(
  { host, server, prepared, namespace }: WorkspaceRequest,
  { pod }: Pod,
  user: PodUser,
): Promise<{ readonly part: SharedPart | null; readonly notes: readonly string[] }> {
  const owner = { companyId: host.agent.companyId, agentId: host.agent.id };
  const without = (why: string) => ({ part: null, notes: [`The home directory does not last: ${why}`] });
  // Asked before anything is made: the folder may lie on the server's own disk.
  const reachable = partOf(pod, { name: server.home.folder, realPath: server.home.folder }, namespace);
  if (reachable.kind === "none") return without(reachable.why);
  const made = await agentHomeOnServer(server.home, owner, user);
  if (made.kind === "none") return without(made.why);
  const answer = partOf(pod, { name: made.folder, realPath: made.folder }, namespace);
  if (answer.kind === "none") return without(answer.why);
  const mountPath = prepared.settings.pod.homeDirectory ?? podPaths.home;
  return { part: { ...answer.part, mountPath }, notes: [] };
}

/** One volume for all parts that lie on it, under a name of ours. */
function mountsOf(
  parts: readonly SharedPart[],
  { fsGroup }: PodUser,
): Required<Pick<Workspace["spec"], "volumes" | "volumeMounts">> & { readonly lent: readonly LentVolume[] } {
  const names = [...new Set(parts.map(({ volume }) => volume.name))];
  const nameOf = ({ volume }: SharedPart): string => `shared-${names.indexOf(volume.name)}`;
  const volumes = names.flatMap((name) => {
    const part = parts.find(({ volume }) => volume.name === name);
    return part === undefined ? [] : [Object.assign({}, part.volume, { name: nameOf(part) })];
  });
  return {
    volumes,
    volumeMounts: parts.map((part) => ({
      name: nameOf(part),
      mountPath: part.mountPath,
      ...(part.subPath !== "" && { subPath: part.subPath }),
    })),
    lent: volumes.map((volume) => ({
      volume,
      subPaths: parts.filter((part) => nameOf(part) === volume.name).map(({ subPath }) => subPath),
      fsGroup,
    })),
  };
}

function volumeWords({ volume }: SharedPart): string {
  const claim = volume.persistentVolumeClaim?.claimName;
  return claim === undefined ? `volume ${volume.name}` : `claim ${claim}`;
}
