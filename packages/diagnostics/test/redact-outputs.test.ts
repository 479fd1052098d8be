import { describe, expect, test } from "vitest";
import { createRedactor, redact } from "../src/index.ts";
import { places } from "./secret-notations.ts";
import { nearMisses, outputs, secret } from "./secret-outputs.ts";
import { programNearMisses, programOutputs } from "./secret-programs.ts";

const escaped = (text: string): string => JSON.stringify(text).slice(1, -1);
const forms: Readonly<Record<string, (text: string) => string>> = {
  plain: (text) => text,
  "in JSON": escaped,
  "twice in JSON": (text) => escaped(escaped(text)),
};
const cases = [...outputs, ...programOutputs].map(([kind, text, value = secret]) => ({ kind, text, value }));

describe.each(Object.entries(forms))("%s", (_form, put) => {
  test.each(cases)("masks $kind", ({ text, value }) => {
    for (const whole of [put(text), put(`first\n${text}\nlast`)]) {
      expect(redact(whole)).not.toContain(put(value));
      expect(redact(whole)).toContain("[redacted ");
    }
  });

  test.each([...nearMisses, ...programNearMisses])("keeps %s", (_kind, text) => {
    for (const whole of [put(text), put(`first\n${text}\nlast`)]) expect(redact(whole)).toBe(whole);
  });
});

describe.each(["plain", "in JSON"] as const)("in chunks of every size, %s", (place) => {
  test.each(cases)("masks $kind", ({ text, value }) => {
    const put = places[place]?.(text) ?? "";
    const whole = redact(`${put}\n`);
    expect(whole).not.toContain(value);
    for (let size = 1; size <= 40; size += 1) {
      const redactor = createRedactor();
      const parts: string[] = [];
      for (let from = 0; from <= put.length; from += size)
        parts.push(redactor.push(`${put}\n`.slice(from, from + size)));
      expect(parts.join("") + redactor.end(), `chunks of ${size}`).toBe(whole);
    }
  });
});

test("each item of a list with its own name keeps that", () => {
  const list = `"Env": [\n  "A_PASSWORD=${secret}",\n  "JWT_SECRET=${secret}",\n  "PGDATA=/var/lib/data"\n]`;
  expect(redact(list)).toBe(
    `"Env": [\n  "A_PASSWORD=[redacted A_PASSWORD]",\n  "JWT_SECRET=[redacted JWT_SECRET]",\n  "PGDATA=/var/lib/data"\n]`,
  );
});
