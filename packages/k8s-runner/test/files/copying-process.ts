/** A process that runs a spec with copied folders until an event of the given type has come; then it is killed. */

import { readFileSync } from "node:fs";
import { connect, createRunner } from "../../src/index.ts";
import type { RunSpec } from "../../src/index.ts";

const [kubeconfig = "", specFile = "", lastEvent = ""] = process.argv.slice(2);
const spec = JSON.parse(readFileSync(specFile, "utf8")) as RunSpec;
const cluster = await connect({ kubeconfig: { path: kubeconfig } });
const runner = createRunner({ cluster, leaseSeconds: 5 });
const start = await runner.start(spec, { onEvent: ({ type }) => dieAfter(type) });
if (start.kind !== "started" && start.kind !== "adopted") throw new Error(`no run: ${start.kind}`);
const listening = (async () => {
  for await (const { type } of start.run.events) dieAfter(type);
})();
for await (const _ of start.run.output);
await start.run.exit;
await listening;
process.stdout.write("it ended first");

function dieAfter(type: string): void {
  if (type === lastEvent) process.kill(process.pid, "SIGKILL");
}
