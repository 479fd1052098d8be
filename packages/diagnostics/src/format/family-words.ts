import type { Failure } from "../diagnosis.ts";
import { timeWords } from "../words/time.ts";

/** Whether trying again is of use, and when. */
export function retryWords(failure: Failure, timeZone: string | undefined): string {
  const bootstrap = failure.bootstrap ? "; the agent never started, so nothing is repeated" : "";
  switch (failure.family) {
    case "transient_upstream":
      return `yes, it may pass by itself${bootstrap}`;
    case "provider_quota":
      return failure.notBefore === null
        ? "yes, when the limit is over"
        : `yes, not before ${timeWords(failure.notBefore, timeZone)}`;
    case "model_refusal":
      return "not by itself: the model would refuse again";
    case null:
      return `not by itself${bootstrap}`;
  }
}

export function sessionWords(failure: Failure): string {
  return failure.session === "keep" ? "can be continued" : "is of no more use: begin a new one";
}
