import type { FixCondition } from "../../catalog/entry.ts";
import type { FailureCode } from "../../codes.ts";
import { statusInText } from "../rules/rule.ts";
import { clausesOf } from "./clauses.ts";

/**
 * What is meant, in whatever words: something (a balance, a model, a certificate) of which something is said (too low, not
 * found, not trusted) in the same clause. Vocabularies hold for gateways whose phrases nobody has collected; the phrases of
 * `rules` are more exact and come before them.
 */
export interface Concept {
  readonly code: FailureCode;
  /** Each must be in the clause. Lists of words without gaps, so that time is linear. */
  readonly all: readonly RegExp[];
  /** The same words in another sense: none may be in the clause. */
  readonly none?: RegExp;
  /** HTTP statuses with which the words mean this; left out: with any, and without one. */
  readonly status?: (status: number | null) => boolean;
  /** The words leave another kind open. */
  readonly suspected?: (status: number | null) => boolean;
  readonly session?: "clear";
  readonly conditions?: readonly FixCondition[];
}

export function matchConcept(
  concepts: readonly Concept[],
  text: string,
  status: number | null = statusInText(text),
): Concept | null {
  const clauses = clausesOf(text);
  return (
    concepts.find(
      (concept) =>
        (concept.status === undefined || concept.status(status)) &&
        clauses.some(
          (clause) => concept.all.every((words) => words.test(clause)) && concept.none?.test(clause) !== true,
        ),
    ) ?? null
  );
}

/** The client's own fault, as far as the status tells. */
export function isClientStatus(status: number | null): boolean {
  return status === null || (status >= 400 && status < 500 && status !== 408 && status !== 429);
}

/** A server that is ill says many things. */
export function isServerStatus(status: number | null): boolean {
  return status !== null && (status >= 500 || status === 408 || status === 429);
}

/** Any of them. Without effects, as a bundler is told: who imports `redact` alone would get all the tables along. */
/* @__NO_SIDE_EFFECTS__ */
export function or(...patterns: readonly RegExp[]): RegExp {
  return new RegExp(patterns.map(({ source }) => source).join("|"));
}
