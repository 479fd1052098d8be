import { readFile, readdir } from "node:fs/promises";
import path from "node:path";

import type { PayloadFile } from "@claude-k8s/k8s-runner";
import {
  readPaperclipRuntimeSkillEntries,
  resolveLegacyPaperclipDesiredSkillNames,
} from "@paperclipai/adapter-utils/server-utils";

import { podPaths } from "./paths.ts";

export type Skill = Awaited<ReturnType<typeof readPaperclipRuntimeSkillEntries>>[number];

/** All skills together. They travel in Secrets of 1 MiB, through the API server into etcd. */
const largestBytes = 8 * 1024 * 1024;
/** The runner mounts each file by itself, and takes 500 at most; instructions and the like need a few. */
const mostFiles = 480;

export interface DesiredSkills {
  readonly desired: readonly Skill[];
  /** The first one that is wanted and has no files. */
  readonly missing: Skill | undefined;
  readonly available: readonly string[];
}

/** Which skills the agent is to have, by the host's own rule: those chosen, and Paperclip's own. */
export async function desiredSkills(config: Readonly<Record<string, unknown>>): Promise<DesiredSkills> {
  // Without the host's list there is nothing to choose from; the folder to search would be our own package's.
  const entries = Array.isArray(config["paperclipRuntimeSkills"])
    ? await readPaperclipRuntimeSkillEntries({ ...config }, "/")
    : [];
  const keys = new Set(resolveLegacyPaperclipDesiredSkillNames({ ...config }, entries));
  const desired = entries.filter((entry) => keys.has(entry.key));
  return {
    desired,
    missing: desired.find((entry) => entry.sourceStatus === "missing"),
    available: entries.filter((entry) => entry.sourceStatus !== "missing").map((entry) => entry.key),
  };
}

/** The files of the skills as they will lie in the pod. A skill that cannot be read, or is too large, is left out and told. */
export async function skillFiles(
  skills: readonly Skill[],
): Promise<{ readonly files: readonly PayloadFile[]; readonly warnings: readonly string[] }> {
  const files: PayloadFile[] = [];
  const warnings: string[] = [];
  let bytes = 0;
  for (const skill of skills) {
    try {
      const read = await readFolder(skill.source, `${podPaths.skills}/${safeName(skill.runtimeName)}`);
      const size = read.reduce((sum, file) => sum + file.content.length, 0);
      if (bytes + size > largestBytes || files.length + read.length > mostFiles)
        warnings.push(
          `the skill ${skill.key} is left out: its ${read.length} files of ${size} bytes are more than the pod may be given`,
        );
      else {
        bytes += size;
        files.push(...read);
      }
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? "unreadable";
      warnings.push(`the skill ${skill.key} is left out: its files could not be read (${code})`);
    }
  }
  return { files, warnings };
}

/** Regular files only: a link may point at anything the server can read. */
async function readFolder(
  source: string,
  target: string,
): Promise<readonly { readonly path: string; readonly content: Uint8Array; readonly mode: number }[]> {
  const entries = await readdir(source, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(source, path.join(entry.parentPath, entry.name)))
    .filter((name) => !name.split(path.sep).some((part) => part === ".git" || part === "node_modules"))
    .sort();
  return Promise.all(
    names.map(async (name) => ({
      path: `${target}/${name.split(path.sep).join("/")}`,
      content: await readFile(path.join(source, name)),
      mode: /\.(sh|mjs|js|py)$/.test(name) ? 0o555 : 0o444,
    })),
  );
}

function safeName(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9._-]/g, "-").replace(/^\.+/, "");
}
