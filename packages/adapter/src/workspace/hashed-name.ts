import { createHash } from "node:crypto";

/** Ids and task keys come from outside, and become part of paths and of names in the cluster. */
export function hashedName(name: string, characters = 32): string {
  return createHash("sha256").update(name).digest("hex").slice(0, characters);
}
