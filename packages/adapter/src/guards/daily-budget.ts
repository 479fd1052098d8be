import { createHash } from "node:crypto";
import { appendFile, mkdir, readFile, readdir, rm } from "node:fs/promises";
import path from "node:path";

/** Files of days that are over are of no use to a budget; a week of them lets a person look. */
const keptDays = 7;
/** A day of 100,000 runs; a longer file was not written by this adapter. */
const longestFileBytes = 32 * 1024 * 1024;

export interface SpenderName {
  readonly companyId: string;
  readonly agentId: string;
}

/** What an agent's runs of one day cost, kept on the server so that it holds across restarts and replicas with one disk. */
export interface DailyLedger {
  /** US dollars of the runs that have ended on this day (UTC). A ledger that cannot be read rejects: a budget is not guessed. */
  spent(who: SpenderName, at: Date): Promise<number>;
  /** Writes down what a run has cost so far; the newest entry of a run counts. */
  record(who: SpenderName, runId: string, costUsd: number, at: Date): Promise<void>;
}

/** `folder`: below Paperclip's home; `null`: nothing can be kept, and nothing is known to be spent. */
export function createDailyLedger(folder: string | null): DailyLedger {
  const folderOf = ({ companyId, agentId }: SpenderName): string =>
    // Names from elsewhere never become part of a path.
    path.join(
      folder ?? "",
      createHash("sha256").update(`${companyId}\0${agentId}`).digest("hex").slice(0, 32),
    );
  return {
    async spent(who, at) {
      if (folder === null) return 0;
      const text = await readIfThere(path.join(folderOf(who), fileName(at)));
      const runs = new Map<string, number>();
      for (const line of text.split("\n")) {
        const entry = parseEntry(line);
        if (entry !== null) runs.set(entry.runId, entry.costUsd);
      }
      return [...runs.values()].reduce((sum, costUsd) => sum + costUsd, 0);
    },
    async record(who, runId, costUsd, at) {
      if (folder === null || !(costUsd > 0) || !Number.isFinite(costUsd)) return;
      const own = folderOf(who);
      await mkdir(own, { recursive: true, mode: 0o700 });
      // One write of one line: appends of several replicas do not mix.
      await appendFile(path.join(own, fileName(at)), `${JSON.stringify({ runId, costUsd })}\n`, {
        mode: 0o600,
      });
      await prune(own, at);
    },
  };
}

/** When the day of `at` is over. */
export function endOfDay(at: Date): Date {
  return new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate() + 1));
}

function fileName(at: Date): string {
  return `${at.toISOString().slice(0, 10)}.ndjson`;
}

async function readIfThere(file: string): Promise<string> {
  try {
    const bytes = await readFile(file);
    if (bytes.length > longestFileBytes) throw new Error(`${file} is larger than ${longestFileBytes} bytes`);
    return bytes.toString("utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}

/** A line that a full disk or a kill has cut counts for nothing. */
function parseEntry(line: string): { readonly runId: string; readonly costUsd: number } | null {
  try {
    const entry = JSON.parse(line) as { runId?: unknown; costUsd?: unknown } | null;
    if (typeof entry?.runId !== "string" || typeof entry.costUsd !== "number") return null;
    return entry.costUsd >= 0 ? { runId: entry.runId, costUsd: entry.costUsd } : null;
  } catch {
    return null;
  }
}

async function prune(folder: string, at: Date): Promise<void> {
  const oldest = fileName(new Date(at.getTime() - keptDays * 86_400_000));
  const names = await readdir(folder);
  await Promise.all(
    names
      .filter((name) => name.endsWith(".ndjson") && name < oldest)
      .map((name) => rm(path.join(folder, name), { force: true })),
  );
}
