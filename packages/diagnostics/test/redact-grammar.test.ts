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

const password = ["zW4nq", "7Rk8"].join("");
const crypt = ["$6$rounds=5000", "mERr3hx5", "rVt7rPNoS4wqbXKX7m0Zq9vLk2xPt8R"].join("$");

test.each([
  ["arguments as a list of Python", `Command '['ipmitool', '-U', 'root', '-P', '${password}', 'x']' failed.`],
  ["arguments as a list of JSON", `{"args":["mysqldump","-u","root","-p${password}","db"]}`],
  ["a flag that joins them, in a list", `[ 'mysql', '-uroot', '-p${password}' ]`],
  ["the hash of a password", `root:${crypt}:19000:0`, "Lk2xPt8R"],
  ["a slash between user and password", `jdbc:oracle:thin:scott/${password}@//db.example.com:1521/XE`],
  ["a slash, and a port", `connect scott/${password}@db.example.com:1521`],
  ["a function named as a password", `SET PASSWORD FOR 'a'@'%' = PASSWORD('${password}');`],
  ["a call that connects", `connect('weblogic','${password}','t3://host:7001')`],
  ["a statement without quotes", `ALTER USER bob IDENTIFIED BY ${password}`],
  ["an address whose password ends with a word for one", "ftp://admin:Qw7PASS@192.0.2.1:21/x", "Qw7PASS"],
  [
    "a plan's name and value on two lines",
    `set.2.name: "" => "dbPassword"\nset.2.value: "" => "${password}"`,
  ],
  ["a login of IMAP", `a1 LOGIN "bob" "${password}"`],
  ["a community of SNMP", `snmpwalk -v2c -c ${password} 192.0.2.1 system`],
  ["a user and a password of a flag", `anything -u bob:${password} https://x.example`],
  ["a password of a flag, whatever the program", `anything -p ${password}x9z`],
  ["a stream's key", `rtmp://a.rtmp.example.com/live2/q7vk-2zlm-9xpt-4rwd`, "9xpt-4rwd"],
  ["bytes in brackets behind it", `>> "Authorization: Bearer ${password}${password}[\\r][\\n]"`],
  ["an id that is a secret", "SecretID: 7c9e6679-7425-40de-944b-e07fc1f90ae7", "e07fc1f90ae7"],
])("a place that names a secret: %s", (_name, text, secret = password) => {
  for (const put of [places["plain"], places["on the second line"]])
    expect(redact(put?.(text) ?? "")).not.toContain(secret);
});

test.each([
  "mkdir -p build_a1b2c3d4e5 && cp -p a1b2c3d4e5.txt b",
  "docker run -p 8080:80 -w /app/a1b2c3d4 -u 1000:1000 image",
  "npm i @scope/package1@1.2.3 other/name12@2.0.0",
  "['node', '-p', 'process.version', '--import', 'tsx']",
])("arguments that are no secrets stay: %s", (text) => {
  expect(redact(text)).toBe(text);
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
