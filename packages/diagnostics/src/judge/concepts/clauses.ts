import { parsedBody, plainWords } from "../rules/own-words.ts";

const mostClauses = 80;
const longestClause = 500;

/** A line that was only wrapped goes on in the next one; a short line is a whole one. */
const wrapped = /([^\n]{40}[^\n.:;!?])\n(?=[A-Za-z])/g;

/** Names of models, with what clouds put around them; a name is one word, whatever stands in it. */
const modelName =
  /(?<![\w.:/@-])[\w.:/@-]{0,120}(?:claude|anthropic|gpt|gemini|glm|qwen|deepseek|kimi|minimax|mistral|llama|grok|codex|nova|titan)[-_./:@]?\d[\w.:/@-]{0,80}|(?<![\w.:/@-])(?:[\w.-]{1,60}[/.:]){0,3}(?:claude|gpt|gemini|glm|qwen|deepseek|kimi|minimax|mistral|llama|grok|mimo|codex|nova|opus|sonnet|haiku|fable)[-:@][\w.:/@[\]-]{1,80}|\bclaude (?:opus|sonnet|haiku|fable|instant)(?: \d[\d.]{0,4})?/gi;

/**
 * The sentences and values of an error's text, in lower case, identifiers taken apart into their words ("InsufficientBalance",
 * "insufficient_balance" and "insufficient balance" are one), names of models made into `@model`. What is said in two clauses
 * is not said of one thing.
 */
export function clausesOf(text: string): readonly string[] {
  const words = plainWords(text);
  return strings(words)
    .flatMap((part) => part.replaceAll(wrapped, "$1 ").split(/[.;!?](?=\s|$)|[·∙|\n]|\\n|[。；！]/))
    .slice(0, mostClauses)
    .map((part) =>
      part
        .slice(0, longestClause)
        .replaceAll(/https?:\/\/[^\s"'<>]{1,200}/g, " ")
        .replaceAll(modelName, " @model ")
        .replaceAll(/([a-z])([A-Z])/g, "$1 $2")
        .replaceAll(/[_\-*`"'()[\]{}\\]+/g, (run) => (run === "'" ? "'" : " "))
        .replaceAll(/ {2,9}/g, " ")
        .trim()
        .toLowerCase(),
    )
    .filter((part) => part !== "");
}

/** What stands before the body, and each string of the body; a body that is cut or no JSON is taken at its quotes. */
function strings(text: string): readonly string[] {
  const found = parsedBody(text);
  if (found === null) return text.split(/"\s{0,4}[:,}\]]|[{,[]\s{0,4}"/).slice(0, mostClauses);
  const parts: string[] = [found.before];
  collect(found.body, parts, 0);
  parts.push(found.after);
  return parts;
}

function collect(value: unknown, found: string[], depth: number): void {
  if (found.length > mostClauses || depth > 8) return;
  if (typeof value === "string") {
    // A gateway passes on its upstream's body as a string of its own.
    const inner = value.includes("{") ? strings(value) : [value];
    found.push(...inner.slice(0, mostClauses));
  } else if (typeof value === "object" && value !== null)
    for (const part of Object.values(value)) collect(part, found, depth + 1);
}
