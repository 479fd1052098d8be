import type { Entries } from "./entry.ts";

/** What the API or the model answered. */
export const claudeAnswers = {
  claude_auth_required: {
    title: "Claude's login or key is not valid",
    when: "HTTP 401; `authentication_failed`; not logged in; the API-key helper failed; cloud credentials refused.",
    family: null,
    bootstrap: false,
    session: "keep",
    fix: [
      {
        when: "cloudLogin",
        text: "The cloud's login is over or missing, and a log-in by browser does not last in a pod: for Bedrock give it a role, access keys or `AWS_BEARER_TOKEN_BEDROCK`, for Vertex a workload identity or a service account's key (`GOOGLE_APPLICATION_CREDENTIALS`), for Foundry `ANTHROPIC_FOUNDRY_API_KEY`, in {setting:env} or by {setting:serviceAccountName}.",
      },
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
      {
        when: "proxy",
        text: "A proxy between the pod and the API refuses: give its user and password in `HTTPS_PROXY` ({setting:env}), let it allow the API's host, or lead past it with `NO_PROXY`.",
      },
      {
        when: "otherProvider",
        text: "Ask for access at the provider that `ANTHROPIC_BASE_URL` in {setting:env} names, or use another account's key there.",
      },
      {
        when: "ownProvider",
        text: "Ask the administrator of the Anthropic organisation for access, or use another account's key in {setting:env}.",
      },
      "If only this model is refused, choose another one in {setting:model}.",
    ],
  },
  claude_billing: {
    title: "Claude's account cannot pay",
    when: "`billing_error`; credit balance too low; HTTP 402; words of money from a cloud or a gateway (insufficient balance, budget exceeded, recharge, top up), whatever the status.",
    family: null,
    bootstrap: false,
    session: "keep",
    fix: [
      {
        when: "otherProvider",
        text: "Add credit, or correct the payment method or the budget, in the console of the provider that `ANTHROPIC_BASE_URL` in {setting:env} names. Then run again.",
      },
      {
        when: "ownProvider",
        text: "Add credit, or correct the payment method or the budget, where the words say: in the Anthropic Console (Plans & Billing), or at the cloud or gateway that `ANTHROPIC_BASE_URL` in {setting:env} names. Then run again.",
      },
      "Or use another account's key in {setting:env}.",
    ],
  },
  claude_plan_gate: {
    title: "The account's plan does not allow this",
    when: "The words say that a plan, extra usage or usage credits are required, for example for a context of 1M tokens, whatever the status. Waiting does not help.",
    family: null,
    bootstrap: false,
    session: "keep",
    fix: [
      {
        when: "longContext",
        text: "Use the model with its standard context: leave `[1m]` off in {setting:model}, or set `CLAUDE_CODE_DISABLE_1M_CONTEXT=1` in {setting:env}.",
      },
      {
        when: "otherProvider",
        text: "Change or renew the plan in the console of the provider that `ANTHROPIC_BASE_URL` in {setting:env} names: a plan of Claude does not count there.",
      },
      {
        when: "ownProvider",
        text: "Turn on usage credits for the account (claude.ai, Settings, Usage), or change to a plan that includes this.",
      },
      "Or choose a model that the plan includes in {setting:model}.",
      {
        when: "ownProvider",
        text: "Or use an API key (`ANTHROPIC_API_KEY` in {setting:env}) in place of the subscription.",
      },
    ],
  },
  provider_quota: {
    title: "A usage limit is reached",
    when: '`usage_limit_reached`; "You\'ve hit your … limit", "Spending cap reached", "specified API usage limits": limits of the account, the organisation, the workspace or one model, whatever the status. `notBefore` comes from the rejected rate-limit window, else from the reset time in the text.',
    family: "provider_quota",
    bootstrap: false,
    session: "keep",
    fix: [
      { when: "modelLimit", text: "Choose another model in {setting:model}: the limit is this model's own." },
      "Wait for the reset, or raise the limit of the account, the organisation or the workspace.",
      {
        when: "otherProvider",
        text: "Limits and larger plans stand in the console of the provider that `ANTHROPIC_BASE_URL` in {setting:env} names.",
      },
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
    title: "The model API gave no usable answer",
    when: "No assistant content in the whole run and an empty result or `last_content_type=none`; a response body that is malformed or cut.",
    family: "transient_upstream",
    bootstrap: false,
    session: "keep",
    fix: [
      "Run again; the session can be continued.",
      "If it repeats: check the gateway that `ANTHROPIC_BASE_URL` in {setting:env} names; api.anthropic.com does not answer like this.",
    ],
  },
  claude_tls_untrusted: {
    title: "A TLS certificate is not trusted",
    when: "The words or codes say that the certificate between the pod and the model API is not trusted: self-signed, issued by a company's own authority, expired, or for another name. Retries fail alike.",
    family: null,
    bootstrap: false,
    session: "keep",
    fix: [
      {
        when: "gateway",
        text: "The gateway's own connection failed: it must trust the certificate of what is behind it. The pod's connection to the gateway works.",
      },
      "If a proxy opens TLS: mount its certificate authority into the pod ({setting:podTemplate}) and name the file in `NODE_EXTRA_CA_CERTS` in {setting:env}.",
      "If the certificate is expired or for another name: correct it, or the address in `ANTHROPIC_BASE_URL` ({setting:env}). A node whose clock is wrong takes every certificate for expired.",
    ],
  },
  claude_wrong_service: {
    title: "What answers is not the model API",
    when: "HTTP 405, a redirect, 511, or 404 that speaks of no model; a page of HTML in place of an answer, with HTTP 200, too (but not with 5xx, 408, 413 or 429); plain HTTP where TLS was spoken.",
    family: null,
    bootstrap: false,
    session: "keep",
    fix: [
      "Correct `ANTHROPIC_BASE_URL` in {setting:env}: the address to which `/v1/messages` is appended, of a service that speaks Anthropic's API.",
      "If the address is right: a proxy, firewall or log-in page between the pod and the API answers in its place (`HTTPS_PROXY`, `NO_PROXY` in {setting:env}; network policies).",
      "Try it from a pod: `curl -i $ANTHROPIC_BASE_URL/v1/messages`.",
    ],
  },
  model_not_found: {
    title: "The model is not there or not allowed",
    when: "HTTP 404 for the model; a model's identifier that a cloud or a gateway does not know or does not serve any more, whatever the status.",
    family: null,
    bootstrap: false,
    session: "keep",
    fix: [
      {
        when: "inferenceProfile",
        text: "Name the inference profile in place of the model: its id begins with `us.`, `eu.`, `apac.` or `global.`.",
      },
      "Choose a model that the account has in {setting:model}.",
      {
        when: "cloudModel",
        text: "Clouds and gateways have names of their own for models, and serve them by region (`AWS_REGION`, `CLOUD_ML_REGION` in {setting:env}): ask for their list.",
      },
    ],
  },
  claude_prompt_too_long: {
    title: "The conversation is too long",
    when: '`terminal_reason` prompt_too_long; "Prompt is too long"; "Request too large"; context window limit reached; HTTP 413.',
    family: null,
    bootstrap: false,
    session: "clear",
    fix: [
      "Run again with a new session; the old one does not fit any more.",
      "If a new session is too long too: shorten {setting:promptTemplate} and what is attached, or choose a model with a larger window in {setting:model}.",
    ],
  },
  claude_max_output_tokens: {
    title: "The model's answer hit its output limit",
    when: "`max_output_tokens`.",
    family: null,
    bootstrap: false,
    session: "keep",
    fix: ["Raise `CLAUDE_CODE_MAX_OUTPUT_TOKENS` in {setting:env}, or ask for the work in smaller pieces."],
  },
  claude_invalid_request: {
    title: "The model API refused an invalid request",
    when: "Any other HTTP 400. Where it points into the stored conversation (images, PDFs, thinking blocks, unpaired tool calls), every run that resumes the session fails alike: then the session is cleared.",
    family: null,
    bootstrap: false,
    session: "keep",
    sessionNote: "clear where the stored conversation is refused",
    fix: [
      {
        when: "history",
        text: "Run again with a new session: the old one holds a message that the API will always refuse.",
      },
      "Read the API's words in the cause. After an update of Claude Code or of a gateway, check that both fit each other.",
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
    title: "No answer of the model fits the schema",
    when: "`error_max_structured_output_retries`.",
    family: null,
    bootstrap: false,
    session: "keep",
    fix: ["Make the schema of `--json-schema` in {setting:extraArgs} simpler, or describe it in the prompt."],
  },
} satisfies Entries;
