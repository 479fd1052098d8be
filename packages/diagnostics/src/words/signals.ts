/** Linux signal numbers as an exit status carries them (128 + n); the ones that end a process. */
const signalNames: Readonly<Record<number, string>> = {
  1: "SIGHUP",
  2: "SIGINT",
  3: "SIGQUIT",
  4: "SIGILL",
  5: "SIGTRAP",
  6: "SIGABRT",
  7: "SIGBUS",
  8: "SIGFPE",
  9: "SIGKILL",
  10: "SIGUSR1",
  11: "SIGSEGV",
  12: "SIGUSR2",
  13: "SIGPIPE",
  14: "SIGALRM",
  15: "SIGTERM",
  16: "SIGSTKFLT",
  24: "SIGXCPU",
  25: "SIGXFSZ",
  31: "SIGSYS",
};

/** `null` for an exit code that names no signal: 255 is an exit like any other, not signal 127. */
export function signalOfExitCode(exitCode: number | null): string | null {
  return exitCode === null ? null : (signalNames[exitCode - 128] ?? null);
}

export function signalName(number: number | null): string | null {
  return number === null ? null : (signalNames[number] ?? (number > 0 ? `signal ${number}` : null));
}

/** "exit 137 (SIGKILL)", "exit 1", "SIGTERM", "an unknown exit status". */
export function exitWords(exitCode: number | null, signal: string | null): string {
  if (exitCode === null) return signal ?? "an unknown exit status";
  const name = signal ?? signalOfExitCode(exitCode);
  return name === null ? `exit ${exitCode}` : `exit ${exitCode} (${name})`;
}
