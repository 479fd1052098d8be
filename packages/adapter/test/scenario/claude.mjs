// Stands for `claude` in a pod: reads its prompt, then replays a recorded run. What to do is in FAKE_CLAUDE (JSON).
import { readFileSync, writeSync } from "node:fs";
import { join } from "node:path";

const folder = process.env.FAKE_CLAUDE_FOLDER;
const plan = JSON.parse(process.env.FAKE_CLAUDE ?? "{}");
const prompt = readFileSync(0, "utf8");
const resumes = process.argv.includes("--resume");
const name = resumes && plan.resumed ? plan.resumed : plan.recording;
const lines = readFileSync(join(folder, `${name}.ndjson`), "utf8").split(/(?<=\n)/);

if (plan.tell) {
  const told = { type: "told", prompt, arguments: process.argv.slice(2), environment: process.env };
  writeSync(1, `${JSON.stringify(told)}\n`);
}
for (const [index, line] of lines.entries()) {
  if (index === plan.pauseAt) await pause();
  writeSync(1, line);
}
if (plan.pauseAt === "end") await pause();
process.exitCode = resumes && plan.resumed ? 1 : (plan.exitCode ?? 0);

async function pause() {
  if (plan.next === "hang") {
    process.on("SIGTERM", () => process.exit(143));
    await new Promise((resolve) => setTimeout(resolve, 600_000));
  }
  if (plan.next === "nap") await new Promise((resolve) => setTimeout(resolve, plan.milliseconds));
  if (plan.next === "eat") {
    const eaten = [];
    for (;;) eaten.push(Buffer.alloc(16 * 1024 * 1024, 1));
  }
}
