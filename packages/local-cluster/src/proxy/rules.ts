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
  readonly request: ProxiedRequest;
  readonly protocol: "HTTP/1.1" | "HTTP/2";
  /** The server's status; `null`: the server was not asked or had not answered. */
  readonly status: number | null;
  /** Bytes of the answer's body that had reached the client's connection. */
  readonly bytesPassed: number;
}

/** A fault set aside for one request: it counts only if it happens. */
export interface Reservation {
  readonly fault: Fault;
  readonly source: "rule" | "plan";
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

export function createRuleBook(seed: number, plan: readonly PlanEntry[]): RuleBook {
  const rules = new Set<LiveRule>();
  const requestsSeen = new Map<string, number>();
  const objectNumbers = new Map<string, Map<string, number>>();
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
    const label = labelOf(request);
    const attempt = (requestsSeen.get(label) ?? 0) + 1;
    requestsSeen.set(label, attempt);
    for (const [index, entry] of activePlan.entries()) {
      if (!matches(request, entry.when ?? {})) continue;
      const random = createRandom(seed, `${label} attempt ${attempt} entry ${index}`);
      if (random() >= entry.probability) continue;
      const fault = typeof entry.fault === "function" ? entry.fault(random) : entry.fault;
      return { fault, source: "plan", happened: () => {}, release: () => {} };
    }
    return null;
  }

  /** Objects by their order of appearance: pod names end in random letters, and a plan keyed by them would differ every run. */
  function labelOf(request: ProxiedRequest): string {
    const numbers = objectNumbers.get(request.kind) ?? new Map<string, number>();
    objectNumbers.set(request.kind, numbers);
    const object = `${request.namespace ?? ""}/${request.name ?? ""}`;
    const number = numbers.get(object) ?? numbers.size + 1;
    numbers.set(object, number);
    return `${request.kind} #${number}`;
  }

  function clear(): void {
    rules.clear();
    activePlan = [];
  }

  return { add, take, clear };
}
