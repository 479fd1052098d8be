import { constants } from "node:fs";
import { open } from "node:fs/promises";

import { LineCounter, isAlias, parseDocument, visit } from "yaml";
import type { z } from "zod";

import { nearestName } from "../settings/near-names.ts";
import { parseSettings } from "../settings/parse.ts";
import { isObject } from "../settings/values.ts";
import { type OperatorFile, operatorFileSchema } from "./file-schema.ts";

export type OperatorReading =
  /** `isEmpty`: nothing stands in it, but perhaps comments. */
  | { readonly kind: "good"; readonly rules: OperatorFile; readonly isEmpty: boolean }
  | { readonly kind: "bad"; readonly problems: readonly string[] };

const largestBytes = 1024 * 1024;

/** Reads and checks the operator's file. No problem quotes the file's text: it may hold keys. */
export async function readOperatorFile(
  file: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<OperatorReading> {
  const text = await readText(file);
  return typeof text === "string" ? parseOperatorFile(text, environment) : text;
}

async function readText(file: string): Promise<string | OperatorReading> {
  const bad = (problem: string): OperatorReading => ({ kind: "bad", problems: [problem] });
  try {
    const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const found = await handle.stat();
      if (!found.isFile()) return bad("it is not a regular file");
      if ((found.mode & 0o002) !== 0) return bad("everybody on the server may write it; chmod o-w");
      if (found.size > largestBytes) return bad(`it has more than ${largestBytes} bytes`);
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(largestBytes), 0, largestBytes, 0);
      return buffer.subarray(0, bytesRead).toString("utf8");
    } finally {
      await handle.close();
    }
  } catch (error) {
    return bad(`it cannot be read (${(error as NodeJS.ErrnoException).code ?? "unreadable"})`);
  }
}

export function parseOperatorFile(
  text: string,
  environment: Readonly<Record<string, string | undefined>>,
): OperatorReading {
  const lines = new LineCounter();
  // A tag can make a list or an object something else (`!!set`), in which nobody would look for rules.
  const document = parseDocument(text, {
    uniqueKeys: true,
    prettyErrors: false,
    lineCounter: lines,
    resolveKnownTags: false,
  });
  const doubts = [...document.errors, ...document.warnings];
  if (doubts.length > 0)
    return {
      kind: "bad",
      problems: doubts.map(({ code, pos }) => `line ${lines.linePos(pos[0]).line}: ${code}`),
    };
  let aliases = 0;
  visit(document, (_key, node) => {
    if (isAlias(node)) aliases += 1;
  });
  if (aliases > 100) return { kind: "bad", problems: ["it has more than 100 aliases"] };
  let given: unknown;
  try {
    given = document.toJS();
  } catch {
    return { kind: "bad", problems: ["its aliases make it grow without end"] };
  }
  const parsed = operatorFileSchema.safeParse(given ?? {});
  if (!parsed.success) return { kind: "bad", problems: parsed.error.issues.map(issueWords) };
  return withVariables(parsed.data, environment, given === undefined || given === null);
}

function issueWords(issue: z.core.$ZodIssue): string {
  const where = issue.path.length === 0 ? "the file" : issue.path.map(String).join(".");
  if (issue.code !== "unrecognized_keys") return `${where}: ${issue.message}`;
  const known = knownKeys(issue.path);
  const keys = issue.keys.map((key) => {
    const near = nearestName(key, known);
    return near === null ? key : `${key} (did you mean ${near}?)`;
  });
  return `${where}: unknown ${keys.join(", ")}`;
}

function knownKeys(path: readonly PropertyKey[]): readonly string[] {
  const { shape } = operatorFileSchema;
  const [top] = path;
  if (top === undefined) return Object.keys(shape);
  if (top === "allow") return Object.keys(shape.allow.unwrap().shape);
  if (top === "maximum") return Object.keys(shape.maximum.unwrap().shape);
  if (top === "defaults" || top === "companies") return Object.keys(shape.defaults.unwrap().shape);
  return Object.keys(shape.clusters.unwrap().valueType.shape);
}

/** `env: {NAME: {fromEnv: OTHER}}` takes a variable of the server itself, so that a key need not stand in the file. */
function withVariables(
  rules: OperatorFile,
  environment: Readonly<Record<string, string | undefined>>,
  isEmpty: boolean,
): OperatorReading {
  const problems: string[] = [];
  const resolve = (values: Record<string, unknown>, where: string): Record<string, unknown> => {
    const { env } = values;
    const given = isObject(env) ? Object.entries(env) : [];
    const resolved = given.map(([name, value]) => {
      if (!isObject(value) || !("fromEnv" in value)) return [name, value] as const;
      const found = environment[String(value["fromEnv"])];
      if (found === undefined || found === "")
        problems.push(`${where}.env.${name}: the server has no variable ${String(value["fromEnv"])}`);
      return [name, found ?? ""] as const;
    });
    const complete = isObject(env) ? { ...values, env: Object.fromEntries(resolved) } : values;
    const parsed = parseSettings({ agent: {}, defaults: complete }, { imageMayBeMissing: true });
    if (parsed.kind === "invalid")
      problems.push(...parsed.problems.map(({ field, rule }) => `${where}.${field}: must be ${rule}`));
    return complete;
  };
  const complete: OperatorFile = {
    ...rules,
    ...(rules.defaults && { defaults: resolve(rules.defaults, "defaults") }),
    ...(rules.companies && {
      companies: Object.fromEntries(
        Object.entries(rules.companies).map(([id, values]) => [id, resolve(values, `companies.${id}`)]),
      ),
    }),
  };
  return problems.length > 0 ? { kind: "bad", problems } : { kind: "good", rules: complete, isEmpty };
}
