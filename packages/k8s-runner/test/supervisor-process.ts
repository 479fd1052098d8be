/** Runs one Job and tells of it, a line of JSON each; then stays until it is killed. */

import { connect, createRunner } from "../src/index.ts";
import type { SupervisorNews, SupervisorTask } from "./supervisor.ts";

const { kubeconfig, spec, spoolFolder, cleanUp } = JSON.parse(process.argv[2] ?? "{}") as SupervisorTask;
const cluster = await connect({ kubeconfig });
const runner = createRunner({ cluster, leaseSeconds: 5, ...(spoolFolder === null ? {} : { spoolFolder }) });
const start = await runner.start(spec);
if (start.kind !== "started") throw new Error(JSON.stringify(start));
const { run } = start;
tell({ type: "started", jobName: run.ref.jobName, jobUid: run.ref.jobUid });
for await (const chunk of run.output) tell({ type: "output", text: Buffer.from(chunk).toString() });
tell({ type: "exit", kind: (await run.exit).kind });
if (cleanUp) {
  await run.cleanUp({ keepJobSeconds: 0 });
  tell({ type: "clean" });
}
setInterval(() => undefined, 60_000);

function tell(news: SupervisorNews): void {
  process.stdout.write(`${JSON.stringify(news)}\n`);
}
