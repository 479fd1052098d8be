import { z } from "zod";

import { structured } from "./structured.ts";

const mostPatterns = 400;

/** Names or paths below a folder: a list, or one a line. */
export const patternList = () =>
  z.preprocess(
    (raw) => (typeof raw === "string" ? patternsOf(raw) : raw),
    z
      .array(
        z
          .string()
          .trim()
          .regex(/^[^\0/][^\0]{0,999}$/)
          .refine((pattern) => !pattern.split("/").includes("..")),
      )
      .max(mostPatterns),
  );

function patternsOf(raw: string): unknown {
  if (/^\s*\[|^\s*- /.test(raw)) return structured(raw);
  return raw.split(/[\n,]/).flatMap((line) => line.trim() || []);
}
