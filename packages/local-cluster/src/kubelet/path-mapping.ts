/**
 * A process without root cannot mount, so a volume is a real folder somewhere else, and every mention of its mount path
 * in what the container is given (command, arguments, literal variables, working directory) is rewritten to that folder.
 */
export interface PathMapping {
  /** Rewrites mount paths inside of a text. */
  rewrite(text: string): string;
  /** The real path of an absolute container path, or null when it lies in no mount. */
  resolve(path: string): string | null;
}

// What may come before a path: not a path's own character, and not the end of an expansion (`${HOME}/tmp`, `"$(pwd)"/tmp`).
const startBoundary = String.raw`(?<![\w.\-/~*})])`;
const endBoundary = String.raw`(?![\w.\-])`;

export function createPathMapping(mounts: ReadonlyMap<string, string>): PathMapping {
  // The longest first: `/work/cache` before `/work`.
  const paths = [...mounts.keys()].map(normalize).sort((a, b) => b.length - a.length);
  const real = new Map([...mounts].map(([path, folder]) => [normalize(path), folder]));
  const pattern =
    paths.length === 0
      ? null
      : new RegExp(`${startBoundary}(?:${paths.map(escapeText).join("|")})${endBoundary}`, "gu");
  return {
    rewrite: (text) =>
      pattern === null ? text : text.replaceAll(pattern, (path) => real.get(normalize(path)) ?? path),
    resolve(path) {
      const wanted = normalize(path);
      const mount = paths.find((candidate) => wanted === candidate || wanted.startsWith(`${candidate}/`));
      return mount === undefined ? null : (real.get(mount) ?? "") + wanted.slice(mount.length);
    },
  };
}

function normalize(path: string): string {
  return path.length > 1 ? path.replace(/(?<!\/)\/+$/u, "") : path;
}

function escapeText(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/]/gu, String.raw`\$&`);
}
