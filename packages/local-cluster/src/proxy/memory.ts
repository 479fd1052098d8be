import type { ProxiedRequest } from "./request.ts";
import type { OwnAnswer } from "./status.ts";

/** Earlier answers to gets and lists, for stale reads. Bounded: the least recently asked are forgotten. */
export interface AnswerMemory {
  remembers(request: ProxiedRequest): boolean;
  keep(request: ProxiedRequest, answer: OwnAnswer): void;
  /** What was answered `back` different answers before the last one; `null`: there was none. */
  earlier(request: ProxiedRequest, back: number): OwnAnswer | null;
}

const MAX_REQUESTS = 200;
const MAX_ANSWERS_A_REQUEST = 4;
const MAX_ANSWER_CHARACTERS = 256 * 1024;

export function createAnswerMemory(): AnswerMemory {
  const answers = new Map<string, OwnAnswer[]>();

  function keep(request: ProxiedRequest, answer: OwnAnswer): void {
    if (answer.body.length > MAX_ANSWER_CHARACTERS) return;
    const key = keyOf(request);
    const kept = answers.get(key) ?? [];
    const last = kept.at(-1);
    if (last === undefined || contentOf(last) !== contentOf(answer)) kept.push(answer);
    if (kept.length > MAX_ANSWERS_A_REQUEST) kept.shift();
    answers.delete(key);
    answers.set(key, kept);
    const oldest = answers.keys().next().value;
    if (answers.size > MAX_REQUESTS && oldest !== undefined) answers.delete(oldest);
  }

  return {
    remembers: (request) => request.method === "GET" && /^(?:get|list) /.test(request.kind),
    keep,
    earlier: (request, back) => answers.get(keyOf(request))?.at(-1 - back) ?? null,
  };
}

function keyOf(request: ProxiedRequest): string {
  return `${request.path}?${new URLSearchParams(request.query).toString()}`;
}

/** A list's own resourceVersion moves with every write anywhere; two lists that differ in nothing else are the same answer. */
function contentOf(answer: OwnAnswer): string {
  return `${answer.code} ${answer.body.replace(/"resourceVersion":"\d+"/, "")}`;
}
