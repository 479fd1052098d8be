/** What every way to ask the API server has in common. */

import { credentialsFailed } from "./api-error.ts";
import type { Credentials } from "./credentials.ts";
import type { TransportRequest } from "./transport.ts";

/** Told apart from a network's failure: waiting does not mend a credential plugin that is not installed. */
export async function told(credentials: Promise<Credentials>): Promise<Credentials> {
  try {
    return await credentials;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw Object.assign(new Error(`no credentials: ${reason.slice(0, 500)}`), { code: credentialsFailed });
  }
}

export function pathOf(base: URL, { path, query }: Pick<TransportRequest, "path" | "query">): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) if (value !== undefined) search.set(name, value);
  const prefix = base.pathname.replace(/\/$/, "");
  return `${prefix}${path}${search.size === 0 ? "" : `?${search.toString()}`}`;
}

export function headerOf(value: string | string[] | undefined): string | null {
  if (value === undefined) return null;
  return Array.isArray(value) ? (value[0] ?? null) : value;
}
