import { createReadStream } from "node:fs";
import { createStreamParser, emptySummary, summarize } from "@claude-k8s/stream-parser";
import { createTerminalRenderer } from "@claude-k8s/stream-parser/terminal";

// A reader that goes away, as `head` does, is no error.
process.stdout.on("error", (error) => process.exit("code" in error && error.code === "EPIPE" ? 0 : 1));

async function* events() {
  const parser = createStreamParser();
  const input = process.argv[2] === undefined ? process.stdin : createReadStream(process.argv[2]);
  for await (const chunk of input) yield* parser.push(chunk);
  // A last line without a line end comes only now, often the one that shows how a run broke off.
  yield* parser.end();
}

const terminal = createTerminalRenderer({ width: 100 });
let summary = emptySummary();
for await (const event of events()) {
  summary = summarize(summary, event);
  process.stdout.write(terminal.render(event));
}
process.stdout.write(terminal.end());

const { result, cost, tools } = summary;
console.log({
  success: result?.success ?? false,
  cost: cost.own.costUsd,
  output: cost.own.usage.outputTokens,
  tools: tools.byName,
});
if (result?.success !== true) process.exitCode = 1;
