import { describe, expect, test } from "vitest";
import { createRedactor, redact } from "../src/index.ts";
import {
  answers,
  bareTokens,
  basic,
  longToken,
  notations,
  password,
  placedNotations,
  printedNotations,
  places,
  wholeNotations,
} from "./secret-notations.ts";

const secrets = [password, longToken, basic];

/** The same objects, lists and kinds of values: only what strings say may differ. Text has none. */
function shapeOf(text: string): string {
  if (!text.startsWith('{"')) return "text";
  return JSON.stringify(JSON.parse(text, (_key, value: unknown) => (typeof value === "string" ? "" : value)));
}

/** What is wrong with a masked text; nothing: it shows no secret, is masked once and for all, and has kept its shape. */
function faultsOf(text: string): readonly string[] {
  const masked = redact(text);
  return [
    ...secrets
      .filter((secret) => masked.includes(secret.slice(-6)))
      .map((secret) => `shows ${secret}: ${masked}`),
    ...(masked.includes("[redacted ") ? [] : [`has no mask: ${masked}`]),
    ...(redact(masked) === masked ? [] : [`is masked twice: ${redact(masked)}`]),
    ...(shapeOf(masked) === shapeOf(text) ? [] : [`has another shape: ${masked}`]),
  ];
}

describe.each(Object.entries({ ...notations, ...placedNotations, ...printedNotations }))(
  "%s",
  (_name, notation) => {
    test.each(Object.entries(places))("%s", (_place, put) => {
      expect(faultsOf(put(notation))).toEqual([]);
    });

    test("cut into chunks of every size", () => {
      for (const put of Object.values(places)) {
        const text = `${put(notation)}\n`;
        const whole = redact(text);
        for (let size = 1; size <= Math.min(text.length, 60); size += 1) {
          const redactor = createRedactor();
          const parts: string[] = [];
          for (let at = 0; at < text.length; at += size) parts.push(redactor.push(text.slice(at, at + size)));
          expect(parts.join("") + redactor.end(), `chunks of ${size}`).toBe(whole);
        }
      }
    });
  },
);

describe.each(Object.entries(wholeNotations))("%s, in one text", (_name, notation) => {
  test.each(Object.entries(places))("%s", (_place, put) => {
    expect(faultsOf(put(notation))).toEqual([]);
  });
});

describe.each(Object.entries(bareTokens))("%s, alone", (_name, token) => {
  test.each(Object.entries(places))("%s", (_place, put) => {
    for (const text of [put(token), put(`is ${token}.`)]) {
      const masked = redact(text);
      expect(masked).not.toContain(token.slice(-6));
      expect(masked).toContain("[redacted ");
      expect(shapeOf(masked)).toBe(shapeOf(text));
    }
  });
});

test.each([
  "Basic authentication and Basic understanding1 are words",
  "jwt.verify(token, publicKey, 'RS256')",
  "password: what-ever-that-is",
  "docker run --user 1000:1000 -v /a:/b image",
  "curl -u admin:$PASSWORD1 https://example.com",
  "mc alias set local http://minio:9000 $ACCESS_KEY1 $SECRET_KEY1",
  "htpasswd -c /etc/nginx/.htpasswd admin1 && nginx -s reload1",
  "bundle config set --local path vendor/bundle1",
  "poetry config virtualenvs.in-project true1234",
  "src/app.ts:5432:10: error TS2345: argument1 of type",
  "localhost:5432:app",
  "a\tTRUE\t1\tFALSE\t2\tvalue1",
  'cookies: [{ name: "a", value: session1 }]',
  "Cache key:\n  node-modules-linux-x64",
  "The token:\n  is not valid1 any more",
  "Usage: htpasswd -b passwordfile username password",
  "MTAwMDAwMDAwMDAw.example.domain-name-that-is-rather-long",
])("what only stands in such a place stays: %j", (text) => {
  expect(redact(text)).toBe(text);
  expect(redact(JSON.stringify({ text }))).toBe(JSON.stringify({ text }));
});

test.each([
  "kind: ConfigMap\ndata:\n  admin: c29tZXRoaW5n\n",
  "kind: SecretStore\ndata:\n  admin: c29tZXRoaW5n\n",
  "kind: Secret\nmetadata:\n  name: registry-login\n  namespace: agents\n",
])("what is no value of a Secret stays: %j", (text) => {
  expect(redact(text)).toBe(text);
});

test("a password of four groups of letters", () => {
  const groups = ["qwkd", "rtyx", "plmn", "vbgh"].join("-");
  expect(redact(`APP_SPECIFIC_PASSWORD: ${groups}`)).not.toContain(groups);
  expect(redact(`the words ${groups} stay`)).toContain(groups);
});

test("what stands beside a secret in a listing stays", () => {
  expect(redact(`HOME=/root\nDB_PASSWORD=${password}\nLANG=C\nPWD=/work\nSHLVL=1\n`)).toBe(
    "HOME=/root\nDB_PASSWORD=[redacted DB_PASSWORD]\nLANG=C\nPWD=/work\nSHLVL=1\n",
  );
  expect(redact(`TOKEN=${password}&HOME=/root`)).toBe("TOKEN=[redacted TOKEN]&HOME=/root");
  expect(redact(`A=1\0TOKEN=${password}\0B=2`)).toBe("A=1\0TOKEN=[redacted TOKEN]\0B=2");
  expect(redact(`{'TOKEN': '${password}', 'HOME': '/root'}`)).toBe(
    "{'TOKEN': '[redacted TOKEN]', 'HOME': '/root'}",
  );
});

test.each([
  ["a word", "DB_PASSWORD=swordfish", "swordfish"],
  ["a few digits", "PIN_PASSWORD=4711", "4711"],
  ["quotes and blanks of its own", `A=1\nDB_PASSWORD=a"b c'd\nB=2`, `b c'd`],
  ["special characters", "DB_PASSWORD=a&b;c|d(e)f<g>", "c|d(e)f<g"],
  ["words", "PASSPHRASE=correct horse battery", "horse"],
])("a listing shows no value that is a secret by its name: %s", (_name, text, secret) => {
  for (const put of [places["plain"], places["on the second line in JSON"]]) {
    const masked = redact(put?.(text) ?? "");
    expect(masked).not.toContain(secret);
    expect(masked).not.toContain(JSON.stringify(secret).slice(1, -1));
  }
});

test.each([
  ["a closing quote that the value escapes", String.raw`{"password":"abc\"def123"}`, "def123"],
  ["a backslash at its end", String.raw`{"password":"abcdef123\\","user":"x"}`, "abcdef123"],
  ["the same, twice escaped", JSON.stringify({ a: String.raw`{"password":"abc\"def123","b":1}` }), "def123"],
])("values end where their quotes do: %s", (_name, text, secret) => {
  const masked = redact(text);
  expect(masked).not.toContain(secret);
  expect(shapeOf(masked)).toBe(shapeOf(text));
});

test.each([
  "const token = await getToken2(user1);",
  "token: string, password: z.string(), secret = process.env.SECRET1",
  "lastSignificantToken = match[0];",
  "PWD=/home/user1 OLDPWD=/tmp/a1 SSH_AUTH_SOCK=/tmp/ssh-1/agent.1",
  "TOKEN=$(cat token1) PASSWORD=$PASSWORD1 SECRET=${SECRET_2} API_KEY=your-api-key-1",
  '{"input_tokens":1234,"cache_read_input_tokens":77,"nextPageToken":"CAUQ1a2b3c4d5e6f"}',
  "MAX_TOKEN=4096 tokens=8 token_count: 12",
  '"session_id":"3f2504e0-4f89-41d3-9a0c-0305e82c3301","uuid":"7f0c2a54-1d6e-4b3a-9c58-0a1b2c3d4e5f"',
  "key: node-cache-Linux-x64-npm-3f2504e04f8941d39a0c0305e82c3301",
  "author: user1, authored by a1b2c3d4e5f6, keyboard: qwerty123",
  '<input type="password" name="password1" id="pass1">',
  "password == 'abc12345' || token === other1234567",
  "secret_name: my-secret-1, tokenizer: gpt2, passed: 12, auth: true, cookie: true",
  "- name: DB_PASSWORD\n  valueFrom:\n    secretKeyRef:\n      name: db1\n",
])("code and settings stay: %s", (text) => {
  expect(redact(text)).toBe(text);
  expect(redact(JSON.stringify({ text }))).toBe(JSON.stringify({ text }));
});

describe("a secret that the line before asks for, that is a word or a list of bytes", () => {
  test.each(Object.entries(answers))("%s", (_name, [text, secret]) => {
    expect(redact(text)).not.toContain(secret);
    expect(redact(JSON.stringify({ a: text }))).not.toContain(secret);
    expect(redact(`first\n${text}\nlast`)).toContain("[redacted ");
  });
});

test.each([
  "$ kubectl get secrets\nNAME   TYPE     DATA\ndb     Opaque   2",
  `{"sensitive":false,"type":"string","value":"eu-west-1a"}`,
  "[1, 2, 3, 4, 5, 6, 7, 8, 9] tokens",
  "{{ .data.token | base64decode }}",
  "sshpass -p $PASSWORD ssh root@x",
])("what stands in the same places and is no secret stays: %s", (text) => {
  expect(redact(text)).toBe(text);
});

test("keys of PuTTY and of SSH2 are held until their end and masked whole", () => {
  const body = longToken.slice(0, 32);
  for (const key of [
    `Private-Lines: 2\n${body}\n${body}\nPrivate-MAC: ${"9f8e7d6c5b4a3928".repeat(4)}\n`,
    `---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\nComment: "x"\n${body}\n---- END SSH2 ENCRYPTED PRIVATE KEY ----\n`,
  ]) {
    const redactor = createRedactor();
    const shown = key.split(/(?<=\n)/).map((line) => redactor.push(line));
    expect(shown.join("") + redactor.end()).not.toContain(body);
  }
});
