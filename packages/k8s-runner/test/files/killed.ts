/** A process that fetches a pod's changes and, before its n-th change of the file system, is killed or finds the disk full from then on. */

import { createRequire, syncBuiltinESMExports } from "node:module";
import { fetchChanges } from "../../src/files/exchange/fetch-back.ts";
import { diskTrouble } from "../../src/files/exchange/patience.ts";
import { runStateOf } from "../../src/files/exchange/run-state.ts";
import { attachLocalPod } from "./local-pod.ts";

const [podRoot = "", stateRoot = "", folder = "", killAt = "", how = "killed"] = process.argv.slice(2);
const disk = createRequire(import.meta.url)("node:fs/promises") as Record<
  string,
  (...values: unknown[]) => unknown
>;
let step = 0;
for (const name of ["rename", "unlink", "rmdir", "mkdir", "symlink", "writeFile", "rm", "chmod", "utimes"]) {
  const original = disk[name];
  disk[name] = (...values) => {
    step += 1;
    if (step === Number(killAt) && how === "killed") process.kill(process.pid, "SIGKILL");
    // What takes room; the rest works on a full disk as well.
    const grows = ["mkdir", "symlink", "writeFile", "rename"].includes(name);
    if (step >= Number(killAt) && how === "full" && grows)
      return Promise.reject(
        Object.assign(new Error("ENOSPC: no space left"), { code: "ENOSPC", syscall: name }),
      );
    return original?.(...values);
  };
}
syncBuiltinESMExports();

const outcome = await fetchChanges({
  folders: [{ path: "/work", folder }],
  limits: { bytes: 1e9, entries: 1e6 },
  state: runStateOf(stateRoot, "run-uid"),
  suffix: "conflict",
  start: attachLocalPod(podRoot).start,
  patienceSeconds: 10,
  progress: () => undefined,
  signal: new AbortController().signal,
}).catch((error: unknown) => ({ kind: "rejected", trouble: diskTrouble(error) }));
process.stdout.write(JSON.stringify({ outcome, steps: step }));
