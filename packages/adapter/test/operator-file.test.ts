import { chmodSync, mkdtempSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterAll, describe, expect, test } from "vitest";
import { z } from "zod";

import { operatorFileExample, operatorFileJsonSchema } from "../src/operator/documentation.ts";
import { createOperator } from "../src/operator/operator.ts";
import { parseOperatorFile, readOperatorFile } from "../src/operator/read-file.ts";

const folder = mkdtempSync(path.join(tmpdir(), "operator-file-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const key = ["sk", "operator", "0123456789abcdef"].join("-");
const environment = { GATEWAY_TOKEN: key };

function put(name: string, text: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return file;
}

function problems(text: string): readonly string[] {
  const read = parseOperatorFile(text, environment);
  return read.kind === "bad" ? read.problems : [];
}

describe("the text", () => {
  test("the example can be used, and every key of the schema stands in it", () => {
    const read = parseOperatorFile(operatorFileExample, environment);
    expect(read).toMatchObject({
      kind: "good",
      rules: {
        defaults: { env: { ANTHROPIC_AUTH_TOKEN: key } },
        clusters: { cloud: { allowExec: true } },
        maximum: { cpu: "8", files: "8Mi" },
      },
    });
    const { properties } = JSON.parse(operatorFileJsonSchema()) as {
      properties: Record<string, { properties?: Record<string, unknown> }>;
    };
    const wanted = [
      ...Object.keys(properties),
      ...Object.keys(properties["allow"]?.properties ?? {}),
      ...Object.keys(properties["maximum"]?.properties ?? {}),
    ];
    expect(wanted.length).toBeGreaterThan(20);
    expect(wanted.filter((each) => !operatorFileExample.includes(`${each}:`))).toEqual([]);
  });

  test("nothing, or only comments, is a file without rules", () => {
    expect(parseOperatorFile("", {})).toEqual({ kind: "good", rules: {}, isEmpty: true });
    expect(parseOperatorFile("# later\n", {})).toEqual({ kind: "good", rules: {}, isEmpty: true });
    expect(parseOperatorFile("{}", {})).toEqual({ kind: "good", rules: {}, isEmpty: false });
  });

  test.each([
    ["no YAML", "allow: [", /line 1/],
    ["a list", "- allow", /the file: /],
    ["a key twice", "allow: {}\nallow: {}", /line 2: DUPLICATE_KEY/],
    ["a set in a list's place", "allow: !!set {images}", /line 1: TAG_RESOLVE_FAILED/],
    ["a tag of one's own", "allow: !rules {images: [a]}", /line 1: TAG_RESOLVE_FAILED/],
    ["an unknown key, with the nearest", "alow: {}", /unknown alow \(did you mean allow\?\)/],
    ["an unknown rule", "allow: { image: [x] }", /allow: unknown image \(did you mean images\?\)/],
    ["an unknown setting", "defaults: { imge: x }", /defaults: unknown imge \(did you mean image\?\)/],
    [
      "a setting that cannot be used",
      "defaults: { namespace: A B }",
      /defaults\.namespace: must be a namespace/,
    ],
    [
      "one of a company",
      "companies: { c: { timeoutSec: soon } }",
      /companies\.c\.timeoutSec: must be a whole number/,
    ],
    ["a text where a list is meant", "allow: { images: x }", /allow\.images: /],
    [
      "a folder that is not absolute",
      "kubeconfigFolders: [etc]",
      /kubeconfigFolders\.0: must be an absolute path/,
    ],
    [
      "an address that is no origin",
      "allow: { apiOrigins: [https://user@x] }",
      /allow\.apiOrigins\.0: must be an origin/,
    ],
    ["a size that is none", "maximum: { memory: lots }", /maximum\.memory: /],
    [
      "a variable that the server has not",
      "defaults: { env: { A: { fromEnv: NONE } } }",
      /defaults\.env\.A: the server has no variable NONE/,
    ],
    [
      "a permission that is none",
      "clusters: { a: { allowEverything: true } }",
      /clusters\.a: unknown allowEverything/,
    ],
  ])("%s", (_what, text, problem) => {
    expect(problems(text)).toEqual([expect.stringMatching(problem)]);
  });

  test("no problem shows a value", () => {
    const texts = [
      `defaults:\n  env:\n    KEY: ${key}\n   broken`,
      `defaults: { env: { KEY: [${key}] } }`,
      `defaults: { env: ${key} }`,
      key,
    ];
    for (const text of texts) {
      expect(problems(text)).not.toEqual([]);
      expect(problems(text).join()).not.toContain(key);
    }
  });

  test("an alias bomb is refused, not expanded", () => {
    const lines = Array.from({ length: 12 }, (_, level) =>
      level === 0
        ? "a0: &a0 [x]"
        : `a${level}: &a${level} [${Array(10)
            .fill(`*a${level - 1}`)
            .join(",")}]`,
    );
    expect(problems(lines.join("\n"))).toEqual(["it has more than 100 aliases"]);
  });
});

describe("the file", () => {
  test("special ones, those that everybody may write, and large ones are not read", async () => {
    const fifo = path.join(folder, "fifo");
    execFileSync("mkfifo", [fifo]);
    const open = put("open", "allow: {}");
    chmodSync(open, 0o666);
    const large = put("large", `# ${"x".repeat(1024 * 1024)}`);
    const told = async (file: string) => {
      const read = await readOperatorFile(file, {});
      return read.kind === "bad" ? read.problems[0] : "good";
    };
    expect(await told(fifo)).toBe("it is not a regular file");
    expect(await told("/dev/zero")).toBe("it is not a regular file");
    expect(await told(open)).toMatch(/everybody on the server may write it/);
    expect(await told(large)).toMatch(/more than/);
    expect(await told(path.join(folder, "none"))).toMatch(/ENOENT/);
  });

  function operator(file: string) {
    const lines: string[] = [];
    return { ...createOperator({ file, environment, log: (line) => lines.push(line) }), lines };
  }

  test("without one the closed defaults hold", async () => {
    const word = await createOperator({ file: null, environment: {}, log: () => undefined }).word();
    expect(word).toEqual({ kind: "rules", file: null, rules: {}, problems: [] });
  });

  test("is read again when it changes, also when it is exchanged by a link", async () => {
    const file = path.join(folder, "mounted");
    symlinkSync(put("v1", "allow: { images: [a] }"), file);
    const { word, lines } = operator(file);
    expect(await word()).toMatchObject({ rules: { allow: { images: ["a"] } } });
    const next = path.join(folder, "next");
    symlinkSync(put("v2", "allow: { images: [b] }"), next);
    renameSync(next, file);
    expect(await word()).toMatchObject({ rules: { allow: { images: ["b"] } } });
    writeFileSync(path.join(folder, "v2"), "allow: { images: [cc] }");
    expect(await word()).toMatchObject({ rules: { allow: { images: ["cc"] } } });
    expect(await word()).toMatchObject({ rules: { allow: { images: ["cc"] } } });
    expect(lines).toHaveLength(3);
  });

  test("one that becomes empty takes no rule back, and {} does", async () => {
    const file = put("emptied", "allow: { images: [a] }");
    const { word, lines } = operator(file);
    await word();
    writeFileSync(file, "");
    expect(await word()).toMatchObject({
      rules: { allow: { images: ["a"] } },
      problems: [expect.stringContaining("write {}")],
    });
    expect(lines.at(-1)).toContain("the rules that it had before stay in force");
    writeFileSync(file, "{}");
    expect(await word()).toEqual({ kind: "rules", file, rules: {}, problems: [] });
    writeFileSync(file, "# nothing yet");
    expect(await word()).toEqual({ kind: "rules", file, rules: {}, problems: [] });
  });

  test("a merge key and what it would bring are a mistake, and anchors are not", () => {
    expect(problems("allow: &a { images: [x] }\ndefaults: { <<: *a }")[0]).toMatch(/<</);
    expect(problems("defaults: { env: { <<: { A: b } } }")[0]).toMatch(/env/);
    const shared = "companies: { a: &c { image: x }, b: *c }";
    expect(parseOperatorFile(shared, {})).toMatchObject({ rules: { companies: { b: { image: "x" } } } });
  });

  test("a mistake keeps the rules that it had, and is told once", async () => {
    const file = put("mistake", "allow: { images: [a] }");
    const { word, lines } = operator(file);
    await word();
    writeFileSync(file, "alow: {}");
    const broken = await word();
    expect(broken).toMatchObject({
      kind: "rules",
      rules: { allow: { images: ["a"] } },
      problems: [expect.stringContaining("did you mean allow")],
    });
    await word();
    expect(lines.filter((line) => line.includes("cannot be used"))).toEqual([
      expect.stringContaining("the rules that it had before stay in force"),
    ]);
    unlinkSync(file);
    expect(await word()).toMatchObject({
      rules: { allow: { images: ["a"] } },
      problems: [expect.stringMatching(/ENOENT/)],
    });
    writeFileSync(file, "allow: { images: [b] }");
    expect(await word()).toMatchObject({ rules: { allow: { images: ["b"] } }, problems: [] });
  });

  test("one that was never good lets nothing run, until it is", async () => {
    const file = put("never", "alow: {}");
    const { word, lines } = operator(file);
    expect(await word()).toMatchObject({ kind: "unusable", problems: [expect.stringContaining("alow")] });
    expect(lines).toEqual([expect.stringContaining("no run is started until it is corrected")]);
    writeFileSync(file, "allow: { images: [b] }");
    expect(await word()).toMatchObject({ kind: "rules", rules: { allow: { images: ["b"] } } });
  });

  test("many readers at once see one file", async () => {
    const { word, lines } = operator(put("many", "maximum: { cpu: 2 }"));
    const words = await Promise.all(Array.from({ length: 50 }, word));
    expect(new Set(words.map((each) => JSON.stringify(each))).size).toBe(1);
    expect(lines).toHaveLength(1);
  });
});

test("the JSON Schema takes the same example", () => {
  const schema = z.fromJSONSchema(
    JSON.parse(operatorFileJsonSchema()) as Parameters<typeof z.fromJSONSchema>[0],
  );
  const read = parseOperatorFile(operatorFileExample, environment);
  expect(schema.safeParse(read.kind === "good" ? read.rules : null).success).toBe(true);
  expect(schema.safeParse({ alow: {} }).success).toBe(false);
});
