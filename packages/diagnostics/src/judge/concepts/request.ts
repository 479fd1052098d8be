import { type Concept, isServerStatus, or } from "./concept.ts";

function refusedAsInvalid(status: number | null): boolean {
  return status === null || status === 400 || status === 422;
}

/** What a model can or cannot do, or a setting of the request: the model is there. */
const ability =
  /\btools?\b|\bimages?\b|\bthinking\b|\breasoning\b|temperature|\btop [pk]\b|parameter|\bbeta\b|\bheaders?\b|\bcach|\beffort\b|\bstream(?:ing)?\b|prefill|\bvision\b|\baudio\b|\bfunction|response format|\bschema\b|\bcontext\b|\boutputs?\b|\bmax tokens|\bsystem\b|\badaptive\b|\bdocuments?\b|\bpdf\b|\bfeatures?\b|\bsampling\b|\bmodalit|\bmessages?\b|\bfields?\b|\bjson\b/;
const passing =
  /overload|capacity|temporar|try again|\bretry|cool ?down|\bbusy\b|\bloading\b|\brate\b|\bquota\b|time(?:d)? ?out|unhealthy|not ready|moment|\blater\b|in progress|high demand/;
const credential = /\bkey\b|\btoken\b|\bauth|\bpermissions?\b(?! error)|\bcredential|\blicen[cs]e\b/;

export const modelConcepts: readonly Concept[] = /* @__PURE__ */ [
  {
    code: "model_not_found",
    all: [
      /\bmodels?\b|@model|inference profiles?|模型/,
      /\b(?:not (?:(?:be|been|a|an|currently|yet|in|on|the|currently) ){0,3}(?:found|valid|supported|available|recogni[sz]ed|exist|configured|enabled|deployed|registered|accessible|listed|activated?|loaded|installed|pulled|defined|mapped|present|known|offered|served|list|allow ?list|white ?list|resolved|hosted|provisioned|set ?up)|does ?n't (?:seem to )?exist|does not (?:seem to |appear to )?exist|doesn't appear to exist|no such|unknown|invalid|unsupported|unavailable|unrecogni[sz]ed|unregistered|undefined|nonexistent|non existent|(?:cannot|can't|couldn't|could not|unable to|failed to|can not) (?:be )?(?:find|found|locate|resolve|access|load|match|route|map)|no (?:\w+ ){0,5}(?:found|available|configured|matching|matches|for model|supports?|serving|provider|route)|deprecated|retired|removed|sunset|sunsetted|unloaded|models? (?:is |are |was |has been |have been )?disabled|end of life|discontinued|no longer|shut ?down|must be one of|isn't (?:(?:a|currently|yet) ){0,2}(?:available|supported|valid|found|enabled|configured)|aren't (?:available|supported)|legacy|wrong|incorrect|expected one of|did you mean|pull(?:ing)? it first|supported models?|available models?|allowed models?|valid models?)\b|不存在|不支持|未找到|找不到|不可用|无效|下线|未开通|未配置/,
    ],
    // LiteLLM adds its groups of models to every error.
    none: or(ability, passing, credential, /\bmodel group\b/),
    status: (status) => status !== 429,
    suspected: (status) => status === 401 || isServerStatus(status),
    conditions: ["cloudModel"],
  },
];

export const sizeConcepts: readonly Concept[] = /* @__PURE__ */ [
  {
    code: "claude_prompt_too_long",
    all: [
      /\b(?:prompt|inputs?|context|conversation|tokens?|request body|request entity|payload|messages|history|request)\b|上下文|输入/,
      /\b(?:too (?:long|large|big|many)|exceed(?:s|ed|ing)?|overflow(?:s|ed)?|longer than|larger than|greater than|more than|beyond|less than|over the|the limit is|but the (?:\w+ ){0,3}(?:context|window|limit|maximum)|maximum|surpass(?:es|ed)?|reduce|shorten|should be)\b|超过|超出|过长/,
      /\b(?:context|tokens|window|length|long|size|large|bytes|mb)\b|长度|上下文|过长/,
    ],
    none: /per (?:minute|second|min|day)|\b[rt]pm\b|rate|quota|\boutput\b|completion|max(?:imum)? tokens (?:value|you|requested)|max tokens (?:must|\d|should|is)|max tokens:|\bimages?\b|\bpages?\b|tool|too many requests|\bbudget\b|\bdaily|\bcredits?\b|time|\bplease wait\b|throttl|\bdeadline\b/,
    status: (status) => refusedAsInvalid(status) || status === 413,
  },
];

/** What is stored of the conversation, of which every later run sends the same. */
export const historyConcepts: readonly Concept[] = /* @__PURE__ */ [
  {
    code: "claude_invalid_request",
    session: "clear",
    all: [
      /\btool (?:use|result|call|response|output|message)s?\b|\btool (?:use|call) ids?\b|\bfunction ?(?:call|response)s?\b|\bfunction call outputs?\b|role:? '?tool\b|\btool role\b/,
      /\b(?:missing|without|must|unexpected|corresponding|duplicate[ds]?|orphan(?:ed)?|not (?:found|have|match)|mismatch(?:ed)?|immediately|preced(?:ing|ed|es)|follow(?:ed|ing|s)?|match(?:ing|es)?|unique|equal|incomplete|unpaired|dangling|no (?:matching |corresponding )?(?:tool|result|output|response)|response parts|unanswered|not answered|did not|lacks?|same number|number of)\b/,
    ],
    none: /tool choice|parallel|schema|\btools \d|\bnot support|does not support|disabled|description|\bname (?:must|should)|parser|time/,
    status: refusedAsInvalid,
  },
  {
    code: "claude_invalid_request",
    session: "clear",
    all: [
      /\bimages?\b|\bpdfs?\b|\bdocuments?\b|\bmedia ?type\b|\bbase ?64\b|\bimage url\b|\bmedia\b|图片/,
      /\b(?:could ?n[o']t|cannot|can't|unable|exceed(?:s|ed)?|too (?:large|big|many|much|small)|invalid|unsupported|not (?:a )?(?:valid|supported|recogni[sz]ed)|dimensions?|corrupt(?:ed)?|match|failed|mismatch|empty|malformed|decod(?:e|ed|ing)|larger|maximum|password|does not|do not|not process|unreadable|download)\b|无效|过大/,
    ],
    none: /docker|container|registry|\bpull|documentation|time(?:d)? ?out|try again/,
    status: (status) => refusedAsInvalid(status) || status === 413,
  },
  {
    code: "claude_invalid_request",
    session: "clear",
    all: [
      /\bthinking\b|\bsignatures?\b|\bredacted thinking\b|\breasoning content\b|\breasoning (?:item|block)s?\b|\bthought\b|encrypted content|\bcache control\b/,
      /\b(?:invalid|modified|missing|expected|must (?:start|begin|be passed|precede|match|come|remain|follow|be preceded|be followed)|field required|cannot be (?:modified|changed|set for empty|empty|verified|decrypted)|not match|corrupt(?:ed)?|decrypt(?:ed)?|verif(?:y|ied)|unable|without|when thinking|passed back|not found|empty)\b/,
    ],
    none: /budget|\beffort\b|temperature|\bnot supported\b|top [pk]|max tokens|tool choice|\bdisplay\b|\bttl\b|maximum of|aws|security token|\bthinking type\b|\bauth|jwt|webhook|request signature|expected signature|calculated|\bleaf\b|connect/,
    status: refusedAsInvalid,
  },
  {
    code: "claude_invalid_request",
    session: "clear",
    all: [
      /\b(?:messages?|content|content blocks?|text|roles?|conversation|turns?|history|contents|parts)\b/,
      /\b(?:empty|non empty|alternate|alternating|consecutive|at least one|whitespace|surrogates?|utf 8|must end with|first message|last message|final|not start with|must start with|prefill|end with)\b/,
      /\b(?:must|cannot|can't|invalid|should|required|not|expected|at least|is empty|malformed|lone)\b/,
    ],
    none: /response (?:was|is|body)|empty response|malformed response|\bcontent type\b|\bmodel returned\b|system prompt|stream|\btools?\b|header|try again/,
    status: refusedAsInvalid,
  },
];
