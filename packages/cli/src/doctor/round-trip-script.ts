export const longLineBytes = 1024 ** 2;

/** So long it stays for a program that is to be started in it. A cluster under load takes its time for that. */
const staySeconds = 20;

/** A long line, and two that are equal and carry one timestamp: what a careless reader of logs cuts, or takes for one. */
const printing = [
  `if command -v claude >/dev/null 2>&1; then claude --version 2>/dev/null | head -n 1; else echo "no claude"; fi`,
  `head -c ${longLineBytes} /dev/zero | tr '\\0' x; echo`,
  String.raw`printf 'same\nsame\n'`,
  "echo end",
];

/**
 * What the pod of a round trip runs: its process, the version of Claude Code, lines that are hard on a log. With `waits` it then waits
 * for SIGUSR1. Whoever reads the process's number may send that at once, long before the last line where `claude` starts slowly: the
 * signal's default would end the shell, so the trap is set before the number is printed.
 */
export function roundTripScript({ waits }: { readonly waits: boolean }): string {
  const trap = `waiting=; trap 'let_go=1; [ -z "$waiting" ] || kill "$waiting"' USR1`;
  const wait = [`sleep ${staySeconds} & waiting=$!`, `[ -z "$let_go" ] || kill "$waiting"`, "wait", "exit 0"];
  return [...(waits ? ["let_go=", trap] : []), "echo $$", ...printing, ...(waits ? wait : [])].join("\n");
}
