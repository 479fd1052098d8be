import type { TextRule } from "./rule.ts";

/** Soon there may be a deployment again: a gateway's cooldown, not a model that does not exist. */
const soon = /try again (?:in|later)|temporarily|retry (?:in|after)|cooldown/i;

/** A model's name that the cloud or gateway does not know, or does not serve any more. Clouds send it with 400, 403 or 404. */
export const modelRules: readonly TextRule[] = [
  {
    code: "model_not_found",
    pattern:
      /model (?:identifier|arn|id|name) is (?:invalid|not valid)|'modelid' failed to satisfy|\bno models? (?:is |are )?(?:currently )?loaded\b|provided arn is invalid|does not work with the (?:specified|selected|requested) model|(?:invalid|unknown|unsupported|unrecognized|unrecognised|non-?existent) (?:model|modelid)\b(?!,? (?:output|response))|not a (?:valid|recognized|recognised) model|no such model|model[ _](?:does not|doesn't|not)[ _]exists?\b|model_not_(?:found|supported|available)/i,
    seenIn: "1.0.10 – 2.1.330 (Bedrock, gateways)",
    example:
      "API Error (apac.anthropic.claude-sonnet-4-20250514-v1:0): 400 The provided model identifier is invalid.",
    conditions: ["cloudModel"],
  },
  {
    code: "model_not_found",
    pattern:
      /on-demand throughput (?:isn't|is not) supported|(?:doesn't|does not|cannot) support on-demand throughput/i,
    seenIn: "0.2.20 – 2.1.330 (Bedrock)",
    example:
      "API Error: 400 Invocation of model ID anthropic.claude-opus-4-1-20250805-v1:0 with on-demand throughput isn’t supported. Retry your request with the ID or ARN of an inference profile that contains this model.",
    conditions: ["inferenceProfile"],
  },
  {
    code: "model_not_found",
    pattern:
      /could not resolve the foundation model|given endpoint does not exist[^\n]{0,120}\bmodel|endpoint with name '[^'\n]{1,80}' does not exist|requested entity was not found|deployment (?:for this resource )?does not exist|DeploymentNotFound|inference profile[^\n]{0,120}(?:not found|does not exist|is invalid)/i,
    seenIn: "Bedrock, Foundry, Vertex, Databricks",
    example: "API Error: 404 DeploymentNotFound: The API deployment for this resource does not exist.",
    conditions: ["cloudModel"],
  },
  {
    code: "model_not_found",
    // Between the word and what is said of it stands the model's name, and no more: "model x: thinking is not supported" is
    // no wrong model.
    pattern:
      /model(?: id| name| identifier)?s?[ :=]{0,3}["'`(]?[\w./:@[\]-]{0,160}["'`)]? ?(?:\([^)\n]{1,80}\) )?(?:was |is |are |has |does )?(?:currently )?(?:not|isn't) (?:been )?(?:found|servable|supported|recogni[sz]ed|configured|enabled|registered|activated|deployed|exist|in the (?:list|allowed)|(?:available|allowed) (?:in|for|on|under|to|by)\b)/i,
    unless: /not supported (?:by|for|with|on) (?:this|the) model/i,
    seenIn: "1.0.128 – 2.1.330 (Vertex, gateways)",
    example:
      "API Error: 404 Publisher Model `projects/p-1/locations/us-east5/publishers/anthropic/models/claude-opus-9` was not found or your project does not have access to it. Please ensure you are using a valid model version.",
    conditions: ["cloudModel"],
  },
  {
    code: "model_not_found",
    pattern:
      /issue with the selected model|(?:could not|cannot|can't|unable to|failed to) (?:find|resolve|locate) (?:the )?(?:requested )?model|does not have access to model/i,
    seenIn: "2.0.77 – 2.1.330; gateways",
    example:
      "There's an issue with the selected model (claude-nope-9). It may not exist or you may not have access to it. Run --model to pick a different model.",
    conditions: ["cloudModel"],
  },
  {
    code: "model_not_found",
    pattern:
      /(?:no|unknown|unsupported) (?:available |healthy |allowed |matching |configured )?(?:channels?|deployments?|endpoints?|providers?|accounts?|upstreams?|routes?|backends?)\b[^\n]{0,60}\b(?:for|support|serv)[^\n]{0,30}\bmodel|no (?:endpoints? found|allowed providers)|provider not (?:provided|found|supported|configured)\b[^\n]{0,200}\bmodel ?=|not (?:found|configured|available|registered) for model\b|无可用的?渠道|没有可用的?渠道|不支持[^\n]{0,12}模型|未找到[^\n]{0,12}模型|distributor[)）]|function '[^'\n]{1,80}': not found for account|missing model\b|模型[^\n]{0,60}(?:不存在|不支持|未找到|不可用|未开通|未配置)/i,
    unless: soon,
    seenIn: "new-api, OpenRouter, LiteLLM, CLIProxyAPI",
    example: "API Error: 503 No available channel for model claude-opus-9 under group default (distributor)",
    conditions: ["cloudModel"],
  },
  {
    code: "model_not_found",
    pattern:
      /model\b[^\n]{0,120}(?:end of (?:its )?life|end-of-life|as legacy|been (?:deprecated|retired|discontinued|shut down|sunset)|no longer (?:available|supported|offered|served))/i,
    unless: /deprecated for (?:this|the) model/i,
    seenIn: "Bedrock, Vertex, the API",
    example:
      "API Error: 404 This model version has reached the end of its life. Please refer to the AWS documentation.",
  },
];
