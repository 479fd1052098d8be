// Started as a process of its own and killed: what remains of it is what the test looks at.
import { startLocalCluster } from "../../src/index.ts";
import { apiOf, podBody, podsPath, until } from "./api.ts";

const cluster = await startLocalCluster();
const api = apiOf(cluster);
await api.call("POST", podsPath, podBody("long", { command: ["sh", "-c", "trap '' TERM; sleep 300"] }));
await until(api, podsPath, "long", (pod) => pod?.status.phase === "Running");
const { processes, directory } = cluster.inspect();
process.stdout.write(JSON.stringify({ pid: processes[0]?.pid, directory }));
