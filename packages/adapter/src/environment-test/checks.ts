import type { EnvironmentCheck } from "../host/contract.ts";
import { operatorVariable } from "../host/server.ts";

/** Requests of a test, as far as it makes them itself; a test of ours gives its own. */
export type Ask = (url: string, init: RequestInit) => Promise<Response>;

/** Where a person sets what is missing: the wizard shows neither settings nor variables. */
export function whereToSet(label: string, key: string): string {
  return `Set ${label} under "Edit configuration" of the agent, or \`defaults.${key}\` in the operator's file (${operatorVariable}) for all agents.`;
}

export function info(code: string, message: string, hint?: string): EnvironmentCheck {
  return { code, level: "info", message, ...(hint !== undefined && { hint }) };
}

export function warn(code: string, message: string, hint: string): EnvironmentCheck {
  return { code, level: "warn", message, hint };
}

/** Whoever pressed the button waits: who does not answer within this is told as such, or left out. */
export function patience(): AbortSignal {
  return AbortSignal.timeout(900);
}

export async function answerOf(
  ask: Ask,
  url: string,
  init: RequestInit & { readonly signal: AbortSignal },
): Promise<{ readonly response: Response } | { readonly error: string }> {
  try {
    return { response: await ask(url, { ...init, redirect: "manual" }) };
  } catch (error) {
    return { error: reasonOf(error) };
  }
}

/** `fetch failed` says nothing; its cause does. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return "no answer in time";
  const { cause } = error;
  const code = (cause as { readonly code?: unknown } | undefined)?.code;
  if (typeof code === "string") return code;
  return cause instanceof Error ? cause.message : error.message;
}
