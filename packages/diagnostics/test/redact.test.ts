import { readdirSync, readFileSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRedactor, redact } from "../src/index.ts";

/** Made of pieces, so that no scanner takes this file for a leak. */
const letters = "aZ3kQ9xW7bT2mN8cR5vY1pL6dF4gH0jS";
const body = (length: number): string => letters.repeat(Math.ceil(length / letters.length)).slice(0, length);
const base64url = (text: string): string => Buffer.from(text).toString("base64url");
const jsonWebToken = [
  base64url('{"alg":"HS256","typ":"JWT"}'),
  base64url('{"sub":"agent-1","exp":1}'),
  body(43),
].join(".");
const privateKey = (kind: string): string =>
  [
    `-----BEGIN ${kind}PRIVATE KEY-----`,
    body(64),
    body(64),
    body(20),
    `-----END ${kind}PRIVATE KEY-----`,
  ].join("\n");

const tokens: Readonly<Record<string, string>> = {
  "Anthropic API key": ["sk", "ant", "api03", body(95)].join("-"),
  "Anthropic OAuth token": ["sk", "ant", "oat01", body(95)].join("-"),
  "OpenAI project key": ["sk", "proj", body(48)].join("-"),
  "OpenAI key": `sk-${body(48)}`,
  "GitHub token": `ghp_${body(36)}`,
  "GitHub app token": `ghs_${body(36)}`,
  "GitHub fine-grained token": `github_pat_${body(22)}_${body(59)}`,
  "GitLab token": `glpat-${body(20)}`,
  "Slack token": `xoxb-${"1234567890-".repeat(2)}${body(24)}`,
  "AWS key id": ["AKIA", "ABCDEFGH23456789"].join(""),
  "Google API key": `AIza${body(35)}`,
  "Google OAuth token": `ya29.${body(60)}`,
  "npm token": `npm_${body(36)}`,
  "PyPI token": `pypi-AgE${body(80)}`,
  "Hugging Face token": `hf_${body(34)}`,
  "Docker token": `dckr_pat_${body(27)}`,
  "Stripe key": `sk_live_${body(24)}`,
  "SendGrid key": ["SG", body(22), body(43)].join("."),
  "DigitalOcean token": `dop_v1_${"0123456789abcdef".repeat(4)}`,
  "Vault token": `hvs.${body(90)}`,
  JWT: jsonWebToken,
};

const inContext: Readonly<Record<string, readonly [text: string, secret: string]>> = {
  "bearer header": [`Authorization: Bearer ${body(40)}`, body(40)],
  "bearer header, lower case": [`authorization: bearer ${body(40)}`, body(40)],
  "basic header": [
    `authorization: Basic ${Buffer.from(`me:${body(12)}`).toString("base64")}`,
    Buffer.from(`me:${body(12)}`).toString("base64"),
  ],
  "x-api-key header": [`x-api-key: ${body(32)}`, body(32)],
  "header in JSON": [JSON.stringify({ "X-Api-Key": body(32) }), body(32)],
  "header in JSON in JSON": [JSON.stringify(JSON.stringify({ "x-api-key": body(32) })), body(32)],
  cookie: [`Set-Cookie: session=${body(32)}; Path=/`, body(32)],
  "kubeconfig token": [`users:\n- name: a\n  user:\n    token: ${body(48)}\n`, body(48)],
  "kubeconfig key": [
    `    client-key-data: ${Buffer.from(body(200)).toString("base64")}\n`,
    Buffer.from(body(200)).toString("base64"),
  ],
  "kubeconfig password": [`    username: admin\n    password: s3cr3t-${body(8)}\n`, `s3cr3t-${body(8)}`],
  "AWS secret": [`aws_secret_access_key = ${body(40)}`, body(40)],
  environment: [`ANTHROPIC_API_KEY=${body(24)}`, body(24)],
  "environment in JSON": [JSON.stringify({ PAPERCLIP_API_KEY: body(24) }), body(24)],
  "OAuth answer": [JSON.stringify({ access_token: body(30), expires_in: 3600 }), body(30)],
  "URL password": [`https://me:${body(16)}@git.example.com/a.git`, body(16)],
  "database URL": [`postgres://app:${body(10)}%21@db:5432/app`, body(10)],
  "URL parameter": [`https://example.com/a?x=1&access_token=${body(30)}&y=2`, body(30)],
};

describe("known forms", () => {
  test.each(Object.entries(tokens))("%s", (_name, secret) => {
    const texts = [
      secret,
      `key is ${secret}.`,
      `"${secret}"`,
      `a\\n${secret}\\n`,
      `KEY=${secret}`,
      `(${secret})`,
    ];
    for (const text of texts) expect(redact(text)).not.toContain(secret.slice(-12));
    expect(redact(`before ${secret} after`)).toMatch(/^before \[redacted [a-z-]+\] after$/);
  });

  test.each(Object.entries(inContext))("%s", (_name, [text, secret]) => {
    const masked = redact(text);
    expect(masked).not.toContain(secret);
    expect(masked).not.toContain(secret.slice(-8));
    expect(masked).toContain("[redacted ");
  });

  test.each(["", "RSA ", "EC ", "OPENSSH ", "ENCRYPTED "])(
    "%sprivate key, over lines and in JSON",
    (kind) => {
      const key = privateKey(kind);
      expect(redact(`before\n${key}\nafter\n`)).toBe(
        "before\n[redacted private-key]\n\nafter\n".replace("\n\n", "\n"),
      );
      const frame = JSON.stringify({ content: `before\n${key}\nafter` });
      expect(JSON.parse(redact(frame))).toEqual({ content: "before\n[redacted private-key]\nafter" });
    },
  );

  test("a private key without an end hides its body and not the rest of the log", () => {
    const cut = privateKey("").split("\n").slice(0, 3).join("\n");
    expect(redact(`${cut}\n{"type":"result"}\n`)).toBe('[redacted private-key]\n{"type":"result"}\n');
  });

  test("masking twice changes nothing more", () => {
    for (const secret of Object.values(tokens))
      expect(redact(redact(`a ${secret} b`))).toBe(redact(`a ${secret} b`));
    for (const [text] of Object.values(inContext)) expect(redact(redact(text))).toBe(redact(text));
  });
});

describe("known values", () => {
  test.each([
    ["=", 30],
    [": ", 30],
    ["=", 90],
  ])("are no label of what stands behind them and %j, with %d letters", (sign, length) => {
    const known = `run-${body(length)}`;
    const shown = redact(`${known}-token${sign}${body(24)}\n`, {
      RUN_TOKEN: known,
      SUFFIXED: `${known}-token`,
    });
    expect(shown).not.toContain(known.slice(0, 20));
    expect(shown).not.toContain(body(24));
  });

  const secrets = { DATABASE_PASSWORD: 'p"a\\ss\nwörd', RUN_TOKEN: "plain-run-token" };

  test("in every form in which output may carry them", () => {
    const value = secrets.DATABASE_PASSWORD;
    const forms = [
      value,
      JSON.stringify(value),
      JSON.stringify(JSON.stringify({ value })),
      encodeURIComponent(value),
      Buffer.from(value).toString("base64"),
      Buffer.from(value).toString("hex"),
      Buffer.from(value).toString("hex").toUpperCase(),
      value.replaceAll('"', "&quot;"),
    ];
    for (const form of forms) expect(redact(`<${form}>`, secrets)).toContain("[redacted DATABASE_PASSWORD]");
    expect(redact("q=two+words+%26", { A: "two words &" })).toBe("q=[redacted A]");
    expect(redact("x plain-run-token y", secrets)).toBe("x [redacted RUN_TOKEN] y");
    expect(redact("x plain-run-token y", ["plain-run-token"])).toBe("x [redacted secret] y");
  });

  test("a frame with secrets in it stays the same JSON but for them", { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ minLength: 6, maxLength: 20, unit: "grapheme" }), {
          minLength: 1,
          maxLength: 4,
        }),
        fc.string({ unit: "binary" }),
        fc.string({ unit: "binary" }),
        (values, before, after) => {
          // Quotes inside a value can fit the structure of JSON itself; the limit is told in the README.
          const usable = values.filter((value) => value.trim().length >= 6 && !/["\\{}[\],:]/.test(value));
          for (const value of usable) {
            const frame = JSON.stringify({ type: "user", text: `${before}${value}${after}` });
            const masked = redact(frame, usable);
            const { text } = JSON.parse(masked) as { readonly text: string };
            expect(text).not.toContain(value.trim());
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  test("a backslash before a value does not break the JSON around it", () => {
    const frame = String.raw`{"text":"line\nplain-run-token"}`;
    const masked = redact(frame, { A: "nplain-run-token" });
    expect(JSON.parse(masked)).toEqual({ text: String.raw`line\[redacted A]` });
  });

  test("values that are too short to tell from words are masked only where their name says what they are", () => {
    const short = { A: "true", PORT: "8080", DB_PIN: "abc" };
    expect(redact("true 8080 abc", short)).toBe("true 8080 abc");
    expect(redact("DB_PIN=abc\nPORT=8080\n", short)).toBe("DB_PIN=[redacted DB_PIN]\nPORT=[redacted PORT]\n");
    for (const listing of [
      '{"DB_PIN":"abc"}',
      "{'DB_PIN': 'abc'}",
      "DB_PIN: abc",
      JSON.stringify('{"DB_PIN":"abc"}'),
    ])
      expect(redact(listing, short)).toContain("[redacted DB_PIN]");
  });

  test("a value that is a number, or reaches over quotes, leaves JSON of the same structure", () => {
    expect(JSON.parse(redact('{"n":123456,"s":"a 123456","m":9123456}', ["123456"]))).toEqual({
      n: "[redacted secret]",
      s: "a [redacted secret]",
      m: "9[redacted secret]",
    });
    const over = redact('{"abcdef":"ghijkl","other":1}', ['abcdef":"ghijkl']);
    expect(Object.keys(JSON.parse(over) as object)).toEqual(["abcdef", "other"]);
  });

  test("words of a document that is a secret are masked by themselves", () => {
    const word = `k${body(20)}`;
    const document = JSON.stringify({ type: "service_account", id: word });
    expect(redact(`only ${word} is shown`, { DOCUMENT: document })).toBe("only [redacted DOCUMENT] is shown");
    expect(redact("type service_account", { DOCUMENT: document })).toBe("type service_account");
  });

  test("the parts of a long value are masked, too", () => {
    const value = Array.from({ length: 40 }, (_, index) => body(8 + (index % 9)) + index).join("");
    const masked = redact(`cut: ${value.slice(0, 200)} end`, { LONG: value });
    expect(masked).toMatch(/^cut: \[redacted LONG\]/);
    expect(masked.length).toBeLessThan(150);
  });

  test("in base64 with something before it, as Basic authentication and git's extra header have it", () => {
    const token = "plain-run-token";
    for (const before of ["", "a", "ab", "x-access-token:"])
      expect(redact(`basic is ${btoa(before + token)} .`, { RUN_TOKEN: token })).toContain(
        "[redacted RUN_TOKEN]",
      );
  });

  test("two values side by side stay two", () => {
    expect(redact("first-secret second-secret", { A: "first-secret", B: "second-secret" })).toBe(
      "[redacted A] [redacted B]",
    );
  });

  test("overlapping and nested values leave nothing of either", () => {
    expect(redact("abcdefghij", ["abcdef", "defghij"])).toBe("[redacted secret]");
    expect(redact("xxabcdefxx", ["abcdef", "xxabcdefxx"])).toBe("[redacted secret]");
    expect(redact("aaaaaaaaaaaaaaaaaaaa", ["aaaaaa"])).toBe("[redacted secret]");
  });
});

describe("in chunks", () => {
  const text = [
    "plain line",
    `token ${tokens["GitHub token"] ?? ""} and run-token-value-1`,
    JSON.stringify({ type: "user", text: `run-token-value-1\n${tokens["Anthropic API key"] ?? ""}` }),
    privateKey("RSA "),
    `Authorization: Bearer ${jsonWebToken}`,
    "run-token-value-1",
  ].join("\n");
  const secrets = { RUN_TOKEN: "run-token-value-1", WITH_LINE: "first half\nsecond half" };

  test("any cut gives the same text as none", () => {
    const whole = redact(text, secrets);
    fc.assert(
      fc.property(fc.array(fc.nat({ max: text.length }), { maxLength: 30 }), (cuts) => {
        const redactor = createRedactor(secrets);
        const edges = [0, ...cuts.toSorted((one, other) => one - other), text.length];
        const parts = edges.slice(1).map((edge, index) => redactor.push(text.slice(edges[index], edge)));
        expect(parts.join("") + redactor.end()).toBe(whole);
      }),
    );
    expect(whole).not.toContain("run-token-value-1");
    expect(whole).toContain("plain line\n");
  });

  test("a value that holds a line break is found over the lines", () => {
    const redactor = createRedactor(secrets);
    const shown = redactor.push("a first half\n") + redactor.push("second half b\n") + redactor.end();
    expect(shown).toBe("a [redacted WITH_LINE] b\n");
  });

  test("whole lines are shown at once, also when they end like a secret begins", () => {
    const redactor = createRedactor(secrets);
    expect(redactor.push("line one\nline two\n")).toBe("line one\nline two\n");
    expect(redactor.push("half")).toBe("");
    expect(redactor.push(" a line\n")).toBe("half a line\n");
  });

  test("a line without an end is not held for ever", () => {
    const redactor = createRedactor();
    const piece = `${"x".repeat(99)} `;
    let shown = 0;
    for (let index = 0; index < 30_000; index += 1) shown += redactor.push(piece).length;
    expect(shown).toBeGreaterThan(1_500_000);
    expect(shown + redactor.end().length).toBe(3_000_000);
  });
});

describe("what is no secret stays", () => {
  test.each([
    "The bearer authentication-scheme-of-the-server is documented, and a token: it may be anything.",
    "Set `ANTHROPIC_API_KEY` (or CLAUDE_CODE_OAUTH_TOKEN) in the environment.",
    "ANTHROPIC_API_KEY=${ANTHROPIC_API_KEY} and API_KEY=$(cat key) and PASSWORD=<your-password-1>",
    "CLAUDE_CODE_MAX_OUTPUT_TOKENS=32000",
    'const token = await this.options.accessTokenFactory(); headers["x-api-key"] = process.env.API_KEY;',
    'if (password === "") throw new TypeError("password: must not be empty");',
    "sk-learn and sk-spring-boot are names; task-ant-hill too",
    "ghp_ is the prefix; xoxb- also; AKIA is the first word",
    "commit 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "uuid 3f2504e0-4f89-41d3-9a0c-0305e82c3301, sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "http://127.0.0.1:8787/v1/messages?beta=true and https://example.com:8443/a@b:c",
    "git@github.com:claude-k8s/claude-k8s.git and ssh://git@host:22/path",
    '{"total_tokens":1234,"token_count":5,"max_tokens":32000,"usage":{"input_tokens":9}}',
    "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  ])("%s", (text) => {
    expect(redact(text)).toBe(text);
  });

  test("our own code, prose and recordings pass unchanged", () => {
    const changed: string[] = [];
    for (const folder of ["../src/", "../../stream-parser/test/fixtures/recordings/"])
      for (const file of filesUnder(new URL(folder, import.meta.url))) {
        const text = readFileSync(file, "utf8");
        if (redact(text) !== text) changed.push(file.pathname);
      }
    expect(changed).toEqual([]);
  });
});

function filesUnder(folder: URL): readonly URL[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => new URL(`file://${entry.parentPath}/${entry.name}`));
}
