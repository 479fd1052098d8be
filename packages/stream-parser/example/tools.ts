import { createReadStream } from "node:fs";
import { isToolUse } from "@claude-k8s/stream-parser";
import { createLogParser } from "@claude-k8s/stream-parser/logs";

async function* events() {
  // Of `kubectl logs --timestamps`, of a container runtime, of a collector, or the plain stream.
  const parser = createLogParser();
  for await (const chunk of createReadStream(process.argv[2] ?? "run.log")) yield* parser.push(chunk);
  yield* parser.end();
}

// A reader that goes away, as `head` does, is no error.
process.stdout.on("error", (error) => process.exit("code" in error && error.code === "EPIPE" ? 0 : 1));

for await (const event of events()) {
  if (event.type !== "assistant") continue;
  for (const block of event.content) {
    if (isToolUse(block, "Bash")) console.log("ran", block.input.command);
    else if (isToolUse(block, "Edit")) console.log("changed", block.input.file_path);
  }
}
