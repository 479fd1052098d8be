import type { Facts } from "../facts/facts.ts";
import { fields, list, number, texts, words } from "../facts/read.ts";
import { settingLabel } from "../setting-names.ts";
import { oneLine, sentence } from "../words/quote.ts";
import { said } from "./place-words.ts";
import type { Verdict } from "./verdict.ts";

type OwnKind =
  | "kubeconfig-invalid"
  | "settings-invalid"
  | "skill-not-found"
  | "claude-version-unsupported"
  | "agent-id-invalid"
  | "not-allowed"
  | "policy-violated"
  | "daily-budget-reached";

/** What was wrong on our side before there was a Job. */
export function ownFailure(kind: OwnKind, facts: Facts, message: string | null): Verdict {
  const { failure } = facts;
  switch (kind) {
    case "kubeconfig-invalid": {
      const field = words(failure["field"]);
      return {
        code: "kubeconfig_invalid",
        cause: `The kubeconfig cannot be used${field === null ? "" : ` (${field})`}: ${said(message)}`,
        detail: `${field ?? ""} ${message ?? ""}`,
      };
    }
    case "settings-invalid":
      return settingsInvalid(failure["problems"]);
    case "skill-not-found": {
      const skill = words(failure["skill"]) ?? "?";
      const available = texts(failure["available"]);
      return {
        code: "skill_not_found",
        cause: `The agent asks for skill ${skill}, which is not there${message === null ? "" : ` (${oneLine(message, 200)})`}. ${
          available.length === 0
            ? "No skill is."
            : `Available: ${available.slice(0, 20).join(", ")}${available.length > 20 ? ", …" : ""}.`
        }`,
        detail: skill,
      };
    }
    case "claude-version-unsupported":
      return versionUnsupported(words(failure["version"]), words(failure["range"]));
    case "agent-id-invalid": {
      const agentId = words(failure["agentId"]);
      return {
        code: "k8s_agent_id_invalid",
        cause: `Agent id ${JSON.stringify(oneLine(agentId ?? "", 100))} has no letter or digit that a Kubernetes label can hold.`,
        detail: null,
      };
    }
    case "daily-budget-reached": {
      const spent = number(failure["spentUsd"]) ?? 0;
      const budget = number(failure["budgetUsd"]) ?? 0;
      const resetsAt = words(failure["resetsAt"]);
      return {
        code: "budget_exceeded",
        cause: `This agent's runs of today cost $${spent.toFixed(2)}, and its budget of a day is $${budget.toFixed(2)}. Nothing was started.`,
        detail: "budget of a day",
        bootstrap: true,
        notBefore: resetsAt,
      };
    }
    case "not-allowed":
      return notAllowed(failure["refusals"], words(failure["file"]), facts);
    case "policy-violated":
      return notAllowed(list(failure["violations"]).map(refusalOf), null, facts);
  }
}

/** Where the operator allows what the rule refuses; fields of the overlay otherwise. */
const allowKeys: Readonly<Record<string, string>> = {
  image: "allow.images",
  secret: "allow.secrets",
  imagePullSecret: "allow.secrets",
  claim: "allow.claims",
  serviceAccount: "allow.serviceAccounts",
};

function refusalOf(violation: unknown): unknown {
  const { field, value, rule, requirement } = fields(violation);
  const name = words(rule) ?? "";
  return {
    setting: `podTemplate.${words(field) ?? "?"}`,
    json: words(value) ?? "nothing",
    rule: `it ${words(requirement) ?? "breaks a rule"} (rule ${name})`,
    allow: (Object.hasOwn(allowKeys, name) ? allowKeys[name] : null) ?? "allow.podTemplate",
  };
}

function notAllowed(refusals: unknown, file: string | null, facts: Facts): Verdict {
  const told = list(refusals).map((refusal) => {
    const entry = fields(refusal);
    const setting = words(entry["setting"]) ?? "?";
    const given = entry["value"];
    const label = labelOf(setting, facts);
    const json = words(entry["json"]);
    const value = json === null ? (given === undefined || given === null ? null : valueWords(given)) : json;
    const refused = value === null ? label : `${oneLine(value, 130)} as ${label}`;
    const rule = sentence(oneLine(words(entry["rule"]) ?? "the operator's rules do not name it", 300));
    return {
      setting,
      allow: words(entry["allow"]),
      text: `${refused} is not allowed: ${rule}`,
    };
  });
  const allow = [...new Set(told.flatMap((refusal) => refusal.allow ?? []))].slice(0, 5);
  return {
    code: "not_allowed_by_operator",
    cause:
      told.length === 0
        ? "The operator of this server does not allow a setting; which one is not told."
        : told.map(({ text }) => text).join(" "),
    detail: told.map(({ setting }) => setting).join(" "),
    names: {
      allow: allow.length === 0 ? null : allow.map((key) => `\`${key}\``).join(", "),
      operatorFile: file,
    },
    conditions: file === null ? ["closed"] : ["operator"],
  };
}

/** The form's label, with the key, as the operator's file and the API of the host know only the key. */
function labelOf(setting: string, facts: Facts): string {
  const label = settingLabel(setting, facts.settingNames);
  return label === setting ? `\`${setting}\`` : `${label} (\`${setting}\`)`;
}

export function versionUnsupported(version: string | null, range: string | null): Verdict {
  return {
    code: "claude_version_unsupported",
    cause: `The image has Claude Code ${version ?? "of an unknown version"}, the settings demand ${range ?? "another"}.`,
    detail: `${version ?? "unknown"} ${range ?? ""}`,
    bootstrap: true,
  };
}

function settingsInvalid(problems: unknown): Verdict {
  const told = list(problems).map((problem) => {
    const entry = fields(problem);
    const field = words(entry["field"]) ?? "?";
    const given = entry["value"];
    const value = given === undefined ? "" : given === null ? " is not set," : ` is ${valueWords(given)},`;
    const example = words(entry["example"]);
    return {
      field,
      text: `${field}${value} but must be ${oneLine(words(entry["rule"]) ?? "something else", 300)}${
        example === null ? "" : `, for example ${oneLine(example, 100)}`
      }.`,
    };
  });
  return {
    code: "settings_invalid",
    cause:
      told.length === 0
        ? "A setting cannot be used; which one is not told."
        : told.map(({ text }) => text).join(" "),
    detail: told.map(({ field }) => field).join(" "),
  };
}

function valueWords(value: unknown): string {
  const json = typeof value === "bigint" ? String(value) : (safeJson(value) ?? "nothing");
  return oneLine(json, 100);
}

/** A setting may be anything, a value that refers to itself included. */
function safeJson(value: unknown): string | null {
  try {
    return JSON.stringify(value) ?? null;
  } catch {
    return typeof value;
  }
}
