import { readFileSync } from "node:fs";

const lookMilliseconds = 200;

interface Process {
  readonly pid: number;
  readonly bytes: number;
}

/**
 * Ends the largest process of a tree each time that the tree holds more memory than its limit, as the kernel does in a
 * memory cgroup without `memory.oom.group`. Linux only; elsewhere nothing is watched. Returns how to stop.
 */
export function watchMemory(root: number, limitBytes: number, onKill: () => void): () => void {
  const timer = setInterval(() => {
    const processes = treeOf(root);
    const total = processes.reduce((sum, { bytes }) => sum + bytes, 0);
    if (total <= limitBytes) return;
    const largest = processes.reduce((a, b) => (b.bytes > a.bytes ? b : a));
    onKill();
    try {
      process.kill(largest.pid, "SIGKILL");
    } catch {
      // It ended by itself in the meantime.
    }
  }, lookMilliseconds);
  timer.unref();
  return () => clearInterval(timer);
}

function treeOf(root: number): readonly Process[] {
  const found: Process[] = [];
  const waiting = [root];
  for (let pid = waiting.pop(); pid !== undefined; pid = waiting.pop()) {
    const status = read(`/proc/${pid}/status`);
    if (status === "") continue;
    found.push({ pid, bytes: memoryOf(status) });
    waiting.push(...read(`/proc/${pid}/task/${pid}/children`).split(" ").filter(Boolean).map(Number));
  }
  return found;
}

/** Pages of its own: those of programs and libraries are shared with the whole machine here. */
function memoryOf(status: string): number {
  const kibibytes = ["RssAnon", "RssShmem"].map((field) =>
    Number(new RegExp(`^${field}:\\s*(\\d+) kB`, "mu").exec(status)?.[1] ?? 0),
  );
  return kibibytes.reduce((sum, value) => sum + value, 0) * 1024;
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8").trimEnd();
  } catch {
    return "";
  }
}
