/** A path of the server → where that is in the pod. Pure. */

import { posix } from "node:path";

import { isAtOrBelow } from "./shared/parts.ts";
import type { Workspace } from "./workspace.ts";

/** By the deepest folder that has it; `null`: it is not in the pod. */
export function podPathOf(serverPath: string | null, { places }: Pick<Workspace, "places">): string | null {
  if (serverPath === null || !posix.isAbsolute(serverPath)) return null;
  const path = posix.resolve(serverPath);
  const place = places
    .filter(({ server }) => isAtOrBelow(path, server))
    .toSorted((a, b) => b.server.length - a.server.length)[0];
  return place === undefined ? null : posix.join(place.pod, posix.relative(place.server, path));
}
