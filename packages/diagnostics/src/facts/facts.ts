import type { SpendReport } from "../diagnosis.ts";
import type { DiagnoseOptions, Evidence } from "../evidence/evidence.ts";
import { signalName, signalOfExitCode } from "../words/signals.ts";
import { type ClusterFacts, readCluster } from "./cluster-facts.ts";
import { type FilesFacts, readFiles, readRepository, type RepositoryFacts } from "./files-facts.ts";
import { count, type Fields, fields, flag, isPresent, number, words } from "./read.ts";
import { readStream, type StreamFacts } from "./stream-facts.ts";

/** The evidence, checked once: behind this point every field has its type, and `null` means unknown. */
export interface Facts {
  /** `exited`, `stopped`, `failed`, `busy`, `refused`, or another word of a later release. */
  readonly kind: string;
  readonly exit: Fields;
  /** Of `exit.failure`; `null` without one. */
  readonly failureKind: string | null;
  readonly failure: Fields;
  readonly exitCode: number | null;
  /** Name of the signal that ended the process, told or read from the exit code. */
  readonly signal: string | null;
  /** `false`: it is certain that the command never ran; `null`: unknown. */
  readonly started: boolean | null;
  readonly cluster: ClusterFacts;
  readonly stream: StreamFacts | null;
  readonly spend: SpendReport | null;
  readonly settings: Fields;
  /** Names of settings as the reader knows them. */
  readonly settingNames: Fields;
  readonly files: FilesFacts;
  /** `null`: there was none, or nobody could look. */
  readonly repository: RepositoryFacts | null;
  /** When the run ended, for times that name no day. */
  readonly endedAt: string | null;
  readonly timeZone: string | undefined;
}

export function readFacts(evidence: Evidence, options: DiagnoseOptions): Facts {
  const whole = fields(evidence);
  const exit = fields(whole["exit"]);
  const cluster = readCluster(exit["evidence"]);
  const stream = readStream(whole["summary"]);
  const exitCode = number(exit["exitCode"]) ?? cluster.main?.exitCode ?? null;
  const failure = fields(exit["failure"]);
  return {
    kind: words(exit["kind"]) ?? "unknown",
    exit,
    failureKind: words(failure["kind"]),
    failure,
    exitCode,
    signal: words(exit["signal"]) ?? signalName(cluster.main?.signal || null) ?? signalOfExitCode(exitCode),
    started: flag(exit["started"]),
    cluster,
    stream,
    spend: readSpend(fields(whole["summary"])["cost"]),
    settings: fields(whole["settings"]),
    settingNames: fields(options.settingNames),
    repository: readRepository(fields(exit["evidence"])["repository"]),
    files: readFiles(fields(exit["evidence"]), fields(whole["workspace"])),
    endedAt: options.now ?? cluster.finishedAt ?? stream?.lastTimestamp ?? null,
    timeZone: options.timeZone,
  };
}

function readSpend(cost: unknown): SpendReport | null {
  const own = fields(cost)["own"];
  if (!isPresent(own)) return null;
  const usage = fields(fields(own)["usage"]);
  return {
    costUsd: number(fields(own)["costUsd"]),
    estimated: flag(fields(own)["estimated"]) ?? false,
    inputTokens: count(usage["inputTokens"]),
    outputTokens: count(usage["outputTokens"]),
    cacheReadInputTokens: count(usage["cacheReadInputTokens"]),
    cacheCreationInputTokens: count(usage["cacheCreationInputTokens"]),
  };
}
