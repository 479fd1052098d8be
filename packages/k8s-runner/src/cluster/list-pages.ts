/** A list, page after page. An API server that always has one more does not keep us for ever, nor fill the memory. */

import type { ApiAnswer, ApiError, ListAnswer } from "./cluster.ts";

export interface ListPage<T> {
  readonly items?: readonly T[] | null;
  readonly metadata?: { readonly resourceVersion?: string; readonly continue?: string } | null;
}

export const pageSize = 500;
/** 100,000 objects with our label are a hundred times what the largest installations have at once. */
const mostItems = 100_000;
/** A server may return fewer than it was asked for, but hardly always. */
const mostPages = 1000;

export async function listPages<T>(
  read: (continueToken: string | undefined) => Promise<ApiAnswer<ListPage<T>>>,
): Promise<ApiAnswer<ListAnswer<T>>> {
  const items: T[] = [];
  let token: string | undefined;
  for (let pages = 1; ; pages++) {
    const page = await read(token);
    if (page.kind === "error") return page;
    const { metadata } = page.value;
    for (const item of listOf(page.value.items)) items.push(item);
    const next = metadata?.continue;
    token = typeof next === "string" && next !== "" ? next : undefined;
    if (token === undefined) {
      const resourceVersion = metadata?.resourceVersion ?? "";
      return { kind: "ok", value: { items, resourceVersion }, serverTime: page.serverTime };
    }
    if (items.length > mostItems || pages >= mostPages) return { kind: "error", error: endless };
  }
}

/** Only objects: what is read next are fields of each. */
function listOf<T>(items: readonly T[] | null | undefined): readonly T[] {
  if (!Array.isArray(items)) return [];
  return items.filter((item: T) => typeof item === "object" && item !== null);
}

const endless: ApiError = {
  kind: "rejected",
  httpStatus: 200,
  reason: "ListTooLong",
  message: `the API server's list does not end: ${mostItems} objects or ${mostPages} pages are read at most`,
  causes: [],
  retryAfterSeconds: null,
};
