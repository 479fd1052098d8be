import path from "node:path";

import type { PayloadFile } from "@claude-k8s/k8s-runner";
import {
  readPaperclipRuntimeSkillEntries,
  resolveLegacyPaperclipDesiredSkillNames,
} from "@paperclipai/adapter-utils/server-utils";

import { type FileAccess, refusalWords } from "../host/file-access.ts";
import { readServerFolder } from "../host/server-files.ts";
import { podPaths } from "./paths.ts";

export type Skill = Awaited<ReturnType<typeof readPaperclipRuntimeSkillEntries>>[number];

/** All skills together. They travel in Secrets of 1 MiB, through the API server into etcd. */
const largestBytes = 8 * 1024 * 1024;
/** The runner mounts each file by itself, and takes 500 at most; instructions and the like need a few. */
const mostFiles = 480;
const passedOver = new Set([".git", "node_modules"]);
/** Skills that the host adds to every agent. */
const hostsOwn = "paperclipai/paperclip/";

export interface DesiredSkills {
  readonly desired: readonly Skill[];
  /** The first one that is wanted and has no files. */
  readonly missing: Skill | undefined;
  readonly available: readonly string[];
  /** The host's whole library. */
  readonly entries: readonly Skill[];
  readonly keys: ReadonlySet<string>;
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
    entries,
    keys,
    desired,
    missing: desired.find((entry) => entry.sourceStatus === "missing"),
    available: entries.filter((entry) => entry.sourceStatus !== "missing").map((entry) => entry.key),
  };
}

export type SkillFiles =
  | {
      readonly kind: "read";
      readonly files: readonly PayloadFile[];
      /** Names under which they lie in the pod. */
      readonly shipped: readonly string[];
      readonly warnings: readonly string[];
    }
  | { readonly kind: "missing"; readonly skill: string; readonly message: string };

/**
 * The files of the skills as they will lie in the pod. One that cannot be read, or is too large, ends the run before it
 * begins: the agent would be told of a skill that is not there. The host's own, which nobody asked for, is left out and told.
 */
export async function skillFiles(skills: readonly Skill[], access: FileAccess): Promise<SkillFiles> {
  const files: PayloadFile[] = [];
  const shipped: string[] = [];
  const warnings: string[] = [];
  let bytes = 0;
  for (const skill of skills) {
    const read = await readServerFolder(skill.source, {
      fences: access.skills,
      maximumBytes: Math.min(largestBytes, access.maximumBytes ?? largestBytes) - bytes,
      maximumFiles: mostFiles - files.length,
      skip: passedOver,
    });
    if (read.kind !== "read") {
      const message = `its files cannot be taken along: ${refusalWords(read)}`;
      if (!skill.key.startsWith(hostsOwn)) return { kind: "missing", skill: skill.key, message };
      warnings.push(`the skill ${skill.key} is left out: ${message}`);
      continue;
    }
    if (read.left.length > 0)
      warnings.push(`the skill ${skill.key}: ${read.left.length} links or special files are left out`);
    bytes += read.bytes;
    shipped.push(skill.runtimeName);
    const target = `${podPaths.skills}/${safeName(skill.runtimeName)}`;
    for (const { name, content } of read.files)
      files.push({
        path: `${target}/${name.split(path.sep).join("/")}`,
        content,
        mode: /\.(sh|mjs|js|py)$/.test(name) ? 0o555 : 0o444,
      });
  }
  return { kind: "read", files, shipped, warnings };
}

function safeName(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9._-]/g, "-").replace(/^\.+/, "");
}
