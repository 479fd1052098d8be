import type { Entries } from "./entry.ts";

/** What the API or the model answered. */
export const claudeAnswers = {
  claude_auth_required: {
    title: "Claude is not logged in, or its key is not valid",
    when: "HTTP 401; `authentication_failed`; not logged in; the API-key helper failed; cloud credentials refused.",
    family: null,
    bootstrap: false,
    session: "keep",
    fix: [
      "Set a valid `ANTHROPIC_API_KEY` (or `CLAUDE_CODE_OAUTH_TOKEN`) in {setting:env}.",
      "If the key is set already: it may be revoked, expired, or meant for another gateway than `ANTHROPIC_BASE_URL` names.",
    ],
  },
  claude_access_denied: {
    title: "Claude's account may not do this",
    when: "HTTP 403; `oauth_org_not_allowed`, `account_on_hold`, `verification_required`.",
    family: null,
    bootstrap: false,
    session: "keep",
    fix: [
      "Ask the administrator of the Anthropic organisation for access, or use another account's key in {setting:env}.",
      "If only this model is refused, choose another one in {setting:model}.",
    ],
  },
  claude_billing: {
    title: "Claude's account cannot pay",
    when: "`billing_error`; credit balance too low.",
    family: null,
    bootstrap: false,
    session: "keep",
    fix: [
      "Add credit or correct the payment method in the Anthropic Console (Plans & Billing), then run again.",
    ],
  },
  provider_quota: {
    title: "The usage limit of the account is reached",
    when: '`usage_limit_reached`; "You\'ve hit your … limit", "Spending cap reached", "specified API usage limits". `notBefore` comes from the rejected rate-limit window, else from the reset time in the text.',
    family: "provider_quota",
    bootstrap: false,
    session: "keep",
    fix: [
      "Wait for the reset, or raise the limit of the account.",
      "Or use another account's key in {setting:env}.",
    ],
  },
  claude_transient_upstream: {
    title: "The model API failed for the moment",
    when: "HTTP 408, 429 that is no quota, 5xx, 529; `rate_limit`, `overloaded`, `server_error`; connection refused, dropped or timed out.",
    family: "transient_upstream",
    bootstrap: false,
    session: "keep",
    fix: [
      "Run again; the session can be continued.",
      "If it repeats: see https://status.claude.com, and check the gateway or proxy that `ANTHROPIC_BASE_URL` in {setting:env} names.",
    ],
  },
  llm_api_error: {
    title: "The model API answered emptily or with garbage",
    when: "No assistant content in the whole run and an empty result or `last_content_type=none`; a response body that is malformed or cut.",
    family: "transient_upstream",
    bootstrap: false,
    session: "keep",
    fix: [
      "Run again; the session can be continued.",
      "If it repeats: check the gateway that `ANTHROPIC_BASE_URL` in {setting:env} names; api.anthropic.com does not answer like this.",
    ],
  },
  model_not_found: {
    title: "The model does not exist or may not be used",
    when: "HTTP 404 for the model.",
    family: null,
    bootstrap: false,
    session: "keep",
    fix: ["Choose a model that the account has in {setting:model}."],
  },
  claude_prompt_too_long: {
    title: "The conversation is too long for the model",
    when: '`terminal_reason` prompt_too_long; "Prompt is too long"; context window limit reached; HTTP 413.',
    family: null,
    bootstrap: false,
    session: "clear",
    fix: [
      "Run again with a new session; the old one does not fit any more.",
      "If a new session is too long too: shorten {setting:promptTemplate} and what is attached, or choose a model with a larger window in {setting:model}.",
    ],
  },
  claude_max_output_tokens: {
    title: "The model's answer was longer than the limit for output",
    when: "`max_output_tokens`.",
    family: null,
    bootstrap: false,
    session: "keep",
    fix: ["Raise `CLAUDE_CODE_MAX_OUTPUT_TOKENS` in {setting:env}, or ask for the work in smaller pieces."],
  },
  claude_invalid_request: {
    title: "The model API refused the request as invalid",
    when: "Any other HTTP 400.",
    family: null,
    bootstrap: false,
    session: "keep",
    fix: [
      "Read the API's words in the cause. After an update of Claude Code or of a gateway, check that both fit each other.",
      "If every run that continues this session fails so, begin a new session.",
    ],
  },
  claude_refusal: {
    title: "The model refused",
    when: "`stop_reason` refusal.",
    family: "model_refusal",
    bootstrap: false,
    session: "keep",
    fix: ["Word the task differently, or choose another model in {setting:model}."],
  },
  max_turns_exhausted: {
    title: "The limit of turns is reached",
    when: "`error_max_turns`.",
    family: null,
    familyNote: "the host continues by itself",
    bootstrap: false,
    session: "keep",
    fix: ["Run again to continue the session, or raise {setting:maxTurnsPerRun}."],
  },
  budget_exceeded: {
    title: "The budget for the run is spent",
    when: "`error_max_budget_usd`, our own cap on a run, or the budget of an agent's day.",
    family: null,
    bootstrap: false,
    session: "keep",
    fix: [
      "Raise {setting:maxBudgetUsd} or {setting:dailyBudgetUsd}, whichever the cause names, or split the task.",
    ],
  },
  structured_output_invalid: {
    title: "The model never gave an answer that fits the schema",
    when: "`error_max_structured_output_retries`.",
    family: null,
    bootstrap: false,
    session: "keep",
    fix: ["Make the schema of `--json-schema` in {setting:extraArgs} simpler, or describe it in the prompt."],
  },
} satisfies Entries;
