import type { TextRule } from "./rule.ts";

/** Money, in the words of the API, of clouds and of gateways, which send it with any status. */
export const moneyRules: readonly TextRule[] = [
  {
    code: "claude_billing",
    pattern: /credit balance is too low|balance is too low/i,
    seenIn: "1.0.128 – 2.1.330",
    example: "Credit balance is too low",
  },
  {
    code: "claude_billing",
    pattern:
      /(?:insufficient|not enough|negative)[ _-]?(?:[a-z]{1,12}[ _-]){0,3}(?:balance|credits?|funds?|quota)\b|\b(?:no|0|zero|out of) (?:[a-z]{1,12} ){0,2}(?:credits?|balance|funds)\b|(?:credits?|balance|funds) (?:is |are |has been |have been )?(?:not enough|insufficient|depleted|exhausted|used up)|quota (?:is |has been )?(?:not enough|insufficient)|requires? more credits|can only afford|(?:does not|do not|doesn't|don't) have (?:any|enough|sufficient) (?:[a-z]{1,12} ){0,2}(?:credits?|balance|funds)\b|\bcreditserror\b/i,
    unless: /insufficient[ _-](?:quota|funds?) for resource/i,
    seenIn: "gateways (GLM, MiniMax, OpenRouter, new-api, DeepSeek)",
    example:
      'API Error: 429 {"error":{"code":"1113","message":"Insufficient balance or no resource package. Please recharge."}}',
  },
  {
    code: "claude_billing",
    pattern:
      /payment[ _]required|please (?:recharge|top[ -]?up|add (?:more )?(?:credits?|funds))|(?:recharge|top[ -]?up) (?:your|the|and|before|to)|purchase (?:more )?credits|add (?:more )?credits|arrear|overdue[ -](?:payment|bill|balance)|(?:account|payment) is (?:overdue|past due)|not in good standing|account is in good standing|unpaid invoice|failure to pay|past invoices|(?:outstanding|positive) balance|deposit (?:more )?(?:funds|credits|money)/i,
    unless: /rate[- ]limit[^\n]{0,80}per[- ]minute/i,
    seenIn: "gateways; Model Studio",
    example: "API Error: 400 Access denied, please make sure your account is in good standing. (Arrearage)",
  },
  {
    code: "claude_billing",
    pattern:
      /exceeded[ _]your[ _]current[ _]quota|exceeded_current_quota|check your plan and billing|billing[ _](?:hard[ _]limit|not[ _]active|disabled)|billing (?:is |has been )?(?:disabled|not enabled|inactive)|billing to be enabled|(?:invalid|valid|update your|missing|declined|failed|no) payment[ _](?:instrument|method)|invalid_payment_instrument/i,
    unless: /please retry in|retrydelay|per[- ]?minute/i,
    seenIn: "Vertex, Bedrock, OpenAI-compatible gateways",
    example:
      "API Error: 403 Model access is denied due to INVALID_PAYMENT_INSTRUMENT: A valid payment instrument must be provided.",
  },
  {
    code: "claude_billing",
    pattern:
      /budget (?:has been |was )?exceeded|budget_exceeded|exceeded ?budget|exceeded (?:the |its |their |your )?(?:max(?:imum)? )?budget|over budget|crossed budget|key limit exceeded/i,
    unless: /(?:thinking|token|retry|error) budget/i,
    seenIn: "LiteLLM, OpenRouter",
    example: "API Error: 400 Budget has been exceeded! Team=T1 Current cost: 3000.17, Max budget: 3000.0",
  },
  {
    code: "claude_billing",
    pattern:
      /(?:plan|package|subscription|trial|membership)\b[^\n.]{0,30} (?:has |have |is )?(?:expired|ended|lapsed)\b|credits? (?:has |have )?expired/i,
    seenIn: "plans of gateways",
    example:
      'API Error: 429 {"error":{"code":"1309","message":"Your GLM Coding Plan package has expired and is temporarily unavailable. Please renew the plan."}}',
  },
  {
    code: "claude_billing",
    pattern: /余额不足|额度不足|额度已用尽|额度已耗尽|已欠费|请充值|剩余额度/,
    seenIn: "new-api and its relatives",
    example: "API Error: 403 用户额度不足, 剩余额度: $-0.000002",
  },
];
