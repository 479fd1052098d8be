/**
 * What the runner costs, each as a ratio measured in this run: reading a log, telling an ending, following 500 containers, copying a
 * folder. On a cluster in this process, or on the one of KUBECONFIG. `BENCH=follows,ending` runs only these.
 */

import { benchCopies } from "./copies.ts";
import { benchEnding } from "./ending.ts";
import { benchFollows } from "./follows.ts";
import { followedSteps } from "./follows-task.ts";
import { openPlace } from "./place.ts";
import { benchThroughput, printed } from "./throughput.ts";

const wanted = process.env["BENCH"]?.split(",") ?? ["throughput", "ending", "follows", "copies"];
if (wanted.includes("throughput")) {
  const place = await openPlace({
    kubelet: { logMaxBytes: 2 ** 40 },
    containers: () => ({ steps: printed(), ending: "never" }),
  });
  await benchThroughput(place);
  await place.close();
}
if (wanted.includes("ending")) {
  const place = await openPlace();
  await benchEnding(place);
  await place.close();
}
if (wanted.includes("follows")) {
  const place = await openPlace({
    nodes: [{ name: "node-1", cpu: "1000", memory: "1000Gi", pods: 1000 }],
    containers: () => ({ steps: followedSteps() }),
  });
  await benchFollows(place);
  await place.close();
}
if (wanted.includes("copies")) {
  const place = await openPlace();
  await benchCopies(place);
  await place.close();
}
