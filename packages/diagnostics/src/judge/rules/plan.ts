import type { TextRule } from "./rule.ts";

/** A plan, or usage credits, that the account would need. Waiting does not help; the words name the way out. */
export const planRules: readonly TextRule[] = [
  {
    code: "claude_plan_gate",
    pattern:
      /(?:extra usage|usage credits?|credits?) (?:is |are )?required (?:for|to)\b|requires? (?:extra usage|usage credits?)|(?:long|extended|1m) context\b[^\n]{0,40}(?:not (?:yet |currently )?(?:available|enabled|included|supported)|n't (?:available|included))/i,
    seenIn: "2.1.47 – 2.1.330",
    example:
      "API Error: Usage credits required for 1M context · turn on usage credits at claude.ai/settings/usage, or use --model to switch to standard context",
    conditions: ["longContext"],
  },
  {
    code: "claude_plan_gate",
    pattern: /third-party apps now draw from (?:your )?extra usage/i,
    seenIn: "2.0.76 – 2.1.97",
    example:
      "API Error: 400 Third-party apps now draw from your extra usage, not your plan limits. Add more at claude.ai/settings/usage and keep going.",
  },
  {
    code: "claude_plan_gate",
    pattern:
      /(?:is|are) not (?:yet |currently )?(?:available|included|supported|enabled|part of)[^\n.]{0,60}\b(?:plan|subscription|tier|membership)\b|(?:plan|subscription|tier|membership) (?:does not|doesn't|not) (?:yet |currently )?(?:include|allow|cover|support|have)|(?:pro|free|team) users are not (?:currently )?able to/i,
    seenIn: "1.0.10 – 2.1.330; plans of gateways",
    example:
      "Claude Opus is not available with the Claude Pro plan. If you have updated your subscription plan recently, run /logout and /login for the plan to take effect.",
  },
  {
    code: "claude_plan_gate",
    pattern:
      /requires? (?:an? )?(?:active |paid )?(?:claude )?(?:pro|max|team|enterprise|paid|premium|coding)\b[^\n.]{0,30}\b(?:plan|subscription|tier|account)\b|(?:active|paid|valid) (?:plan|subscription) is required|(?:no|have an) active (?:coding )?(?:plan|subscription)|requires? an? (?:active |paid )?(?:subscription|membership)\b|upgrade for access|only (?:available|offered|open) (?:to|for|with|on) [^\n.]{0,40}\b(?:subscribers|members|(?:paid|pro|max|plus|team|enterprise) (?:users|plans?|accounts?|customers))\b|subscription_required|requires_payment/i,
    seenIn: "gateways",
    example: "API Error: 403 This model requires a Pro plan or an active subscription.",
  },
  {
    code: "claude_plan_gate",
    pattern:
      /(?:套餐|订阅|会员)[^\n]{0,20}(?:不支持|不包含|不可用|无法|无权)|仅限?[^\n]{0,10}(?:会员|订阅|套餐)|(?:请|需)[^\n]{0,4}(?:升级|开通)[^\n]{0,8}(?:套餐|会员|订阅)/,
    seenIn: "gateways",
    example: "API Error: 403 当前套餐不支持该模型",
  },
];

/** Limits end with the advice to upgrade, too: as the only word it is a gate, and it comes last. */
export const upgradeRules: readonly TextRule[] = [
  {
    status: (status) => status !== 402,
    code: "claude_plan_gate",
    pattern:
      /(?:please |must |need to |or |to continue,? |and )upgrade (?:to|your) (?:an? |the )?(?:[a-z]{1,20} ){0,2}(?:plan|subscription|tier|pro|max|team|enterprise)\b/i,
    seenIn: "gateways",
    example: "API Error: 403 This model is for members only. Please upgrade your plan to use it.",
  },
];
