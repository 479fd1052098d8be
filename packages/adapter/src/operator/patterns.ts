/** How entries of the operator's lists are compared. */

export interface PatternValues {
  readonly company: string;
  readonly agent: string;
}

/** `*` stands for any text, `{company}` and `{agent}` for the ids; everything else is meant as it stands. */
export function matches(pattern: string, text: string, { company, agent }: PatternValues): boolean {
  // A star in an id is a star, and stands for nothing else.
  const parts = pattern
    .split("*")
    .map((part) =>
      part.replaceAll(/\{(company|agent)\}/g, (_, name) => (name === "company" ? company : agent)),
    );
  const [first = "", ...rest] = parts;
  const last = rest.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length)
    return false;
  // Leftmost is enough: whatever lies between two stars may be any text.
  let at = first.length;
  const end = text.length - last.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}

export function matchesAny(patterns: readonly string[], text: string, values: PatternValues): boolean {
  return patterns.some((pattern) => matches(pattern, text, values));
}

/** Also by the name that a short one stands for: `claude:1` is `docker.io/library/claude:1`. */
export function allowsImage(patterns: readonly string[], image: string, values: PatternValues): boolean {
  const full = canonicalImage(image);
  return patterns.some((pattern) => {
    const repository = repositoryOf(full);
    const namesOnlyRepository = !pattern.includes("*") && repositoryOf(pattern) === pattern;
    return namesOnlyRepository
      ? matches(canonicalImage(pattern), repository, values)
      : matches(canonicalPattern(pattern), full, values);
  });
}

/** Registry and project as the kubelet completes them. */
function canonicalImage(image: string): string {
  const [first = "", ...rest] = image.split("/");
  if (rest.length === 0) return `docker.io/library/${image}`;
  // Names of repositories are lower-case, so that one in capitals is a machine's.
  const isRegistry = /[.:A-Z]/.test(first) || first === "localhost";
  if (!isRegistry) return `docker.io/${image}`;
  return first === "index.docker.io" ? canonicalImage(rest.join("/")) : image;
}

function canonicalPattern(pattern: string): string {
  return pattern.startsWith("*") ? pattern : canonicalImage(pattern);
}

/** Without tag and digest. A colon before the last slash is a port. */
function repositoryOf(image: string): string {
  const name = image.split("@", 1)[0] ?? "";
  const tag = name.lastIndexOf(":");
  return tag > name.lastIndexOf("/") ? name.slice(0, tag) : name;
}
