import type { TextRule } from "./rule.ts";

/** A limit of requests or tokens a minute passes within the minute; it is no quota. */
const perMinute = /rate[- ]limit|per[- ](?:minute|second)|requests\/min/i;

/** Limits of an account, an organisation, a workspace or a model, mostly with the time at which they are over. */
export const limitRules: readonly TextRule[] = [
  {
    code: "provider_quota",
    pattern:
      /you(?:'ve| have)? (?:hit|reached) (?:your|the) (?:opus|sonnet|haiku|fable|mythos|claude)\b[^\n.·]{0,20} limit/i,
    unless: perMinute,
    seenIn: "2.0.77 – 2.1.330",
    example: "You've hit your Opus limit · resets Nov 24, 6am (UTC)",
    conditions: ["modelLimit"],
  },
  {
    code: "provider_quota",
    pattern:
      /you(?:'ve| have)? (?:hit|reached|used (?:up|all of)) (?:your|the) (?:[^\n.·]{0,80} )?(?:limits?|caps?|budget|allowance)\b/i,
    unless: perMinute,
    seenIn: "2.0.77 – 2.1.330",
    example: "You've hit your 5-hour limit · resets Nov 24, 6am (UTC)",
  },
  {
    code: "provider_quota",
    pattern:
      /(?:usage|session|weekly|daily|monthly|hourly|\d{1,2}[- ]hour|opus|sonnet|haiku|fable|spend|spending|plan|message|account|organi[sz]ation|workspace) (?:usage |spend |spending |token )?(?:limit|cap|quota)s? (?:has been |have been |was |is )?(?:already )?(?:reached|exceeded|exhausted|used up)/i,
    unless: perMinute,
    seenIn: "1.0.40 – 2.1.330; gateways",
    example: "5-hour limit reached ∙ resets 9pm",
  },
  {
    code: "provider_quota",
    // Without a name, as where a line was cut: what resets is a limit of the account.
    pattern: /\b(?:limit reached|hit your (?:[^\n.·]{1,40} )?limit)\s{0,3}[·•∙|–-]\s{0,3}resets?\b/i,
    unless: perMinute,
    seenIn: "2.0.50 – 2.1.330",
    example: "Limit reached · resets Dec 17 at 6am (Europe/Oslo)",
  },
  {
    code: "provider_quota",
    pattern: /usage limit reached\|\d{9,11}/i,
    seenIn: "1.0.40 – 1.0.128",
    example: "Claude AI usage limit reached|1795500000",
  },
  {
    code: "provider_quota",
    // What is free comes back with the next day or month, whatever else is for sale.
    pattern:
      /\b(?:free|included|trial) (?:usage|quota|requests?|messages?|allowance)\b[^\n.]{0,40}(?:exceeded|exhausted|used|reached|is over)/i,
    unless: perMinute,
    seenIn: "gateways",
    example: "API Error: 429 Free usage exceeded, add credits https://gateway.example",
  },
  {
    code: "provider_quota",
    // Called a rate, and over only with the day.
    pattern:
      /\bper (?:86400 ?s(?:econds)?|24 ?h(?:ours?)?)\b|\b(?:user|model)byday\b|[a-z][-_]per[-_]day\b|\b[rt]pd\b[^\n]{0,20}\blimit|\blimit[^\n]{0,40}\b[rt]pd\b/i,
    seenIn: "GitHub Models, OpenRouter, Moonshot",
    example:
      'API Error: 429 {"error":{"code":"RateLimitReached","message":"Rate limit of 10 per 86400s exceeded for UserByModelByDay. Please wait 40000 seconds before retrying."}}',
  },
  {
    code: "provider_quota",
    // A gateway's own rest for an account, which no minute ends.
    pattern:
      /\b(?:(?:quota_?)?reset_?(?:time|in|after|delay)["']?\s?[:=]\s?["']?\d{1,4}h|reset_?seconds["']?\s?[:=]\s?["']?[1-9]\d{4,6}\b)/i,
    unless: perMinute,
    seenIn: "CLIProxyAPI",
    example:
      'API Error: 429 {"error":{"code":"model_cooldown","message":"All credentials for model claude-sonnet-5 are cooling down","reset_time":"127h33m21s"}}',
  },
  {
    code: "provider_quota",
    pattern: /spending cap reached/i,
    seenIn: "1.0.128",
    example: "Spending cap reached resets Nov 24, 6am",
  },
  {
    code: "provider_quota",
    pattern: /out of (?:extra )?usage\b/i,
    seenIn: "2.0.30 – 2.1.330",
    example: "You're out of extra usage · resets 5pm (America/Los_Angeles)",
  },
  {
    code: "provider_quota",
    pattern: /specified (?:workspace |organi[sz]ation )?api usage limits|you will regain access/i,
    seenIn: "0.2.107 – 2.1.330",
    example:
      "API Error: 400 You have reached your specified API usage limits. You will regain access on 2026-12-01 at 00:00 UTC.",
  },
  {
    code: "provider_quota",
    pattern:
      /(?:organi[sz]ation|workspace|account|team|project|user) (?:[^\n.]{1,40} )?has (?:reached|hit|exceeded) (?:its|the|their|your) [^\n.]{0,60}(?:limit|cap|budget)\b/i,
    unless: perMinute,
    seenIn: "the API of 2026; gateways",
    example: "API Error: 429 This organization has reached its monthly usage limit.",
  },
  {
    code: "provider_quota",
    pattern:
      /(?:limit|quota)s?\b[^\n]{0,80}\b(?:will (?:be )?|is |are )?(?:resets?|refresh(?:ed|es)?|renew(?:ed|s)?|replenish(?:ed|es)?|restored) (?:at|on|in|after)\b|(?:exceeded|exhausted|used (?:up|all of)|consumed|out of) (?:your|the) (?:\d{1,2}[- ]hour|hourly|daily|weekly|monthly|included|premium)\b[^\n]{0,40}(?:quota|allowance|limit|requests?)|\bwait (?:for|until) (?:your|the) [^\n.]{0,40}\b(?:renews?|resets?|refresh(?:es)?|replenish(?:es|ed)?)\b/i,
    // A quota that is over at once was a rate.
    unless: /rate[-_ ]limit|per[- ](?:minute|second)|requests\/min|after 0s/i,
    seenIn: "plans of gateways",
    example:
      'API Error: 429 {"error":{"code":"1308","message":"Usage limit reached for 5 hour. Your limit will reset at 2026-12-19 15:31:13"}}',
  },
  {
    code: "provider_quota",
    pattern:
      /(?:额度|限额|用量|次数|配额|限制)[^\n]{0,20}(?:重置|刷新|恢复|上限)|(?:将于|将在|于)[^\n]{0,30}(?:重置|刷新|恢复)/,
    unless: /每分钟|每秒|速率/,
    seenIn: "plans of gateways",
    example: "API Error: 429 5小时使用额度已达上限，将于 2026-06-10 18:00:00 重置",
  },
];
