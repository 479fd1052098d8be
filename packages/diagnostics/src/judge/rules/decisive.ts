import { accessRules, policyRules } from "./access.ts";
import { credentialRules } from "./credentials.ts";
import { historyRules } from "./history.ts";
import { limitRules } from "./limits.ts";
import { modelRules } from "./models.ts";
import { moneyRules } from "./money.ts";
import { planRules, upgradeRules } from "./plan.ts";
import type { TextRule } from "./rule.ts";
import { serviceRules } from "./service.ts";
import { sessionRules } from "./session.ts";
import { sizeRules } from "./size.ts";
import { trustRules } from "./trust.ts";

/**
 * These win over the structured fields, which are blunter in just these cases: a spend limit comes as HTTP 400 of an unknown
 * class, an empty account as 429 or 500, a wrong model as 400, 403 or 503, a poisoned session as an ordinary HTTP 400. The
 * order is that of exactness: a plan that is required before a limit, a limit that is over by itself before money.
 */
export const decisiveTextRules: readonly TextRule[] = /* @__PURE__ */ [
  sessionRules,
  trustRules,
  planRules,
  limitRules,
  moneyRules,
  credentialRules,
  policyRules,
  modelRules,
  accessRules,
  serviceRules,
  sizeRules,
  historyRules,
  upgradeRules,
].flat();

/**
 * What a command line can say before it has begun. Names of models, pages of HTML and the like stand in configuration errors
 * too, where they are no answer of an API.
 */
export const decisiveBeforeStart: readonly TextRule[] = /* @__PURE__ */ [
  sessionRules,
  trustRules,
  planRules,
  limitRules,
  moneyRules,
  credentialRules,
].flat();
