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
    pattern:
      /model access is denied (?:due to|by)|(?:not (?:allowed|permitted|authorized|authorised) to (?:access|use|invoke|call)|(?:don't|do not) have access to|access (?:is )?denied to|restricted from) (?:the |this )?(?:publisher )?model|model_access_denied|use case details have not been submitted|model [^\n]{0,80} is restricted by your organization/i,
    seenIn: "Bedrock, LiteLLM, 2.1.330",
    example:
      "API Error: 401 key not allowed to access model. This key can only access models=['claude-haiku-4-5']. Tried to access claude-opus-5",
  },
  {
    code: "claude_access_denied",
    pattern:
      /account (?:is )?on hold|organi[sz]ation has (?:been disabled|disabled)|belongs to a disabled organi[sz]ation|organi[sz]ation does not have access|unsupported_country_region|not available in your (?:country|region)/i,
    seenIn: "1.0.128 – 2.1.330",
    example: "API Error: 400 This organization has been disabled.",
  },
];
