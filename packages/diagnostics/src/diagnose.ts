import { catalogEntry } from "./catalog/catalog.ts";
import type { Diagnosis, Failure, Success } from "./diagnosis.ts";
import type { DiagnoseOptions, Evidence } from "./evidence/evidence.ts";
import { createMask } from "./facts/mask.ts";
import { type Facts, readFacts } from "./facts/facts.ts";
import { findingsOf } from "./findings.ts";
import { fixesOf } from "./fixes.ts";
import { judge } from "./judge/judge.ts";
import type { Verdict } from "./judge/verdict.ts";
import { groupingKey } from "./key.ts";
import { notesOf } from "./notes.ts";

/**
 * One ending for any evidence, however partial. Never throws for what the evidence holds, never claims a cause that it does
 * not show (`certainty: "suspected"`), and quotes nothing without masking known forms of secrets.
 */
export function diagnose(evidence: Evidence, options: DiagnoseOptions = {}): Diagnosis {
  const mask = createMask(options.secrets);
  const facts = readFacts(mask(evidence), options);
  const verdict = judge(facts);
  return verdict === null ? success(facts) : failure(facts, verdict);
}

function success(facts: Facts): Success {
  return {
    outcome: "success",
    code: null,
    title: "The run succeeded",
    cause: "Claude's last result says success.",
    evidence: findingsOf(facts),
    fix: [],
    family: null,
    notBefore: null,
    bootstrap: false,
    certainty: "certain",
    session: "keep",
    notes: notesOf(facts, true),
    spend: facts.spend,
    key: "success",
  };
}

function failure(facts: Facts, verdict: Verdict): Failure {
  const entry = catalogEntry(verdict.code);
  const notes = notesOf(facts, false);
  return {
    outcome: "failure",
    code: verdict.code,
    title: entry.title,
    cause: verdict.cause,
    evidence: findingsOf(facts),
    fix: fixesOf(entry, verdict, facts, notes),
    family: verdict.family === undefined ? entry.family : verdict.family,
    notBefore: verdict.notBefore ?? null,
    // Running again is only harmless when nothing was done: what the stream shows of work outweighs every other word.
    bootstrap: (verdict.bootstrap ?? entry.bootstrap) && facts.stream?.contentSeen !== true,
    certainty: verdict.suspected === true ? "suspected" : "certain",
    session: verdict.session ?? entry.session,
    notes,
    spend: facts.spend,
    key: groupingKey(verdict.code, verdict.detail, namesIn(facts)),
  };
}

function namesIn(facts: Facts): readonly string[] {
  const { cluster } = facts;
  return [cluster.podName, cluster.jobName, cluster.nodeName, cluster.namespace, ...cluster.otherPods]
    .filter((name) => name !== null)
    .toSorted((one, other) => other.length - one.length);
}
