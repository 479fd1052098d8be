import { createReadStream } from "node:fs";
import { createMeter, parseStream } from "@claude-k8s/stream-parser";

// A reader that goes away, as `head` does, is no error.
process.stdout.on("error", (error) => process.exit("code" in error && error.code === "EPIPE" ? 0 : 1));

const meter = createMeter();
let shown = "";
for await (const event of parseStream(createReadStream(process.argv[2] ?? "run.ndjson"))) {
  const { costUsd, usage, estimated } = meter.push(event);
  const line = `${estimated ? "about " : ""}$${costUsd?.toFixed(4) ?? "?"}, ${usage.outputTokens} tokens out`;
  if (line !== shown) console.log(line);
  shown = line;
}
