import { existsSync, readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { redact } from "../src/index.ts";

const store = fileURLToPath(new URL("../../../node_modules/.pnpm", import.meta.url));
const wantedBytes = 10e6;

/** The same files on every machine with the same lock file: by a hash of their names, so that no package fills the sample alone. */
function sample(): readonly string[] {
  const hash = (name: string): number => {
    let value = 7;
    for (const character of name) value = (Math.imul(value, 31) + character.charCodeAt(0)) | 0;
    return value;
  };
  return (
    readdirSync(store, { recursive: true, encoding: "utf8" })
      .filter((name) => /\.(?:ts|js|mjs|cjs|md|json|ya?ml)$/.test(name))
      // Our own packages are linked there, tests of secrets included.
      .filter((name) => !/@claude-k8s|paperclip-adapter/.test(name))
      .toSorted((one, other) => hash(one) - hash(other))
  );
}

// The bound was decided before: ten masks that are no secret in ten megabytes are one in a long day of an agent's work.
test.runIf(existsSync(store))(
  "ordinary source code of ten megabytes: at most ten false masks",
  { timeout: 60_000 },
  () => {
    const masked: string[] = [];
    let bytes = 0;
    for (const name of sample()) {
      if (bytes >= wantedBytes) break;
      const text = readFileSync(`${store}/${name}`, "utf8");
      if (text.length > 1_000_000) continue;
      bytes += text.length;
      const shown = redact(text).split("\n");
      for (const [index, line] of text.split("\n").entries())
        if (line !== shown[index] && line.length < 2000)
          masked.push(`${name}:${index + 1}: ${shown[index] ?? ""}`);
    }
    expect(bytes).toBeGreaterThan(wantedBytes);
    expect(masked.slice(10)).toEqual([]);
  },
);

/** Lines as programs of every kind log them; none holds a secret. */
function ordinaryLog(lines: number): string {
  const words = [
    "pulled",
    "image",
    "token",
    "count",
    "key",
    "refreshed",
    "auth",
    "passed",
    "secret",
    "mounted",
    "cookie",
  ];
  let state = 12_345;
  const next = (below: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 1;
    return state % below;
  };
  const word = (): string => words[next(words.length)] ?? "";
  const hex = (length: number): string => Array.from({ length }, () => next(16).toString(16)).join("");
  const makers = [
    () => `2026-11-29T09:${next(60)}:${next(60)}Z INFO ${word()} ${word()} in ${next(9000)} ms`,
    () =>
      `{"level":"info","msg":"${word()} ${word()}","input_tokens":${next(99_999)},"trace_id":"${hex(32)}"}`,
    () => `digest: sha256:${hex(64)} size: ${next(9999)}`,
    () => `  ${word()}_name: ${word()}-${next(99)}`,
    () => `GET /v1/${word()}s/${hex(8)}-${hex(4)}-${hex(4)}?page=${next(9)} 200 ${next(999)}`,
    () => `commit ${hex(40)} (tag: v${next(9)}.${next(99)}.${next(99)})`,
    () => `ok ${next(999)} - ${word()} ${word()} # time=${next(99)}ms`,
    () =>
      `npm http fetch GET 200 https://registry.example.com/${word()}/-/${word()}-1.${next(9)}.0.tgz ${next(99)}ms`,
    () => `at ${word()}Handler (/app/node_modules/${word()}/index.js:${next(999)}:${next(80)})`,
    () => `session_id=${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)} uuid=${hex(8)}`,
  ];
  return Array.from({ length: lines }, () => makers[next(makers.length)]?.() ?? "").join("\n");
}

test("ordinary logs of five megabytes pass unchanged", () => {
  const text = ordinaryLog(90_000);
  expect(text.length).toBeGreaterThan(5e6);
  expect(redact(text)).toBe(text);
});
