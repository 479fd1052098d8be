import { spawn } from "node:child_process";

/** Ends what this process leaves behind when it is killed: a shell that waits for our end of a pipe to close. */
export interface Reaper {
  add(pid: number): void;
  remove(pid: number): void;
  /** Ends the shell; it takes the directory with it. */
  close(): Promise<void>;
}

const script = `
pids=" "
while read -r operation pid; do
  case $operation in
    +) pids="$pids$pid " ;;
    -) case $pids in *" $pid "*) pids="\${pids%%" $pid "*} \${pids#*" $pid "}" ;; esac ;;
  esac
done
for pid in $pids; do kill -KILL "-$pid" 2>/dev/null; done
rm -rf "$0"
`;

export function startReaper(directory: string): Reaper {
  // Its own session: Ctrl-C in the terminal must reach us, not the one who cleans up after us.
  const child = spawn("/bin/sh", ["-c", script, directory], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
    env: { PATH: process.env["PATH"] ?? "/usr/bin:/bin" },
  });
  const ended = new Promise<void>((resolve) => {
    child.once("close", () => resolve());
    child.once("error", () => resolve());
  });
  child.stdin.on("error", () => undefined);
  child.unref();
  (child.stdin as unknown as { unref?: () => void }).unref?.();
  return {
    add: (pid) => void child.stdin.write(`+ ${pid}\n`),
    remove: (pid) => void child.stdin.write(`- ${pid}\n`),
    close() {
      child.ref();
      child.stdin.end();
      return ended;
    },
  };
}
