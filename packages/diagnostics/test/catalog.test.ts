import { describe, expect, test } from "vitest";
import {
  catalog,
  diagnose,
  type FailureCode,
  formatComment,
  formatJson,
  formatLine,
  formatMarkdown,
  formatPlain,
  formatText,
  formatWord,
  isFailureCode,
  noteCatalog,
  type NoteCode,
} from "../src/index.ts";
import { decisiveTextRules } from "../src/judge/rules/decisive.ts";
import { fallbackTextRules } from "../src/judge/rules/fallback.ts";
import { matchText } from "../src/judge/rules/rule.ts";
import { settingNames } from "../src/setting-names.ts";
import { endings, notes } from "./endings.ts";

const codes = Object.keys(endings) as FailureCode[];
const settings = {
  namespace: "agents",
  image: "registry.example.com/agent:2.1",
  "resources.limits.memory": "4Gi",
  "resources.requests.memory": "1Gi",
  timeoutSec: 3600,
  model: "claude-opus-5-5",
};
const told = (code: FailureCode) =>
  diagnose(
    { settings, ...endings[code].evidence },
    { now: "2026-11-22T10:12:30Z", timeZone: "Europe/Berlin" },
  );

describe("every code", () => {
  test("stands in the catalogue once", () => {
    expect(catalog.map(({ code }) => code).toSorted()).toEqual(codes.toSorted());
  });

  test.each(codes)("%s: its ending produces it", (code) => {
    const diagnosis = told(code);
    expect(diagnosis.code).toBe(code);
    expect(diagnosis.cause).not.toBe("");
    expect(diagnosis.fix.length).toBeGreaterThan(0);
    expect(diagnosis.key.startsWith(code)).toBe(true);
  });

  test.each(codes.map((code) => [code, endings[code].nearMiss.why] as const))("%s: not from %s", (code) => {
    const { nearMiss } = endings[code];
    expect(diagnose(nearMiss.evidence).code).toBe(nearMiss.code);
    expect(nearMiss.code).not.toBe(code);
  });
});

describe("the word of an ending", () => {
  test("fits a column, and is that of one code alone", () => {
    const words = codes.map((code) => formatWord({ code }));
    expect(words.filter((word) => word.length > 14 || !/^[A-Za-z]+(?: [A-Za-z]+)*$/.test(word))).toEqual([]);
    expect(new Set([...words, "ok"]).size).toBe(codes.length + 1);
  });

  test("is ok for a success", () => {
    expect(formatWord({ code: null })).toBe("ok");
  });

  test("is only looked up for a code that there is", () => {
    expect(codes.filter((code) => !isFailureCode(code))).toEqual([]);
    for (const text of ["", "ok", "constructor", "__proto__", "K8S_OOM_KILLED"])
      expect(isFailureCode(text)).toBe(false);
  });
});

describe("every note", () => {
  const names = Object.keys(notes) as NoteCode[];
  const codesOf = (evidence: Parameters<typeof diagnose>[0]) =>
    diagnose(evidence).notes.map(({ code }) => code);

  test("stands in the catalogue once", () => {
    expect(noteCatalog.map(({ code }) => code).toSorted()).toEqual(names.toSorted());
  });

  test.each(names)("%s: told when it is true, and only then", (name) => {
    expect(codesOf(notes[name].evidence)).toContain(name);
    expect(codesOf(notes[name].nearMiss)).not.toContain(name);
  });
});

describe("text rules", () => {
  test.each([...decisiveTextRules, ...fallbackTextRules].map((rule) => [rule.example, rule] as const))(
    "%s",
    (example, rule) => {
      expect(matchText([rule], example)).toBe(rule);
      const exit = { kind: "exited", exitCode: 1, signal: null } as const;
      // As releases without structured fields tell it: nothing but the words.
      const summary = {
        inits: 1,
        contentSeen: true,
        result: { subtype: "success", isError: true, text: example },
      };
      expect(diagnose({ exit, summary }).code).toBe(rule.code);
      const answer = { ...summary, result: { subtype: "success", isError: false, text: example } };
      expect(diagnose({ exit: { ...exit, exitCode: 0 }, summary: answer }).outcome).toBe("success");
    },
  );
});

describe("titles", () => {
  test.each(catalog.map(({ code, title }) => [code, title] as const))(
    "%s fits a list of 40 characters",
    (_code, title) => {
      expect(title.length).toBeLessThanOrEqual(40);
    },
  );
});

describe("fixes", () => {
  const templates = catalog.flatMap(({ code, fix }) =>
    fix.map((entry) => [code, typeof entry === "string" ? entry : entry.text] as const),
  );

  test.each(templates)("%s: %s names only settings that there are", (_code, template) => {
    for (const [, key = ""] of template.matchAll(/\{setting:([^}]+)\}/g))
      expect(Object.keys(settingNames)).toContain(key);
  });

  test("every code has one that needs no condition and no name from the evidence", () => {
    const always = (entry: (typeof catalog)[number]): boolean =>
      entry.fix.some((fix) => typeof fix === "string" && !/\{(?!setting:)/.test(fix));
    expect(catalog.filter((entry) => !always(entry)).map(({ code }) => code)).toEqual([]);
  });

  test("no placeholder is left over", () => {
    for (const code of codes) expect(told(code).fix.join("\n")).not.toMatch(/[{}]/);
  });

  test("a name that is not known drops the line, not the rest", () => {
    const diagnosis = diagnose({
      exit: { kind: "exited", exitCode: 143, signal: null },
      summary: endings.claude_truncated.evidence.summary ?? {},
    });
    expect(diagnosis.fix).toEqual([
      "Run again to continue the session; check first what the cut-off work has changed already.",
    ]);
  });

  test("tell the present value of a setting, from the settings or from the pod", () => {
    expect(told("k8s_oom_killed").fix[0]).toBe("Raise *Memory limit* (now 4Gi).");
    expect(diagnose(endings.k8s_oom_killed.evidence).fix[0]).toBe("Raise *Memory limit* (now 4Gi).");
  });
});

describe("formats", () => {
  test.each(["line", "text", "markdown", "json", "comment", "plain"] as const)(
    "every code as %s",
    async (format) => {
      const formats = {
        line: formatLine,
        text: (diagnosis: ReturnType<typeof diagnose>) =>
          formatText(diagnosis, { width: 100, timeZone: "Europe/Berlin" }),
        markdown: (diagnosis: ReturnType<typeof diagnose>) =>
          formatMarkdown(diagnosis, { timeZone: "Europe/Berlin" }),
        json: (diagnosis: ReturnType<typeof diagnose>) => formatJson(diagnosis, { indent: 1 }),
        comment: (diagnosis: ReturnType<typeof diagnose>) =>
          formatComment(diagnosis, { more: "`claude-k8s explain`" }),
        plain: (diagnosis: ReturnType<typeof diagnose>) =>
          formatPlain(diagnosis, { more: "claude-k8s explain" }),
      };
      const all = codes.map((code) => formats[format](told(code))).join("\n\n");
      const noted = Object.values(notes)
        .map(({ evidence }) => formats[format](diagnose(evidence)))
        .join("\n\n");
      await expect(`${all}\n\n${noted}\n`).toMatchFileSnapshot(`snapshots/endings.${format}.txt`);
    },
  );

  test("for a page without line breaks and Markdown: one line, steps with numbers, quotes, no code", () => {
    for (const code of codes) {
      const shown = formatPlain(told(code));
      expect(shown).not.toMatch(/[\n`]|\*\p{L}/u);
      expect(shown.startsWith(told(code).title)).toBe(true);
      expect(shown).toContain("What to do: (1) ");
      expect(shown).not.toContain(`${code}:`);
    }
    expect(formatPlain(told("k8s_oom_killed"))).toContain('(1) Raise "Memory limit" (now 4Gi).');
  });

  test("for a comment: title, cause, steps; neither code nor evidence", () => {
    const shown = formatComment(told("k8s_oom_killed"), { more: "[run](https://host.example/run)" });
    expect(shown).toMatch(/^\*\*Out of memory\*\*\n\nThe kernel killed the container/);
    expect(shown).toContain("\n1. Raise **Memory limit** (now 4Gi).\n2. ");
    expect(shown).not.toContain("k8s_oom_killed");
    expect(shown).not.toContain("Evidence");
    expect(shown.endsWith("[run](https://host.example/run)\n")).toBe(true);
  });

  test("a caller's own names for settings stand in the fixes, in every format", () => {
    const own = { "resources.limits.memory": "spec.resources.limits.memory" };
    const diagnosis = diagnose(endings.k8s_oom_killed.evidence, { settingNames: own });
    expect(diagnosis.fix[0]).toBe("Raise *spec.resources.limits.memory* (now 4Gi).");
    expect(formatText(diagnosis)).toContain('Raise "spec.resources.limits.memory" (now 4Gi).');
    expect(formatPlain(diagnosis)).toContain('Raise "spec.resources.limits.memory" (now 4Gi).');
    expect(formatComment(diagnosis)).toContain("Raise **spec.resources.limits.memory** (now 4Gi).");
  });

  test("suspected is a word of its own in all of them", () => {
    const exit = {
      kind: "failed",
      failure: { kind: "out-of-memory", certain: false, container: "main", memoryLimit: null, exitCode: 137 },
    } as const;
    const diagnosis = diagnose({ exit });
    for (const shown of [
      formatLine(diagnosis),
      formatText(diagnosis),
      formatMarkdown(diagnosis),
      formatJson(diagnosis),
      formatComment(diagnosis),
      formatPlain(diagnosis),
    ])
      expect(shown).toMatch(/\bsuspected\b/);
    const certain = told("k8s_oom_killed");
    for (const shown of [
      formatLine(certain),
      formatText(certain),
      formatMarkdown(certain),
      formatJson(certain),
    ])
      expect(shown).not.toMatch(/\bsuspected\b/);
  });
});
