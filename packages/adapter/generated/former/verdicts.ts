export type Verdict = "same" | "better" | "left out" | "open";

export interface Behaviour {
  readonly behaviour: string;
  readonly verdict: Verdict;
  /** What is so here; for what is left out or open, why. */
  readonly here: string;
}

export function same(behaviour: string, here: string): Behaviour {
  return { behaviour, verdict: "same", here };
}

export function better(behaviour: string, here: string): Behaviour {
  return { behaviour, verdict: "better", here };
}

export function leftOut(behaviour: string, here: string): Behaviour {
  return { behaviour, verdict: "left out", here };
}

export function open(behaviour: string, here: string): Behaviour {
  return { behaviour, verdict: "open", here };
}
