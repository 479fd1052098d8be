import { type Concept, isClientStatus, or } from "./concept.ts";

/** A limit that passes within the minute, or of something else than an account's use. */
const rate =
  /rate ?limit|per (?:minute|second|min|sec)\b|\b[rt]pm\b|requests? per|tokens? per|concurren|throttl|too many requests|\bburst|retry budget|error budget/;
/** Sizes and settings of one request. */
const request =
  /\bthinking\b|budget tokens|max tokens|token budget|\bcontext\b|\bwindow\b|\bprompt\b|\binput\b|\boutput\b|\bimages?\b|\bpages?\b|\bcharacters?\b|\bcache|\bupload|file size|\bschema\b|\bheader|\bturns?\b/;

/** Of an account, its money and its plan. */
export const accountConcepts: readonly Concept[] = /* @__PURE__ */ [
  {
    code: "provider_quota",
    // Called a rate by some, and over only when the day is.
    all: [
      /\bper (?:day|week|month)\b|\b(?:daily|weekly|monthly|today|today's|tomorrow)\b/,
      /\b(?:too many|exceeded|exhausted|reached|hit|used up|depleted|over|ran out|run out|no more|limits?|quotas?)\b/,
    ],
    none: /per (?:minute|second)|concurren|\bcontext\b|\bbudget\b|\bcredits?\b|\bbalance\b/,
    status: (status) => status === 403 || status === 429 || status === 402 || status === null,
  },
  {
    code: "provider_quota",
    // Of a project or a metric it is a rate of a cloud.
    all: [
      /\bquota (?:is |has been |was |limit )?(?:exhausted|exceeded|used up|depleted|reached)\b|\b(?:usage|spend|spending) limit error\b/,
    ],
    none: or(
      rate,
      /\bmetric\b|\bproject\b|\bbase model\b|googleapis|\bcurrent quota\b|\bpurchase\b|\brecharge\b|\btop up\b|\bbuy\b|quota exceeded for\b/,
    ),
    status: (status) => status === 403 || status === 429 || status === null,
  },
  {
    code: "provider_quota",
    all: [
      /\b(?:usage|spend(?:ing)?|session|daily|weekly|monthly|hourly|yearly|per (?:day|week|month)|this (?:week|month)|today's?|for today|\d{1,2} ?h(?:rs?|ours?)?|[2-7] ?days?|billing (?:cycle|period)|plan(?:'s)? (?:limits?|usage|quota)|fair use|message|quota window|premium requests?|free requests?)\b/,
      /\b(?:limits?|quotas?|caps?|allowances?|allotments?|allocation|usage|requests)\b/,
      /\b(?:reached|hit|exceed(?:ed|s|ing)?|exhausted|used (?:up|all)|consumed|maxed|surpassed|out of|ran out|run out|over|fully used|depleted|hitting|no (?:more|remaining))\b|\b100 ?%/,
    ],
    none: or(rate, request, /\$ ?\d|\bbalance\b|\bfunds?\b|\bpayment|\btop up\b|\brecharge\b|purchase/),
    status: (status) => status !== 413,
  },
  {
    code: "claude_billing",
    all: [
      /\b(?:credits?|balance|billing|payments?|invoices?|bills?|funds|funding|prepaid|prepayment|prepay|wallet|top ?up|topup|recharge|arrears?|arrearage|budgets?|spend|spending|unpaid|paid usage|usd|purchase|money|deposit|credit card|bank card|cost limit|cost cap|purse|quota)\b|\$ ?-?\d|余额|余額|额度|額度|欠费|充值|残高|saldo|solde|guthaben|баланс|средств|잔액|크레딧/,
      /\b(?:low|insufficient|inadequate|exhausted|depleted|ran out|run out|out of|zero|negative|overdue|past due|declined|fail(?:ed|ure|s)?|disabled|suspended|frozen|locked|closed|turned off|switched off|absent|unlinked|not linked|dormant|exceed(?:s|ed|ing)?|over budget|required|requires|expired|unpaid|inactive|not (?:active|enabled|enough|set ?up|configured|available|sufficient|cover|covered)|no(?: \w+){0,3} (?:credits?|balance|funds|billing|payments?|method|card|quota)|need(?:s|ed)?|used up|afford|below|lacks?|lacking|empty|missing|invalid|add|increase|delinquent|on hold|consumed|fully used|spent|short|less than|does ?n'?t have|does not have|do not have|don't have|have no|has no|haven't|settle|outstanding|crossed|blocked|can't be charged|could not be charged|reached|insuficiente|insuffisant|insufficiente)\b|不足|为负|已用|用完|用尽|耗尽|недостаточно|부족|nicht aus/,
    ],
    none: or(
      rate,
      request,
      /\bquota (?:metric|project|exceeded|increase)|(?:exceeded|exhausted) (?:\w+ ){0,2}quota|resource exhausted|try again (?:in|later)|\bretry/,
    ),
  },
  {
    code: "claude_billing",
    // The account is closed for its money, which is said of no rate.
    all: [
      /\b(?:subscription|plan|package|trial|membership|licen[cs]e|account)\b/,
      /\b(?:expired|lapsed|ended|unpaid|overdue|past due|canceled|cancelled|arrears|delinquent|has no funds)\b/,
    ],
    none: or(rate, /\btoken\b|\bsession\b|\bkey\b|\blog ?in\b/),
  },
  {
    code: "claude_plan_gate",
    all: [
      /\b(?:plans?|subscriptions?|subscribers?|subscribed?|subscribing|tiers?|memberships?|members?|upgrade|upgrading|premium|free (?:users?|accounts?)|pro (?:users?|accounts?)|paid (?:users?|accounts?)|entitle(?:d|ments?)|seats?|add on|extra usage|enterprise)\b|订阅|套餐|会员/,
      /\b(?:not (?:(?:currently|yet|be) )?(?:available|included?|includes|support(?:ed|s)?|cover(?:ed|s)?|allow(?:ed|s)?|eligible|entitled?|part|access(?:ible)?|grant(?:ed)?|offer(?:ed)?|contain|permit(?:ted)?|enabled|provide|have)|does ?n't|do ?n't|is ?n't|are ?n't|requires?|required|requiring|only|unlock|upgrade|exclusive|need(?:s|ed)?|must|restricted|reserved|limited to|unavailable|lacks?|no (?:active|valid)|without|higher|beyond|ineligible|part of|exclusive to|disabled|blocked|can(?: ?no|')t|to (?:use|access|unlock|continue))\b|仅限|不支持|不包含|需要/,
    ],
    none: or(
      rate,
      /service tier|plan mode|\b(?:reached|exceeded|exhausted)\b|\bteam members?\b|upgrade to an? (?:\w+ ){0,2}(?:model|version)|\bmember must\b|\bis not a member\b|\bclass members?\b/,
    ),
    status: (status) => status !== 402 && (status === 429 || status === 500 || isClientStatus(status)),
  },
  {
    code: "claude_plan_gate",
    // Whatever it is that the account's plan does not do.
    all: [
      /\b(?:your|current|this|the|free) (?:\w+ ){0,2}(?:plans?|subscriptions?|tier|membership|seat)\b|\b(?:pro|max|plus|business|team|enterprise|paid) (?:\w+ ){0,2}(?:plans?|subscriptions?|tier|membership|seat)\b|\brequires? (?:pro|max|plus|premium)\b|\bvalid licen[cs]e\b|\blicen[cs]e (?:is )?required\b|\bno licen[cs]es?\b/,
      /\bnot\b|n't\b|\bcannot\b|\bunable\b|\bonly\b|\bupgrade\b|\bplease use\b|\bsubscribe\b|\brequires?\b|\bno longer\b|\bswitch to\b/,
    ],
    none: or(
      rate,
      /service tier|plan mode|\b(?:reached|exceeded|exhausted|expired|hit|limit|limits)\b|upgrade to an? (?:\w+ ){0,2}(?:model|version)|\bcheck your plan\b/,
    ),
    status: (status) => status !== 402 && (status === 429 || isClientStatus(status)),
  },
];

/** Of a credential, and of whom it belongs to. */
export const identityConcepts: readonly Concept[] = /* @__PURE__ */ [
  {
    code: "claude_access_denied",
    all: [
      /\b(?:accounts?|organi[sz]ations?|workspaces?|users?|ip|ip address|countr(?:y|ies)|regions?|territor(?:y|ies)|locations?|client|tenant|consumer|caller|principal)\b/,
      /\b(?:disabled|suspended|banned|blocked|deactivated|terminated|forbidden|whitelist(?:ed)?|allow ?list(?:ed)?|not (?:allowed|authorized|authorised|permitted|supported|enabled)|restricted|locked|frozen|unsupported|on hold)\b/,
    ],
    none: /\bmodels?\b|@model|\bfeature|parameter|temporar|try again/,
    status: isClientStatus,
  },
  {
    code: "claude_auth_required",
    all: [
      /\b(?:api ?keys?|x api key|access tokens?|auth tokens?|bearer|credentials?|oauth|jwt|id token|refresh token|auth(?:entication|orization)?|log ?in|logged in|sign in|secret key|token|令牌)\b|密钥/,
      /\b(?:invalid|expired|missing|incorrect|revoked|not provided|no|required|unauthorized|unauthorised|malformed|wrong|not (?:found|valid|set|exist|recognized|supplied|logged)|unable|failed|failure|mismatch|must|disabled|rejected|unauthenticated|bad|does not exist|doesn't exist|inactive)\b|无效|过期/,
    ],
    none: /tokens? (?:limit|count|per)|(?:max|input|output|too many|prompt) tokens?|\bmodels?\b|@model|unexpected token|page token|csrf|tool/,
    status: (status) => status === null || status === 400 || status === 401 || status === 403,
  },
];
