import { createHash } from "node:crypto";
import type { Truth } from "./truth.ts";

/** What was broken on the way, as counted by whoever broke it. A proof without incidents would prove nothing. */
export interface IncidentCounts {
  readonly logCuts: number;
  readonly supervisorKills: number;
  readonly adoptions: number;
}

export interface ProofInput {
  /** The container's own count; `null`: the pod's status had none. */
  readonly truth: Truth | null;
  /** The recording that the container was given. */
  readonly recording: Uint8Array;
  /** What the supervisor that was killed had written when it died. */
  readonly firstLog: Uint8Array;
  /** What the host of the run that ended has. */
  readonly finalLog: Uint8Array;
  readonly incidents: IncidentCounts;
  readonly expectedIncidents: IncidentCounts;
}

/** The main run's account: what the container wrote against what arrived. */
export interface Account {
  readonly holds: boolean;
  readonly container: Truth | null;
  readonly delivered: { readonly lines: number; readonly bytes: number; readonly sha256: string };
  /** Lines that the container wrote and the final log does not have. */
  readonly lost: number;
  /** Lines that the final log has more often than the container wrote them. */
  readonly repeated: number;
  /** Lines of the final log that the container never wrote: torn, changed or foreign. */
  readonly foreign: number;
  readonly firstSupervisor: {
    readonly lines: number;
    readonly bytes: number;
    readonly isTruePrefix: boolean;
  };
  readonly incidents: IncidentCounts;
  /** Why it does not hold; empty when it does. */
  readonly failures: readonly string[];
}

/** The demo's last word. */
export interface Proof extends Account {
  readonly type: "proof";
  readonly failingRun: FailingRun;
}

/** The run that had to fail: what it was called, and whether its output arrived whole all the same. */
export interface FailingRun {
  readonly expectedCode: string;
  readonly code: string | null;
  readonly writtenLines: number | null;
  readonly deliveredLines: number;
  readonly complete: boolean;
}

/** The account of the main run and the diagnosis of the failing one: both must be right. */
export function conclude(account: Account, failingRun: FailingRun): Proof {
  const { code, expectedCode, complete } = failingRun;
  const failures = [
    ...account.failures,
    ...(code === expectedCode
      ? []
      : [`the failing run ended as ${code ?? "nothing"}, expected ${expectedCode}`]),
    ...(complete ? [] : [incompleteness(failingRun)]),
  ];
  return { type: "proof", ...account, holds: failures.length === 0, failures, failingRun };
}

function incompleteness({ writtenLines }: FailingRun): string {
  return writtenLines === null
    ? "the failing run's container did not say what it wrote"
    : "the failing run's output is not what its container wrote";
}

/** For a demo that did not come to its end. */
export function noProof(reason: string): Proof {
  const nothing = Buffer.alloc(0);
  const none = { logCuts: 0, supervisorKills: 0, adoptions: 0 };
  const account = prove({
    truth: null,
    recording: nothing,
    firstLog: nothing,
    finalLog: nothing,
    incidents: none,
    expectedIncidents: none,
  });
  const failingRun = accountOfFailure(null, "", null, nothing);
  return { type: "proof", ...account, holds: false, failures: [reason], failingRun };
}

/** Holds a run that was cut short against what its container had counted by then. */
export function accountOfFailure(
  code: string | null,
  expectedCode: string,
  truth: Truth | null,
  log: Uint8Array,
): FailingRun {
  return {
    expectedCode,
    code,
    writtenLines: truth?.lines ?? null,
    deliveredLines: splitLines(log).length,
    complete: truth !== null && truth.sha256 === sha256(log),
  };
}

/** Holds what was delivered against what the container counted. Pure. */
export function prove(input: ProofInput): Account {
  const { truth, recording, firstLog, finalLog, incidents } = input;
  const written = truth === null ? recording : recording.subarray(0, truth.bytes);
  const { lost, repeated, foreign } = compareLines(splitLines(written), splitLines(finalLog));
  const delivered = { lines: splitLines(finalLog).length, bytes: finalLog.length, sha256: sha256(finalLog) };
  const isTruePrefix = Buffer.compare(firstLog, written.subarray(0, firstLog.length)) === 0;
  const failures = [
    ...witnessFailures(truth, written),
    ...(lost > 0 ? [`${lost} lines were lost`] : []),
    ...(repeated > 0 ? [`${repeated} lines were repeated`] : []),
    ...(foreign > 0 ? [`${foreign} delivered lines are none of the container's`] : []),
    ...(truth !== null && delivered.sha256 !== truth.sha256
      ? ["the delivered bytes are not those that the container wrote"]
      : []),
    ...(isTruePrefix ? [] : ["the first supervisor's log is no prefix of what the container wrote"]),
    ...incidentFailures(incidents, input.expectedIncidents),
  ];
  return {
    holds: failures.length === 0,
    container: truth,
    delivered,
    lost,
    repeated,
    foreign,
    firstSupervisor: { lines: splitLines(firstLog).length, bytes: firstLog.length, isTruePrefix },
    incidents,
    failures,
  };
}

/** Lines are compared as a multiset: which of them is missing or too many must not depend on where. */
export function compareLines(
  written: readonly string[],
  delivered: readonly string[],
): { readonly lost: number; readonly repeated: number; readonly foreign: number } {
  const balance = new Map<string, number>();
  for (const line of written) balance.set(line, (balance.get(line) ?? 0) + 1);
  let repeated = 0;
  let foreign = 0;
  for (const line of delivered) {
    const left = balance.get(line);
    if (left === undefined) foreign += 1;
    else if (left === 0) repeated += 1;
    else balance.set(line, left - 1);
  }
  const lost = [...balance.values()].reduce((sum, left) => sum + left, 0);
  return { lost, repeated, foreign };
}

/** Lines as bytes in Latin-1, so that a broken UTF-8 sequence is not mistaken for another one. */
export function splitLines(bytes: Uint8Array): readonly string[] {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
  const lines = text.split("\n");
  return lines.at(-1) === "" ? lines.slice(0, -1) : lines;
}

function witnessFailures(truth: Truth | null, written: Uint8Array): readonly string[] {
  if (truth === null) return ["the container's own count is not in the pod's status"];
  const failures: string[] = [];
  if (truth.lines === 0) failures.push("the container wrote nothing");
  if (truth.promptBytes === 0) failures.push("the prompt did not arrive on the container's stdin");
  if (sha256(written) !== truth.sha256 || splitLines(written).length !== truth.lines) {
    failures.push("the container did not write the recording");
  }
  return failures;
}

function incidentFailures(seen: IncidentCounts, expected: IncidentCounts): readonly string[] {
  const words: Readonly<Record<keyof IncidentCounts, string>> = {
    logCuts: "log streams cut",
    supervisorKills: "supervisors killed",
    adoptions: "adoptions",
  };
  return (Object.keys(words) as (keyof IncidentCounts)[])
    .filter((name) => seen[name] < expected[name])
    .map((name) => `${words[name]}: ${seen[name]} of ${expected[name]}`);
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
