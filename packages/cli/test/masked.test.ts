import { expect, test } from "vitest";

import { runProgram } from "../src/program.ts";

/** Made of pieces, so that no scanner takes this file for a leak. */
const planted = {
  "tool result": `ghp_${"A1b2C3d4".repeat(5)}`,
  "tool result by name": ["Kp7fQ2x", "Lm9Rz"].join(""),
};

function leaksIn(text: string): readonly string[] {
  return Object.entries(planted).flatMap(([source, value]) => (text.includes(value) ? [source] : []));
}

test("no command shows a secret that is in its input", async () => {
  const lines = [
    JSON.stringify({
      type: "assistant",
      message: { content: [{ type: "text", text: `UNKNOWN_PASSWORD=${planted["tool result by name"]}` }] },
    }),
    JSON.stringify({
      type: "result",
      subtype: "error_during_execution",
      is_error: true,
      result: `bad key ${planted["tool result"]}`,
    }),
    `DB_TOKEN=${planted["tool result by name"]}`,
  ];
  for (const command of [
    ["format"],
    ["explain", "--exit-code", "1"],
    ["explain", "--exit-code", "1", "--json"],
  ]) {
    let written = "";
    const sink = { write: (text: string) => (written += text) };
    const input = (async function* () {
      yield Buffer.from(lines.join("\n"));
    })();
    await runProgram(
      command,
      { input, output: sink, errors: sink, environment: {} },
      {
        version: "1.0.0",
        signal: new AbortController().signal,
      },
    );
    expect(written).not.toBe("");
    expect({ command, leaks: leaksIn(written) }).toEqual({ command, leaks: [] });
  }
});
