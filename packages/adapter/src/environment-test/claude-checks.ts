import type { RunSpec } from "@claude-k8s/k8s-runner";

import { usesBedrock } from "../claude/arguments.ts";
import type { EnvironmentCheck } from "../host/contract.ts";
import { models } from "../models/known-models.ts";
import { nearestName } from "../settings/near-names.ts";
import { type Ask, answerOf, info, patience, warn, whereToSet } from "./checks.ts";

const keyNames = ["ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "CLAUDE_CODE_OAUTH_TOKEN"] as const;
const cloud =
  /^(CLAUDE_CODE_USE_(BEDROCK|VERTEX|FOUNDRY)|ANTHROPIC_BEDROCK_BASE_URL|AWS_BEARER_TOKEN_BEDROCK)$/;

export interface ClaudeCircumstances {
  readonly model: string | null;
  readonly env: Readonly<Record<string, string>>;
  /** As the settings alone make it. */
  readonly spec: RunSpec;
}

/** A key and a model, as far as they can be judged without a run. */
export async function claudeChecks(
  given: ClaudeCircumstances,
  ask: Ask,
): Promise<readonly EnvironmentCheck[]> {
  const names = variableNames(given);
  const bySetting = keyChecks(given, names);
  const usual = models.some(({ id }) => id === given.model);
  const isElsewhere =
    names.some((name) => cloud.test(name)) || usesBedrock(given.env) || names.includes("ANTHROPIC_BASE_URL");
  if (isElsewhere) return bySetting;
  const key = given.env["ANTHROPIC_API_KEY"] ?? "";
  const answered =
    bySetting.length === 0 && isPlainKey(key) ? await askAnthropic(key, given.model, ask) : null;
  if (answered !== null) return answered;
  return [...bySetting, ...(usual || given.model === null ? [] : modelChecks(given.model))];
}

/** Names of all variables that the container gets, of whatever source; a whole Secret or ConfigMap of them counts as one `*`. */
function variableNames({ env, spec }: ClaudeCircumstances): readonly string[] {
  const containers = spec.podTemplate?.spec?.containers;
  const main = (Array.isArray(containers) ? containers : []).filter(({ name }) => name === "main");
  return [
    ...Object.entries(env).flatMap(([name, value]) => (value === "" ? [] : [name])),
    ...Object.keys(spec.secretEnvFrom ?? {}),
    ...main.flatMap(({ env: more }) => (Array.isArray(more) ? more.flatMap(({ name }) => name ?? []) : [])),
    ...main.flatMap(({ envFrom }) => (Array.isArray(envFrom) && envFrom.length > 0 ? ["*"] : [])),
  ];
}

function keyChecks(
  { env, spec }: ClaudeCircumstances,
  names: readonly string[],
): readonly EnvironmentCheck[] {
  const hasKey = names.some(
    (name) => name === "*" || cloud.test(name) || keyNames.some((one) => one === name),
  );
  if (!hasKey) {
    // A login that was made once may lie on a volume.
    const volumes = spec.podTemplate?.spec?.volumes;
    const message = `No key for Claude is set: ${keyNames.join(", ")} or a cloud's variables.`;
    return Array.isArray(volumes) && volumes.length > 0
      ? [info("claude_key_missing", `${message} A volume of the pod may hold a login.`)]
      : [
          warn(
            "claude_key_missing",
            message,
            `${whereToSet("it in the environment variables", "env")} Leave it if the image brings its own.`,
          ),
        ];
  }
  const mistaken = [
    ["ANTHROPIC_API_KEY", /^sk-ant-oat/, "an OAuth token, which belongs into CLAUDE_CODE_OAUTH_TOKEN"],
    ["CLAUDE_CODE_OAUTH_TOKEN", /^sk-ant-api/, "an API key, which belongs into ANTHROPIC_API_KEY"],
    ...keyNames.map((name) => [name, /\s/, "a text with white space, which no key has"] as const),
  ] as const;
  return mistaken.flatMap(([name, pattern, what]) =>
    pattern.test(env[name] ?? "")
      ? [
          warn(
            "claude_key_mistaken",
            `${name} holds ${what}.`,
            `Correct ${name} in the environment variables.`,
          ),
        ]
      : [],
  );
}

/** What the host shows in the place of a value is no value. */
function isPlainKey(key: string): boolean {
  return /^[\w-]{20,400}$/.test(key);
}

const anthropic = "https://api.anthropic.com/v1/models";

/**
 * Anthropic itself, where the run would ask it: whether the key is taken and the model there. Costs nothing. Never at an address
 * that settings name: the server would send a request to wherever an agent likes.
 */
async function askAnthropic(
  key: string,
  model: string | null,
  ask: Ask,
): Promise<readonly EnvironmentCheck[] | null> {
  const asked = model === null || isAlias(model) ? null : withoutWindow(model);
  const answer = await answerOf(
    ask,
    asked === null ? `${anthropic}?limit=1` : `${anthropic}/${encodeURIComponent(asked)}`,
    {
      signal: patience(),
      headers: { "x-api-key": key, "anthropic-version": "2023-06-01" },
    },
  );
  if ("error" in answer) return null;
  switch (answer.response.status) {
    case 200:
      return [
        info(
          "claude_key",
          `Anthropic takes the key${asked === null ? "" : ` and knows the model ${asked}`}.`,
        ),
      ];
    case 401:
      return [
        {
          code: "claude_auth_required",
          level: "error",
          message: "Anthropic refuses ANTHROPIC_API_KEY (HTTP 401).",
          hint: "Make a new key in Anthropic's console, and put it into the environment variables.",
        },
      ];
    case 404:
      return [noModel(asked ?? "")];
    default:
      return null;
  }
}

/** Names that Claude Code itself translates. */
function isAlias(model: string): boolean {
  return /^(default|best|sonnet|opus|haiku|fable|opusplan)$/.test(withoutWindow(model));
}

function withoutWindow(model: string): string {
  return model.replace(/\[1m\]$/i, "");
}

/** By its name alone. A newer model than this adapter is told of, and a dated name of a known one is none of its business. */
function modelChecks(model: string): readonly EnvironmentCheck[] {
  const bare = withoutWindow(model);
  const known = models.map(({ id }) => id);
  if (isAlias(model) || known.includes(bare.replace(/-(\d{8}|latest)$/, ""))) return [];
  if (!/^claude-[a-z0-9.-]+$/.test(bare)) return [noModel(bare)];
  return [
    info(
      "model_unknown",
      `The model ${bare} is none of those that this adapter knows.`,
      `Nothing is wrong if it is newer.${nearWords(bare)}`,
    ),
  ];
}

function noModel(model: string): EnvironmentCheck {
  return warn(
    "model_not_found",
    `There is no model ${model.slice(0, 100)}.`,
    `Choose one in the field Model.${nearWords(model)}`,
  );
}

function nearWords(model: string): string {
  const near = nearestName(
    model,
    models.map(({ id }) => id),
  );
  return near === null ? "" : ` Was ${near} meant?`;
}
