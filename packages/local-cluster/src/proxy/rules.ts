import type { Fault } from "./faults.ts";
import { createRandom, type Random } from "./random.ts";
import { matches, type ProxiedRequest, type RequestMatch } from "./request.ts";

/** A fault for the next matching request, or for several. */
export interface FaultRule {
  readonly when?: RequestMatch;
  readonly fault: Fault;
  /** How often it happens. Default 1; `Infinity` until removed. */
  readonly times?: number;
  /** Let so many matching requests pass first. Default 0. */
  readonly skip?: number;
}

/** Random faults: of every matching request one with this probability. The first entry that hits decides. */
export interface PlanEntry {
  readonly when?: RequestMatch;
  /** 0 to 1. */
  readonly probability: number;
  /** A fault, or how to make one from random numbers; use no other source of randomness, or the seed reproduces nothing. */
  readonly fault: Fault | ((random: Random) => Fault);
}

export interface InjectedFault {
  /** Resolves when the fault has happened for the first time. Never rejects; stays pending if it never happens. */
  readonly happened: Promise<Incident>;
  /** How many times it can still happen. */
  readonly remaining: number;
  remove(): void;
}

/** A fault that happened. */
export interface Incident {
  /** ISO 8601. */
  readonly at: string;
  readonly fault: Fault;
  readonly source: "rule" | "plan";
  /** The place in the plan that the fault was drawn for; `null` for a rule. The same place draws the same fault again. */
  readonly draw: PlanDraw | null;
  readonly request: ProxiedRequest;
  readonly protocol: "HTTP/1.1" | "HTTP/2";
  /** The server's status; `null`: the server was not asked or had not answered. */
  readonly status: number | null;
  /** Bytes of the answer's body that had reached the client's connection. */
  readonly bytesPassed: number;
}

/** Together with the seed all that decides a random fault. */
export interface PlanDraw {
  readonly kind: string;
  /** As `FaultProxyOptions.objectOf` names it. */
  readonly object: string;
  /** How manyeth request of this kind for this object: 1, 2, … */
  readonly attempt: number;
  /** Index of the plan's entry that hit. */
  readonly entry: number;
}

/** A fault set aside for one request: it counts only if it happens. */
export interface Reservation {
  readonly fault: Fault;
  readonly source: "rule" | "plan";
  readonly draw: PlanDraw | null;
  happened(incident: Incident): void;
  /** The request ended before its fault could happen: the rule is free for the next one. */
  release(): void;
}

export interface RuleBook {
  add(rule: FaultRule): InjectedFault;
  take(request: ProxiedRequest): readonly Reservation[];
  clear(): void;
}

interface LiveRule {
  readonly rule: FaultRule;
  toSkip: number;
  remaining: number;
  resolve(incident: Incident): void;
}

export function createRuleBook(
  seed: number,
  plan: readonly PlanEntry[],
  objectOf: (request: ProxiedRequest) => string = nameOfObject,
): RuleBook {
  const rules = new Set<LiveRule>();
  const requestsSeen = new Map<string, number>();
  let activePlan = plan;

  function add(rule: FaultRule): InjectedFault {
    const { promise, resolve } = Promise.withResolvers<Incident>();
    const live: LiveRule = { rule, toSkip: rule.skip ?? 0, remaining: rule.times ?? 1, resolve };
    rules.add(live);
    return {
      happened: promise,
      get remaining() {
        return live.remaining;
      },
      remove: () => void rules.delete(live),
    };
  }

  function take(request: ProxiedRequest): readonly Reservation[] {
    const taken: Reservation[] = [];
    for (const live of rules) {
      if (live.remaining <= 0 || !matches(request, live.rule.when ?? {})) continue;
      if (live.toSkip > 0) {
        live.toSkip -= 1;
        continue;
      }
      taken.push(reserve(live));
    }
    const planned = takeFromPlan(request);
    return planned === null ? taken : [...taken, planned];
  }

  function reserve(live: LiveRule): Reservation {
    live.remaining -= 1;
    let open = true;
    return {
      fault: live.rule.fault,
      source: "rule",
      draw: null,
      happened(incident) {
        if (!open) return;
        open = false;
        if (live.remaining <= 0) rules.delete(live);
        live.resolve(incident);
      },
      release() {
        if (!open) return;
        open = false;
        live.remaining += 1;
      },
    };
  }

  function takeFromPlan(request: ProxiedRequest): Reservation | null {
    if (activePlan.length === 0) return null;
    const { kind } = request;
    const object = objectOf(request);
    const label = `${kind} ${object}`;
    const attempt = (requestsSeen.get(label) ?? 0) + 1;
    requestsSeen.set(label, attempt);
    for (const [entry, { when, probability, fault }] of activePlan.entries()) {
      if (!matches(request, when ?? {})) continue;
      const random = createRandom(seed, `${label} attempt ${attempt} entry ${entry}`);
      if (random() >= probability) continue;
      return {
        fault: typeof fault === "function" ? fault(random) : fault,
        source: "plan",
        draw: { kind, object, attempt, entry },
        happened: () => {},
        release: () => {},
      };
    }
    return null;
  }

  function clear(): void {
    rules.clear();
    activePlan = [];
  }

  return { add, take, clear };
}

/**
 * Namespace and name, without the five random characters that `generateName` (and every pod of a Job) ends in: with them no
 * two runs would have an object in common, and the same seed would break something else each time.
 */
function nameOfObject({ namespace, name }: ProxiedRequest): string {
  return `${namespace ?? ""}/${(name ?? "").replace(GENERATED_ENDING, "-?")}`;
}

/** The letters and digits that the API server's names are made of. */
const GENERATED_ENDING = /-[bcdfghjklmnpqrstvwxz2456789]{5}$/;
