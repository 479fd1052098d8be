/** Which repositories a login may be given to. */

import { type PatternValues, matches } from "./patterns.ts";

/**
 * What leads out of the folder that it begins with: dots, also as percent codes, which proxies and servers read in ways of their own;
 * and what is no path any more.
 */
const wandering = /[#?;\\]|%(?:25|2[ef]|5c)|(?:^|[/:])\.{1,2}(?:\/|$)/i;

/** A star in the name of a host stays in it: `https://*.example.com/*` is no address of `https://elsewhere/.example.com/`. */
export function allowsRepository(
  patterns: readonly string[],
  address: string,
  values: PatternValues,
): boolean {
  if (wandering.test(address)) return false;
  return patterns.some(
    (pattern) => matches(hostOf(pattern), hostOf(address), values) && matches(pattern, address, values),
  );
}

/** Up to the path: `https://host:port`, `user@host`. */
function hostOf(address: string): string {
  return /^(?:[^/:]*:\/\/[^/]*|[^/:]*)/.exec(address)?.[0] ?? "";
}
