import { chown, mkdir } from "node:fs/promises";
import path from "node:path";

import type { FileOwner } from "../../host/file-fences.ts";
import type { PaperclipHome } from "../../host/paperclip-home.ts";
import { hashedName } from "../hashed-name.ts";
import type { PodUser } from "../user.ts";

/**
 * The home of an agent on the server's own volume. It lies where no agent's pod can write to the folders above it: Kubernetes follows
 * links on its way to a `subPath`, so that whoever could put one there would choose the folder that another agent's pod mounts.
 */
export async function agentHomeOnServer(
  home: PaperclipHome,
  { companyId, agentId }: FileOwner,
  user: PodUser,
): Promise<
  { readonly kind: "folder"; readonly folder: string } | { readonly kind: "none"; readonly why: string }
> {
  const folder = path.join(home.folder, "claude-k8s", "homes", hashedName(companyId), hashedName(agentId));
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    if (process.getuid?.() === 0) await chown(folder, user.runAsUser, user.runAsGroup);
    return { kind: "folder", folder };
  } catch (error) {
    const { code = "unknown error" } = error as NodeJS.ErrnoException;
    return { kind: "none", why: `the server could not make ${folder} (${code})` };
  }
}
