import { usesBedrock } from "../claude/arguments.ts";
import type { ExecutionResult } from "./contract.ts";

/** Who is paid and how: an API key is metered, a subscription's token is not. */
export function billing(
  environment: Readonly<Record<string, string>>,
  apiKeySource: string | null,
): Required<Pick<ExecutionResult, "provider" | "biller" | "billingType">> {
  if (usesBedrock(environment))
    return { provider: "anthropic", biller: "aws_bedrock", billingType: "metered_api" };
  const hasKey = Boolean(environment["ANTHROPIC_API_KEY"] || environment["ANTHROPIC_AUTH_TOKEN"]);
  // The image or the overlay may bring a key that we do not see; Claude Code tells where it found one.
  const foundKey = apiKeySource !== null && !["none", "oauth"].includes(apiKeySource.toLowerCase());
  return {
    provider: "anthropic",
    biller: "anthropic",
    billingType: hasKey || foundKey ? "api" : "subscription",
  };
}
