import { createHash } from "node:crypto";
import { rm } from "node:fs/promises";
import path from "node:path";

import { namesIn, prune, readObject, writeWhole } from "../disk/small-files.ts";

/** Where a run's Job was made. */
export interface Place {
  /** The agent's setting: a name or a path that is checked anew before it is used; `null`: the server's own cluster. */
  readonly kubeconfig: string | null;
  readonly namespace: string;
  readonly companyId: string;
}

/** What is needed to call for a successor of one run. */
export interface RunKey {
  readonly jobUid: string;
  readonly runId: string;
  readonly agentId: string;
  readonly issueId: string | null;
  readonly taskKey: string | null;
  /** The run's own token: whoever has it acts as the agent for 48 hours. */
  readonly token: string;
  /** The token that the agent in the pod has, where an earlier run made the Job. */
  readonly podToken?: string;
  /** What the Job was told, as far as the host shows it. */
  readonly prompt?: string;
  /** It works in the agent's own folder, or in none: a run without an issue gets the same one, and may take it over. */
  readonly ownFolder?: boolean;
}

/**
 * What has to outlive the server: where runs were, and the keys of those that go on. One file each, so that replicas with one disk
 * never overwrite each other's. Files are the server's alone (0600). All methods reject with the disk's error.
 */
export interface RestartMemory {
  places(): Promise<readonly Place[]>;
  rememberPlace(place: Place): Promise<void>;
  keyOf(jobUid: string): Promise<RunKey | null>;
  keep(key: RunKey): Promise<void>;
  forget(jobUid: string): Promise<void>;
}

/** A place that no run has used for so long is not looked at again. */
const placeDays = 90;
/** The host's tokens are good for 48 hours; an older key opens nothing. */
const keyDays = 3;
const mostPlaces = 500;
const jobUid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export function createRestartMemory(folder: string): RestartMemory {
  const places = path.join(folder, "places");
  const keys = path.join(folder, "runs");
  const keyFile = (uid: string): string | null =>
    // It comes from an API server and becomes part of a path.
    jobUid.test(uid) ? path.join(keys, `${uid}.json`) : null;
  return {
    async places() {
      await prune(places, placeDays);
      const names = (await namesIn(places)).slice(0, mostPlaces);
      const read = await Promise.all(names.map((name) => readObject(path.join(places, name))));
      return read.flatMap((value) => placeFrom(value) ?? []);
    },
    async rememberPlace(place) {
      const { kubeconfig, namespace, companyId } = place;
      const name = createHash("sha256").update(JSON.stringify([kubeconfig, namespace, companyId]));
      await writeWhole(path.join(places, `${name.digest("hex").slice(0, 32)}.json`), place);
    },
    async keyOf(uid) {
      const file = keyFile(uid);
      const key = file === null ? null : keyFrom(await readObject(file));
      return key?.jobUid === uid ? key : null;
    },
    async keep(key) {
      const file = keyFile(key.jobUid);
      if (file === null) return;
      await writeWhole(file, key);
      await prune(keys, keyDays);
    },
    async forget(uid) {
      const file = keyFile(uid);
      if (file !== null) await rm(file, { force: true });
    },
  };
}

function placeFrom({ kubeconfig, namespace, companyId }: Record<string, unknown>): Place | null {
  if (typeof namespace !== "string" || typeof companyId !== "string") return null;
  if (kubeconfig !== null && typeof kubeconfig !== "string") return null;
  return { kubeconfig, namespace, companyId };
}

function keyFrom(value: Record<string, unknown>): RunKey | null {
  const { jobUid: uid, runId, agentId, issueId, taskKey, token } = value;
  if (typeof uid !== "string" || typeof runId !== "string" || typeof agentId !== "string") return null;
  if (typeof token !== "string") return null;
  const text = (given: unknown): string | null => (typeof given === "string" ? given : null);
  const { podToken, prompt, ownFolder } = value;
  return {
    jobUid: uid,
    runId,
    agentId,
    issueId: text(issueId),
    taskKey: text(taskKey),
    token,
    ...(typeof podToken === "string" && { podToken }),
    ...(typeof prompt === "string" && { prompt }),
    ...(ownFolder === true && { ownFolder }),
  };
}
