import type { FixCondition } from "../catalog/entry.ts";

interface StartRule {
  readonly condition: Extract<FixCondition, "processor" | "cpu" | "path" | "mode" | "libraries" | "command">;
  readonly means: string;
  readonly pattern: RegExp;
}

/**
 * What container runtimes, shells and dynamic loaders say of a program that they could not start. Its own words can look
 * alike ("not found"), so they are only read of a process that never spoke its protocol.
 */
const rules: readonly StartRule[] = [
  {
    condition: "processor",
    means: "the image is for another processor than the node's",
    // A shell that cannot run a program tries it as a script, and stumbles over its first bytes.
    pattern:
      /exec format error|cannot execute binary file|\b(?:claude|node|bun): (?:line )?\d{1,4}: (?:syntax error\b|\W{0,3}ELF\b)|rosetta error|qemu-\w{3,20}(?:-static)?: (?:could not open|unable)/i,
  },
  {
    condition: "cpu",
    means: "the node's processor is older than the image's base system allows",
    pattern: /fatal glibc error: cpu does not support|cpu isa level is lower/i,
  },
  {
    condition: "libraries",
    means: "the program does not fit the image's base system",
    pattern:
      /error relocating|symbol not found|version `?'?(?:glibc|glibcxx|cxxabi)_[^\n]{1,40}not found|error (?:while )?loading shared librar|cannot execute: required file not found|ld-(?:linux|musl)[^\n]{0,60}(?:no such file|not found)|kernel too old|symbol lookup error|: relocation error|inconsistency detected by ld\.so/i,
  },
  {
    condition: "mode",
    means: "the program may not be executed",
    pattern:
      /^(?:[^\s:]{1,200}: )?(?:line )?(?:\d{1,6}: )?(?:exec )?[^\n]{0,200}: (?:permission denied|operation not permitted|is a directory)$|(?:exec|starting container process|fork\/exec)[^\n]{0,300}(?:permission denied|is a directory|operation not permitted)|not executable|\bspawn \S{1,200} EACCES\b/i,
  },
  {
    condition: "path",
    means: "a program is not there",
    pattern:
      /executable file [^\n]{0,120}not found|(?:exec|env|starting container process|fork\/exec|stat|sh|bash|dash|ash)\b[^\n]{0,300}(?:no such file or directory|not found)|command not found|^\[?(?:dumb-init|nice|ionice|chrt|taskset|setsid|nohup|gosu|su-exec)\b[^\n]{0,120}: no such file or directory|\bspawn \S{1,200} ENOENT\b|^[^\s:]{1,200}: not found$|: not found$/i,
  },
  {
    condition: "command",
    means: "its command line could not be passed on",
    pattern: /argument list too long/i,
  },
];

export interface StartWords {
  readonly condition: StartRule["condition"];
  readonly means: string;
  readonly line: string;
}

/** The newest line that tells why a program could not be started. */
export function startWords(lines: readonly string[]): StartWords | null {
  for (const line of lines.toReversed()) {
    const rule = rules.find(({ pattern }) => pattern.test(line));
    if (rule === undefined) continue;
    // A loader names the library that it lacks first, then every symbol of it.
    const told = rule.condition === "libraries" ? lines.find((one) => rule.pattern.test(one)) : line;
    return { condition: rule.condition, means: rule.means, line: told ?? line };
  }
  return null;
}

/** Only these are sure whatever the exit: nothing but a runtime or a loader says them. */
const sure =
  /exec format error|exec user process caused|^exec \S{1,200}: |cannot execute|error relocating|version `?'?glibc|error loading shared|error while loading shared|oci runtime|executable file [^\n]{0,120}not found|rosetta error|qemu-\w{3,20}(?:-static)?: (?:could not open|unable)|kernel too old|fatal glibc error|cpu isa level|inconsistency detected by ld\.so|\b(?:claude|node|bun): (?:line )?\d{1,4}: (?:syntax error\b|\W{0,3}ELF\b)|\bclaude'?: (?:command )?not found|spawn (?:\S{0,200}\/)?(?:claude|node|bun) (?:ENOENT|EACCES)|^\[?(?:dumb-init|nice|ionice|chrt|taskset|setsid|nohup|gosu|su-exec)\b[^\n]{0,80}\b(?:claude|node|bun)\W{0,3}: no such file|env: \W{0,3}node\W{0,3}: no such file/i;

/** Told by the exit (126, 127, 128), or by words that only a runtime says. */
export function startTrouble(lines: readonly string[], exitCode: number | null): StartWords | null {
  const words = startWords(lines);
  if (words === null) return null;
  return isStartExit(exitCode) || sure.test(words.line) ? words : null;
}

/** 126: may not be executed; 127: not found; 128: the runtime's own, of a command that did not start. */
export function isStartExit(exitCode: number | null): boolean {
  return exitCode === 126 || exitCode === 127 || exitCode === 128;
}
