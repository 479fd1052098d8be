import type { TextRule } from "./rule.ts";

/** What an account has agreed to, or has not: the model is there for others. */
export const policyRules: readonly TextRule[] = [
  {
    code: "claude_access_denied",
    pattern:
      /data (?:retention|sharing|logging|collection|training|policy|policies|privacy)\b[^\n]{0,80}\b(?:not (?:available|enabled|accepted|allowed|supported|match)|required|must|disabled|enable|restrict)|(?:match\w{0,3}|satisf\w{1,4}|meet) your (?:data|privacy|guardrail)/i,
    seenIn: "Bedrock, Vertex, OpenRouter",
    example: "API Error: 400 data retention mode 'default' is not available for this model",
  },
  {
    code: "claude_access_denied",
    pattern:
      /permission_error[^\n]{0,120}\bnot (?:currently )?(?:available|enabled) (?:for|to|in) (?:this|your|the) (?:account|organi[sz]ation|project|workspace)\b/i,
    seenIn: "Bedrock",
    example:
      'API Error: 403 {"type":"error","error":{"type":"permission_error","message":"anthropic.claude-opus-4-7 is not available for this account."}}',
  },
  {
    code: "claude_access_denied",
    pattern: /organi[sz]ation policy constraint|constraints\/[a-z]{2,20}\.[a-zA-Z]{3,40}/i,
    seenIn: "Vertex",
    example:
      "API Error: 400 Organization Policy constraint constraints/vertexai.allowedModels violated for `projects/1234`",
  },
  {
    code: "claude_access_denied",
    // Where the caller is; a region of a cloud that lacks the model is "this region".
    pattern:
      /(?:not (?:yet |currently )?(?:available|supported|allowed|offered|accessible)|n't (?:available|supported|allowed)|unsupported|restricted|blocked|denied)[^\n]{0,40}\b(?:your (?:country|region|location|area|jurisdiction)|countr(?:y|ies)\b|territor(?:y|ies)\b|(?:this|your) data ?cent(?:er|re))|\bRegionError\b|(?:country|territory|your location)[^\n]{0,40}(?:not supported|unsupported|not allowed)/i,
    seenIn: "Bedrock, OpenRouter, gateways",
    example: "API Error: 403 This model is not available in your region.",
  },
];

/** Known, and not allowed; gateways send it with 401, as if the key were wrong. */
export const accessRules: readonly TextRule[] = [
  {
    code: "claude_access_denied",
    // Who asks is known; clouds send it with 401, too.
    pattern:
      /\b(?:lacks?|missing|without) (?:the )?(?:required |necessary )?(?:data action|permissions?|roles?)\b|(?:is not authorized|(?:does not|doesn't) have authorization) to perform|(?:does not|doesn't) have (?:the |[A-Z_]{2,20} |can \w{1,12} ){0,3}(?:permission|role)\b/i,
    unless: /\bmodels?\b[^\n]{0,60}not (?:found|exist)|was not found or your project/i,
    seenIn: "Bedrock, Vertex, Foundry, Databricks",
    example:
      'API Error: 401 {"error":{"code":"PermissionDenied","message":"The principal `p-1` lacks the required data action `Microsoft.CognitiveServices/accounts/AIServices/messages/action`"}}',
  },
  {
    code: "claude_access_denied",
    pattern:
      /proxy authentication (?:is )?required|proxy response \(?(?:403|407)\b|tunneling socket[^\n]{0,60}status ?code ?= ?(?:403|407)|connect tunnel failed, response (?:403|407)|http connect failed with status (?:403|407)|host[_ ]not[_ ](?:in[_ ])?allow(?:ed|[_ ]?list)|x-deny-reason/i,
    seenIn: "proxies between the pod and the API",
    example:
      "API Error: Connection error. RequestAbortedError: Proxy response (407) !== 200 when HTTP Tunneling",
    conditions: ["proxy"],
  },
  {
    code: "claude_access_denied",
    // Nobody but a proxy asks for a log-in in this way, in whatever form it is written.
    pattern: /\S/,
    status: (status) => status === 407,
    seenIn: "Squid, Blue Coat, Zscaler",
    example: "API Error: 407 <!DOCTYPE html><title>ERROR: Cache Access Denied</title>",
    conditions: ["proxy"],
  },
  {
    code: "claude_access_denied",
    // Bedrock's whole answer to an account that may not use it yet, perhaps behind a gateway's own words.
    pattern:
      /^API Error(?: \([^)\n]{1,100}\))?:? 400 (?:[^\n]{0,80}(?:["(]|: | - ))?operation not allowed\b(?! (?:for|on|by|in|with)\b)/i,
    seenIn: "Bedrock",
    example: "API Error: 400 Operation not allowed",
  },
  {
    code: "claude_access_denied",
    pattern:
      /model access is denied (?:due to|by)|(?:not (?:allowed|permitted|authorized|authorised) to (?:access|use|invoke|call)|(?:don't|do not) have access to|access (?:is )?denied to|restricted from) (?:the |this )?(?:publisher )?model|model_access_denied|use case details have not been submitted|model [^\n]{0,80} is restricted by your organization/i,
    seenIn: "Bedrock, LiteLLM, 2.1.330",
    example:
      "API Error: 401 key not allowed to access model. This key can only access models=['claude-haiku-4-5']. Tried to access claude-opus-5",
  },
  {
    code: "claude_access_denied",
    pattern:
      /account (?:is )?on hold|organi[sz]ation has (?:been disabled|disabled)|belongs to a disabled organi[sz]ation|credential is only (?:authorized|valid|allowed) for|\berror: request failed with status code 403|(?:organi[sz]ation|account|user|key|principal|caller) (?:does not|doesn't) have access to (?:claude\b|api\b|this (?:api|resource))|organi[sz]ation does not have access|might not be available in your country|authentication is disabled for this resource|unsupported_country_region|not available in your (?:country|region)/i,
    seenIn: "1.0.128 – 2.1.330",
    example: "API Error: 400 This organization has been disabled.",
  },
];
