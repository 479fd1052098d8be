import { createReadStream } from "node:fs";
import { readdir } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { usageOfSessions } from "@claude-k8s/stream-parser/sessions";

const folder = process.argv[2] ?? join(homedir(), ".claude", "projects");
const names = await readdir(folder, { recursive: true });
const files = names.filter((name) => name.endsWith(".jsonl")).sort();

// A reader that goes away, as `head` does, is no error.
process.stdout.on("error", (error) => process.exit("code" in error && error.code === "EPIPE" ? 0 : 1));

const usage = await usageOfSessions(files.map((name) => createReadStream(join(folder, name))));
for (const { day, model, sessionId, usage: tokens, costUsd } of usage.rows) {
  console.log(day, model, sessionId.slice(0, 8), tokens.outputTokens, costUsd?.toFixed(4) ?? "no price");
}
console.log(`${usage.total.messages} messages, $${usage.total.costUsd?.toFixed(4) ?? "?"}`);
