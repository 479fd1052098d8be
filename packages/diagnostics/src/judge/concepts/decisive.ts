import { accountConcepts, identityConcepts } from "./account.ts";
import type { Concept } from "./concept.ts";
import { serviceConcepts, trustConcepts } from "./connection.ts";
import { historyConcepts, modelConcepts, sizeConcepts } from "./request.ts";

/** In the order of exactness, as the phrases are. */
export const decisiveConcepts: readonly Concept[] = /* @__PURE__ */ [
  trustConcepts,
  accountConcepts,
  historyConcepts,
  modelConcepts,
  identityConcepts,
  serviceConcepts,
  sizeConcepts,
].flat();
