import { badRequest } from "./status.ts";

export type Matcher = (values: Readonly<Record<string, string>>) => boolean;

const everything: Matcher = () => true;

/** `a=b,c!=d,e in (f,g),h notin (i),j,!k` in the API's grammar; anything else answers 400 as the API does. */
export function parseLabelSelector(text: string | null): Matcher {
  if (text === null || text.trim() === "") return everything;
  const matchers = splitRequirements(text).map((requirement) => labelRequirement(requirement.trim()));
  return (labels) => matchers.every((matcher) => matcher(labels));
}

/** Commas inside of parentheses do not separate requirements. */
function splitRequirements(text: string): string[] {
  return text.split(/,(?![^(]*\))/u);
}

function labelRequirement(text: string): Matcher {
  const set = /^([^\s!=,()]+)\s+(in|notin)\s*\(([^)]*)\)$/u.exec(text);
  if (set !== null) {
    const [, key = "", operator, list = ""] = set;
    const values = new Set(list.split(",").map((value) => value.trim()));
    return operator === "in"
      ? (labels) => labels[key] !== undefined && values.has(labels[key])
      : (labels) => labels[key] === undefined || !values.has(labels[key]);
  }
  const compare = /^([^\s!=,()]+)\s*(==|=|!=)\s*([^\s!=,()]*)$/u.exec(text);
  if (compare !== null) {
    const [, key = "", operator, value = ""] = compare;
    return operator === "!=" ? (labels) => labels[key] !== value : (labels) => labels[key] === value;
  }
  const exists = /^(!?)\s*([^\s!=,()]+)$/u.exec(text);
  if (exists !== null) {
    const [, negated, key = ""] = exists;
    return negated === "!" ? (labels) => labels[key] === undefined : (labels) => labels[key] !== undefined;
  }
  const words = text.split(/\s+/u);
  throw badRequest(
    `unable to parse requirement: found '${words[1] ?? ""}', expected: in, notin, =, ==, !=, gt, lt`,
  );
}

/** `metadata.name=a,status.phase!=Running`; only the fields that the resource offers. */
export function parseFieldSelector(text: string | null, offered: (field: string) => boolean): Matcher {
  if (text === null || text.trim() === "") return everything;
  const matchers = text.split(",").map((requirement): Matcher => {
    const match = /^([^!=]+)(==|=|!=)([^]*)$/u.exec(requirement);
    if (match === null) {
      throw badRequest(`invalid selector: '${text}'; can't understand '${requirement}'`);
    }
    const [field = "", operator, value = ""] = match.slice(1).map((part) => part.trim());
    if (field === "" || !offered(field)) throw badRequest(`field label not supported: ${field}`);
    return operator === "!=" ? (fields) => fields[field] !== value : (fields) => fields[field] === value;
  });
  return (fields) => matchers.every((matcher) => matcher(fields));
}
