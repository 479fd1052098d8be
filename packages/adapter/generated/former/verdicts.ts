/** A row whose behaviour people would miss and that is not here would be "open"; there is none. */
export type Verdict = "same" | "better" | "left out";

export interface Behaviour {
  readonly behaviour: string;
  readonly verdict: Verdict;
  /** What is so here; for what is left out, why. */
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
