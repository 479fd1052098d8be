import { createHash } from "node:crypto";
import { chmod, lstat, mkdir, readdir, rm } from "node:fs/promises";
import path from "node:path";

/** Whose sessions: those of one agent's work on one task. */
export interface SessionOwner {
  readonly companyId: string;
  readonly agentId: string;
  /** The run's slot: a company, an agent and a task. */
  readonly slot: string;
}

/** Transcripts of Claude Code that outlive their pods: they lie on the server's disk and travel with each run. */
export interface SessionStore {
  place(owner: SessionOwner): SessionPlace;
}

export interface SessionPlace {
  /** Absolute. Laid out like the folder `projects` of Claude Code. */
  readonly folder: string;
  /** Makes the folder, removes what is too much of it and what is too old beside it. Rejects with the disk's error. */
  readonly prepare: (sessionId: string | null) => Promise<void>;
  /** Is the transcript of a session, begun in `workingDirectory`, here? */
  readonly holds: (sessionId: string, workingDirectory: string) => Promise<boolean>;
  /** After something has come from a pod: files are the server's alone, whatever modes the pod gave them. */
  readonly guard: () => Promise<void>;
}

/** What travels: transcripts, those of sub-agents, and results of tools that were too long for a transcript. */
export const sessionPatterns = ["*/*.jsonl", "*/*/subagents", "*/*/tool-results"] as const;

/** Of one task: all that a run takes along and brings back. */
export const sessionLimits = { bytes: 256 * 1024 * 1024, entries: 5_000 } as const;

/** The host forgets a session sooner; Claude Code itself keeps its own for 30 days. */
const keptDays = 30;
/** A task goes on with its last session; the ones before it are for a person who looks. */
const mostSessions = 3;
const longestFolderName = 200;
/** Files come from a pod, with names of its own choosing. */
const plainId = /^[\w-]{1,128}$/;

export function createSessionStore(root: string): SessionStore {
  return {
    place({ companyId, agentId, slot }) {
      const agent = path.join(root, hashed(companyId), hashed(agentId));
      return placeIn(agent, path.join(agent, hashed(slot)));
    },
  };
}

function placeIn(agent: string, folder: string): SessionPlace {
  return {
    folder,
    async prepare(sessionId) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await removeOld(agent, folder);
      await removeSurplus(folder, sessionId);
    },
    async holds(sessionId, workingDirectory) {
      const isProject = projectFolderOf(workingDirectory);
      for (const project of (await readdir(folder).catch(() => [])).filter(isProject)) {
        const found = await lstat(path.join(folder, project, `${sessionId}.jsonl`)).catch(() => null);
        if (found !== null && found.isFile() && found.size > 0) return true;
      }
      return false;
    },
    async guard() {
      for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
        const name = path.join(entry.parentPath, entry.name);
        if (entry.isDirectory()) await chmod(name, 0o700);
        else if (entry.isFile()) await chmod(name, 0o600);
        // A link means nothing in a transcript's folder, and would be followed by whoever reads it.
        else await rm(name, { force: true });
      }
    },
  };
}

/** Ids and task keys come from outside and become part of a path. */
function hashed(name: string): string {
  return createHash("sha256").update(name).digest("hex").slice(0, 32);
}

/** As Claude Code names the folder of a working directory; a long name is cut, and ends in a hash of Claude Code's own. */
function projectFolderOf(workingDirectory: string): (name: string) => boolean {
  const plain = workingDirectory.replace(/(?<=[^/])\/+$/, "").replaceAll(/[^A-Za-z0-9]/g, "-");
  const cut = `${plain.slice(0, longestFolderName)}-`;
  return (name) => name === plain || (plain.length > longestFolderName && name.startsWith(cut));
}

interface Kept {
  readonly path: string;
  readonly id: string;
  readonly bytes: number;
  readonly touched: number;
}

/** The session to be resumed stays before all others. */
async function removeSurplus(folder: string, sessionId: string | null): Promise<void> {
  const kept = await sessionsIn(folder);
  const first = (one: Kept): number => (one.id === sessionId ? 0 : 1);
  const ranked = kept.toSorted((a, b) => first(a) - first(b) || b.touched - a.touched);
  let bytes = 0;
  for (const [rank, session] of ranked.entries()) {
    bytes += session.bytes;
    if (rank < mostSessions && bytes <= sessionLimits.bytes) continue;
    // A pod can have given a folder such a name.
    await rm(`${session.path}.jsonl`, { recursive: true, force: true });
    await rm(session.path, { recursive: true, force: true });
    bytes -= session.bytes;
  }
}

async function sessionsIn(folder: string): Promise<readonly Kept[]> {
  const found: Kept[] = [];
  for (const project of await readdir(folder, { withFileTypes: true })) {
    if (!project.isDirectory()) continue;
    for (const name of await readdir(path.join(folder, project.name))) {
      if (!name.endsWith(".jsonl")) continue;
      const id = name.slice(0, -".jsonl".length);
      if (!plainId.test(id)) {
        // `...jsonl` would be a session whose folder is the one above.
        await rm(path.join(folder, project.name, name), { recursive: true, force: true });
        continue;
      }
      const session = path.join(folder, project.name, id);
      const transcript = await lstat(`${session}.jsonl`).catch(() => null);
      if (transcript === null) continue;
      const bytes = transcript.size + (await bytesIn(session));
      found.push({ path: session, id, bytes, touched: transcript.mtimeMs });
    }
  }
  return found;
}

async function bytesIn(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  let bytes = 0;
  for (const entry of entries)
    if (entry.isFile())
      bytes += (await lstat(path.join(entry.parentPath, entry.name)).catch(() => null))?.size ?? 0;
  return bytes;
}

async function removeOld(agent: string, own: string): Promise<void> {
  const oldest = Date.now() - keptDays * 86_400_000;
  for (const name of await readdir(agent)) {
    const folder = path.join(agent, name);
    if (folder === own || !/^[0-9a-f]{32}$/.test(name)) continue;
    const sessions = await sessionsIn(folder).catch(() => []);
    const newest = sessions.reduce((latest, { touched }) => Math.max(latest, touched), 0);
    const made = (await lstat(folder).catch(() => null))?.mtimeMs ?? Date.now();
    if (Math.max(newest, made) < oldest) await rm(folder, { recursive: true, force: true });
  }
}
