import { describe, expect, test } from "vitest";
import { createRedactor, redact } from "../src/index.ts";

const fill = (piece: string, size: number): string => piece.repeat(Math.ceil(size / piece.length));

// Quadratic behaviour would take minutes here and trip the runner's limit; linear takes well under a second.
describe.each([
  "-eyJ",
  "eyJaaaaaaaaaaaa.",
  "sk-ant-",
  "sk-ant-a ",
  "Bearer ",
  "a://",
  "a://a:",
  "://:@",
  "://a:b@",
  "A_",
  "-----BEGIN PRIVATE KEY-----",
  "-----BEGIN PRIVATE KEY-----\n",
  "-----BEGIN PRIVATE KEY-----aaaaaaaaaaaaaaaa",
  "TOKEN=",
  "A_TOKEN=a",
  "a_key=",
  "?key=",
  '"',
  "\\",
  '\\"password\\":',
  "password=\\\\",
  "TOKEN=a\\n",
  "token='",
  "SG.aaaaaaaaaaaaaaaa",
  " ",
  "\n",
  "cookie: a",
  "cookie: a=bbbbbbbbbb;",
  "token: ",
  "a-",
  "AAAAAAAA",
  "1",
  'token="',
  'token=\\"',
  "token=`",
  "[0m",
  "%00",
  "\0",
  'token":"',
  "token value=",
  "TOKEN\n",
  "login a password ",
  "curl ",
  "curl -u a:",
  "_aaaaaaaaaaaaaaaaaaaa1a1a1",
  "eyJaaaaaaaaaaaaaaaaa1a1a1.",
  "pass.pass-",
  "A_TOKEN=a b ",
  'value":"a',
  "password: |\n",
  "password: |\n ",
  "password: |\\n ",
  "token=<<EOT\n",
  "user=a;",
  "user: a\n",
  "/hooks/aaaaaaaaaaaaaaaa1a1a1",
  "IDENTIFIED BY '",
  "openssl enc ",
  "TOKEN | ",
  "TOKEN\\t",
  "password is ",
  "htpasswd -b ",
  "htpasswd -b a ",
  "mc alias set a ",
  "poetry config -a ",
  "bundle config a ",
  "http -a a:",
  "*:*:*:*:",
  "\tTRUE\t/\tTRUE\t1\ta\ta",
  "AKIAABCDEFGH23456789\t",
  '"cookies":[{"a":1},',
  'cookies":[',
  "password a:\n",
  "MTIz",
  "token-a",
  "token-auth",
  "password set to ",
  "password: [",
  'api_keys": ["a1b2c3d4e5f6",',
  "password</key>",
  "password&quot;:&quot;",
  "eyJ",
  "eyJ1c2VyIjoiYSIs ",
  "value='a' ",
  "a_live_",
  "ver:1-hint:1",
])("%j over and over", (piece) => {
  test.each(["", '{"a":"'])("after %j, in one piece and character by character", (before) => {
    expect(redact(before + fill(piece, 120_000)).length).toBeGreaterThan(0);
    const text = before + fill(piece, 12_000);
    const redactor = createRedactor({ A: `${piece.repeat(40)}x`, B: `${piece}${piece}${piece}secret` });
    let shown = 0;
    for (let index = 0; index < text.length; index += 1) shown += redactor.push(text[index] ?? "").length;
    expect(shown + redactor.end().length).toBeGreaterThan(0);
  });
});

test("a value that repeats itself is no worse, and what has too few characters to be a secret stays", () => {
  const redactor = createRedactor({ A: `${"a".repeat(50_000)}b` });
  const text = "a".repeat(1_000_000);
  expect(redactor.push(text) + redactor.end()).toBe(text);
});

test("many values with one beginning are no worse", () => {
  const values = Object.fromEntries(
    Array.from({ length: 3000 }, (_, index) => [`A${index}`, `same-beginning-${index}-x`]),
  );
  const text = "same-beginning-".repeat(20_000);
  expect(redact(text, values)).not.toContain("same-beginning-same");
});

test("objects nested deeper than any stack", () => {
  const text = `${'{"a":'.repeat(50_000)}"plain-run-token"${"}".repeat(50_000)}\n`;
  expect(redact(text, ["plain-run-token"])).not.toContain("plain-run-token");
  const numbers = `${"[".repeat(50_000)}123456${"]".repeat(50_000)}\n`;
  expect(redact(numbers, ["123456"])).not.toContain("123456");
});
