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

/** A name as an archive has it → the path below the folder. The empty path is the folder itself. */
export function checkName(name: string): NameCheck {
  if (name.includes("\uFFFD")) return { kind: "refused", reason: "not-utf8" };
  if (name.includes("\0") || Buffer.byteLength(name) > longestPath)
    return { kind: "refused", reason: "bad-name" };
  if (name.startsWith("/")) return { kind: "refused", reason: "absolute-name" };
  const parts = name.split("/").filter((part) => part !== "" && part !== ".");
  if (parts.includes("..")) return { kind: "refused", reason: "leads-out" };
  if (parts.some((part) => Buffer.byteLength(part) > longestName))
    return { kind: "refused", reason: "bad-name" };
  if (parts.some((part) => part === reservedName)) return { kind: "refused", reason: "reserved-name" };
  return { kind: "ok", path: parts.join("/") };
}

/** A symbolic link may lead anywhere below the folder, and nowhere else: what follows it later would leave the folder. */
export function linkLeadsOut(path: string, target: string): boolean {
  if (target.startsWith("/") || target.includes("\0") || target === "") return true;
  let depth = path.split("/").length - 1;
  for (const part of target.split("/")) {
    if (part === "" || part === ".") continue;
    depth += part === ".." ? -1 : 1;
    if (depth < 0) return true;
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
  const names = patterns.filter((pattern) => !trimmed(pattern).includes("/")).map(toExpression);
  const paths = patterns.filter((pattern) => trimmed(pattern).includes("/")).map(toExpression);
  return (path) => {
    const name = path.slice(path.lastIndexOf("/") + 1);
    return names.some((pattern) => pattern.test(name)) || paths.some((pattern) => pattern.test(path));
  };
}

function toExpression(pattern: string): RegExp {
  const text = trimmed(pattern).replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`^${text.replaceAll("*", "[^/]*")}$`);
}

function trimmed(pattern: string): string {
  return pattern.replace(/^\.?\/+/, "").replace(/\/+$/, "");
}

/**
 * Only what lies on the way to, at or below one of the patterns is carried; `*` as above, a part of a path at a time. No pattern at
 * all: everything.
 */
export function selector(patterns: readonly string[]): (path: string) => boolean {
  if (patterns.length === 0) return () => true;
  const wanted = patterns.map((pattern) => trimmed(pattern).split("/").map(toExpression));
  return (path) => {
    const parts = path.split("/");
    return wanted.some((pattern) =>
      pattern.slice(0, parts.length).every((part, index) => part.test(parts[index] ?? "")),
    );
  };
}
