import { randomInt } from "node:crypto";

// The alphabet of generated names: no vowels and no lookalikes, so that no word and no misreading comes out.
const alphabet = "bcdfghjklmnpqrstvwxz2456789";

export function randomSuffix(length = 5): string {
  let text = "";
  for (let index = 0; index < length; index += 1) text += alphabet[randomInt(alphabet.length)];
  return text;
}

/** A name from `generateName`: cut so that the suffix fits in 63 characters, as the API server does. */
export function generateName(base: string): string {
  return base.slice(0, 58) + randomSuffix();
}
