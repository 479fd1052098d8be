/** Exit code → name of the signal. Containers are Linux processes: the numbers are Linux's, whatever machine asks. */

const names: ReadonlyMap<number, string> = new Map([
  [1, "SIGHUP"],
  [2, "SIGINT"],
  [3, "SIGQUIT"],
  [4, "SIGILL"],
  [5, "SIGTRAP"],
  [6, "SIGABRT"],
  [7, "SIGBUS"],
  [8, "SIGFPE"],
  [9, "SIGKILL"],
  [10, "SIGUSR1"],
  [11, "SIGSEGV"],
  [12, "SIGUSR2"],
  [13, "SIGPIPE"],
  [14, "SIGALRM"],
  [15, "SIGTERM"],
  [16, "SIGSTKFLT"],
  [24, "SIGXCPU"],
  [25, "SIGXFSZ"],
  [26, "SIGVTALRM"],
  [27, "SIGPROF"],
  [29, "SIGIO"],
  [30, "SIGPWR"],
  [31, "SIGSYS"],
]);

/** `signal` is what the runtime says, where it says it; else shells and runtimes exit with 128 + n. */
export function signalName(exitCode: number, signal: number | null): string | null {
  if (signal !== null) return names.get(signal) ?? `signal ${signal}`;
  return names.get(exitCode - 128) ?? null;
}
