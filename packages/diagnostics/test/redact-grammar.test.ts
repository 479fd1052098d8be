import { describe, expect, test } from "vitest";
import { createRedactor, redact } from "../src/index.ts";
import { names, notationsOf, values } from "./secret-grammar.ts";
import { places } from "./secret-notations.ts";
import { vendorTokens } from "./vendor-tokens.ts";

/** Enough of a value to be of use to whoever reads it, in any of its spellings. */
function tailsOf(value: string): readonly string[] {
  return [value, encodeURIComponent(value)].map((spelled) => spelled.replace(/=+$/, "").slice(-8));
}

function shows(text: string, value: string): boolean {
  const masked = redact(text);
  return !masked.includes("[redacted ") || tailsOf(value).some((tail) => masked.includes(tail));
}

describe("every name with every value", () => {
  test.each(Object.entries(notationsOf))("%s", (_notation, put) => {
    const shown: string[] = [];
    for (const name of names)
      for (const [kind, value] of Object.entries(values)) {
        const text = put(name, value);
        if (shows(text, value)) shown.push(`${kind}: ${text}`);
      }
    expect(shown).toEqual([]);
  });
});

describe("some names with letters, wherever they stand", () => {
  const value = values["letters"] ?? "";
  test.each(Object.entries(notationsOf))("%s", (_notation, put) => {
    const shown: string[] = [];
    for (const name of ["db_password", "API_KEY", "clientSecret", "X-Auth-Token"])
      for (const [place, at] of Object.entries(places)) {
        const text = at(put(name, value));
        if (shows(text, value)) shown.push(`${place}: ${text}`);
      }
    expect(shown).toEqual([]);
  });

  test.each(Object.entries(notationsOf))("%s, in chunks of every size", (_notation, put) => {
    for (const at of [places["plain"], places["in JSON"]]) {
      const text = `${at?.(put("db_password", value))}\n`;
      const whole = redact(text);
      for (let size = 1; size <= Math.min(text.length, 40); size += 1) {
        const redactor = createRedactor();
        const parts: string[] = [];
        for (let from = 0; from < text.length; from += size)
          parts.push(redactor.push(text.slice(from, from + size)));
        expect(parts.join("") + redactor.end(), `chunks of ${size}`).toBe(whole);
      }
    }
  });
});

test.each(Object.entries(vendorTokens))("a token without a name: %s", (_vendor, token) => {
  const tail = token.replace(/[=/]+$/, "").slice(-14);
  for (const text of [`saw ${token} in output`, JSON.stringify({ a: `x\n${token}\n` }), `"${token}"`]) {
    const masked = redact(text);
    expect(masked).not.toContain(tail);
    expect(masked).toContain("[redacted ");
  }
});

test.each([
  ["a word in quotes", `{"password": "swordfish"}`, "swordfish"],
  ["a word alone on its line", "  password: swordfish\n", "swordfish"],
  ["a word of a flag", "tool --password swordfish", "swordfish"],
  ["words", `{"db_password": "correct horse 9 battery"}`, "battery"],
  ["words of a phrase", `recovery_phrase: "ripple above cash velvet cement turkey"`, "velvet"],
  ["all of a list", `"api_keys": ["a1b2c3d4e5f6", "f6e5d4c3b2a1"]`, "f6e5d4c3b2a1"],
  [
    "an object in base64",
    `auth: ${btoa(JSON.stringify({ user: "a", password: values["letters"] }))}`,
    "eyJ1c2Vy",
  ],
  ["other languages", `Passwort: ${values["letters"]}`, "Q2xL"],
  ["other letters", `\u5BC6\u7801: ${values["letters"]}`, "Q2xL"],
])("a password that is no random text: %s", (_name, text, secret) => {
  for (const put of [places["plain"], places["on the second line"]])
    expect(redact(put?.(text) ?? "")).not.toContain(secret);
});

test.each([
  `"password": null, "token": "", "secret": false`,
  `"password": "Password", "token": "Enter your token", "secret": "Must be at least 8 characters"`,
  "passwordless login, secretary1@example.com, tokenizer v2.1.0, keyboard-layout-us1",
  "password = getPassword(user1) || options.password2",
  "env: { TOKEN: ${{ secrets.TOKEN_2 }} } $TOKEN %TOKEN1% <your-token-1> **** [redacted token]",
  "token_count: 123, max_tokens=4096, token_limit=200000, key_id: a1b2c3d4e5f6a7b8",
  "integrity sha512-q7Fv3zP0kW1aX9yB2cD4eF6gH8iJ0kL1mN3oP5qR7sT9uV1wX3yZ5aB7cD9eF1gH==",
  "image: nginx@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
  "3f2504e fix the token\n9f86d08 auth of the gateway\nd34db33 password reset",
  "[token] 2026-11-29T12:00:00Z refreshed, auth 12:30:01.123 ok",
  'const verdict = z.enum(["pass", "warning", "fail"]);',
  "import x from './auth-3f9a1c2b7d.js'; chunk token-9f86d081a4.js",
  'Secret "db-credentials" not found; secret/data/prod1; kubernetes.io/service-account-token',
])("what only reads like a secret stays: %s", (text) => {
  expect(redact(text)).toBe(text);
});
