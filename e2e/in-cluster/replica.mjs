// One of several server processes: executes one run of a slot once all of them are ready, and says on stdout what came of it.
// It runs in a pod, with nothing but Node.js and the packed adapter: node replica.mjs ADAPTER_FOLDER ORDER_FILE NAME
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

const [adapterFolder, orderFile, name] = process.argv.slice(2);
const { exports } = JSON.parse(readFileSync(join(adapterFolder, "package.json"), "utf8"));
const entry = exports["."].default ?? exports["."].import ?? exports["."];
const { createServerAdapter } = await import(pathToFileURL(join(adapterFolder, entry)));
const adapter = createServerAdapter();
const order = JSON.parse(await readFile(orderFile, "utf8"));

const folder = dirname(orderFile);
writeFileSync(join(folder, `${name}.ready`), "");
while (!order.replicas.every((other) => existsSync(join(folder, `${other}.ready`))))
  await new Promise((resolve) => setTimeout(resolve, 20));

let output = "";
const events = [];
const result = await adapter.execute({
  ...order.context,
  runId: order.runIds[name],
  onLog: async (stream, chunk) => {
    if (stream === "stdout") output += chunk;
  },
  onMeta: async () => {},
  onEvent: async ({ eventType }) => void events.push(eventType),
  onCancellationReady: async () => {},
  onRuntimeProgress: () => {},
  onDispatch: () => {},
  signal: new AbortController().signal,
});
const { exitCode, errorMessage = null, resultJson } = result;
console.log(
  `REPLICA ${JSON.stringify({ exitCode, errorMessage, code: resultJson?.diagnosis?.code ?? null, events, output })}`,
);
// Watches and Leases of the adapter live as long as their process.
process.exit(0);
