import { createReadStream } from "node:fs";
import { createStreamParser, emptySummary, summarize } from "@claude-k8s/stream-parser";
import { createTerminalRenderer } from "@claude-k8s/stream-parser/terminal";

const parser = createStreamParser();
const terminal = createTerminalRenderer({ width: 100 });
let summary = emptySummary();

const input = process.argv[2] === undefined ? process.stdin : createReadStream(process.argv[2]);
for await (const chunk of input) {
  for (const event of parser.push(chunk)) {
    process.stdout.write(terminal.render(event));
    summary = summarize(summary, event);
  }
}
for (const event of parser.end()) summary = summarize(summary, event);

const { result, cost, tools } = summary;
console.log({
  success: result?.success ?? false,
  cost: cost.own.costUsd,
  output: cost.own.usage.outputTokens,
  tools: tools.byName,
});
