/** Which names an archive may carry, and which a copy leaves out. Pure. */

/** Why an entry was not carried over. */
export type RefusalReason =
  | "absolute-name"
  | "leads-out"
  | "not-utf8"
  | "bad-name"
  | "reserved-name"
  | "hard-link"
  | "device"
  | "unsupported"
  | "unreadable"
  | "special-mode";

export type NameCheck =
  | { readonly kind: "ok"; readonly path: string }
  | { readonly kind: "refused"; readonly reason: RefusalReason };

/** Linux: `NAME_MAX` and `PATH_MAX`, in bytes. */
const longestName = 255;
const longestPath = 4095;

/** What the copy itself keeps beside or below a folder; nothing that comes from a pod may have this name. */
export const reservedName = ".claude-k8s-copy";
/** What is not yet in its place, beside it. One name for all of them: with a name's own before it, it could be too long for a name. */
export const temporaryName = `${reservedName}.new`;

export function isReserved(name: string): boolean {
  return name === reservedName || name === temporaryName;
}

/** A name as an archive has it → the path below the folder. The empty path is the folder itself. */
export function checkName(name: string): NameCheck {
  if (name.includes("\0") || Buffer.byteLength(name) > longestPath)
    return { kind: "refused", reason: "bad-name" };
  if (name.startsWith("/")) return { kind: "refused", reason: "absolute-name" };
  const parts = name.split("/").filter((part) => part !== "" && part !== ".");
  if (parts.includes("..")) return { kind: "refused", reason: "leads-out" };
  if (parts.some((part) => Buffer.byteLength(part) > longestName))
    return { kind: "refused", reason: "bad-name" };
  if (parts.some(isReserved)) return { kind: "refused", reason: "reserved-name" };
  return { kind: "ok", path: parts.join("/") };
}

/** The path of a version that is kept beside another one: its name with an ending, and shorter where both are too long for a name. */
export function pathBeside(path: string, ending: string): string {
  const at = path.lastIndexOf("/") + 1;
  const room = longestName - Buffer.byteLength(`.${ending}`);
  let name = "";
  let bytes = 0;
  for (const character of path.slice(at)) {
    bytes += Buffer.byteLength(character);
    if (bytes > room) break;
    name += character;
  }
  return `${path.slice(0, at)}${name}.${ending}`;
}

/**
 * A symbolic link may lead anywhere below the folder, and nowhere else: what follows it later would leave the folder. Behind a name
 * there is no way up, as the name may be a link itself: above what `a/b` leads to is not `a`.
 */
export function linkLeadsOut(path: string, target: string): boolean {
  if (target.startsWith("/") || target.includes("\0") || target === "") return true;
  let above = path.split("/").length - 1;
  let isNamed = false;
  for (const part of target.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") isNamed = true;
    else if (isNamed || above === 0) return true;
    else above -= 1;
  }
  return false;
}

/** Folders before what is in them, names in order: the order in which a folder is walked, so that two walks can be merged. */
export function comparePaths(left: string, right: string): number {
  const lefts = left.split("/");
  const rights = right.split("/");
  for (let index = 0; index < Math.min(lefts.length, rights.length); index += 1) {
    const one = lefts[index] ?? "";
    const other = rights[index] ?? "";
    if (one !== other) return one < other ? -1 : 1;
  }
  return lefts.length - rights.length;
}

export type Excludes = (path: string) => boolean;

/**
 * Patterns without a slash are names at any depth (`node_modules`, `*.log`), the others paths from the folder on (`build/cache`).
 * `*` stands for any characters but a slash. What is below an excluded folder is excluded with it.
 */
export function excluder(patterns: readonly string[]): Excludes {
  const parts = patterns.map((pattern) => trimmed(pattern).split("/").map(matcher));
  const names = parts.flatMap(([only, ...more]) => (only !== undefined && more.length === 0 ? [only] : []));
  const paths = parts.filter(({ length }) => length > 1);
  return (path) => {
    const name = path.slice(path.lastIndexOf("/") + 1);
    if (names.some((matches) => matches(name))) return true;
    const places = paths.length === 0 ? [] : path.split("/");
    return paths.some(
      (wanted) =>
        wanted.length === places.length && wanted.every((matches, index) => matches(places[index] ?? "")),
    );
  };
}

type Matcher = (part: string) => boolean;

/**
 * One part of a path against one part of a pattern. Not as an expression: with a dozen stars it would try every way of sharing out
 * a name among them, and both can be hostile.
 */
function matcher(pattern: string): Matcher {
  const [first = "", ...rest] = pattern.split("*");
  const last = rest.pop();
  if (last === undefined) return (part) => part === first;
  return (part) => {
    if (part.length < first.length + last.length || !part.startsWith(first) || !part.endsWith(last))
      return false;
    const end = part.length - last.length;
    let at = first.length;
    for (const middle of rest) {
      // The leftmost place leaves the most room for what follows.
      const found = part.indexOf(middle, at);
      if (found < 0 || found + middle.length > end) return false;
      at = found + middle.length;
    }
    return true;
  };
}

function trimmed(pattern: string): string {
  const parts = pattern.split("/");
  if (parts[0] === "." && parts.length > 1) parts.shift();
  const from = parts.findIndex((part) => part !== "");
  const to = parts.findLastIndex((part) => part !== "");
  return from < 0 ? "" : parts.slice(from, to + 1).join("/");
}

/**
 * Only what lies on the way to, at or below one of the patterns is carried; `*` as above, a part of a path at a time. No pattern at
 * all: everything.
 */
export function selector(patterns: readonly string[]): (path: string) => boolean {
  if (patterns.length === 0) return () => true;
  const wanted = patterns.map((pattern) => trimmed(pattern).split("/").map(matcher));
  return (path) => {
    const parts = path.split("/");
    return wanted.some((pattern) =>
      pattern.slice(0, parts.length).every((matches, index) => matches(parts[index] ?? "")),
    );
  };
}
