/** Every entry can be imported and required, and every command run, by the oldest Node that the package claims. */
import { join } from "node:path";
import { execute, problemOf } from "./execute.ts";
import type { Check } from "./project.ts";

export const loads: Check = async function* ({ folder, tested, oldestNode, oldestVersion }) {
  for (const { subpath } of tested.entries) {
    const entry = JSON.stringify(join(tested.name, subpath));
    const code = {
      import: [
        "--input-type=module",
        "--eval",
        `const all = await import(${entry}); if (Object.keys(all).length === 0) process.exit(1)`,
      ],
      require: [
        "--input-type=commonjs",
        "--eval",
        `if (Object.keys(require(${entry})).length === 0) process.exit(1)`,
      ],
    };
    for (const [way, args] of Object.entries(code)) {
      const problem = problemOf(await execute(oldestNode, args, { cwd: folder }));
      yield { name: `${way} of ${join(tested.name, subpath)} on Node ${oldestVersion}`, problem };
    }
  }
  for (const command of Object.keys(tested.manifest["bin"] ?? {})) {
    const args = [join(folder, "node_modules/.bin", command), "--help"];
    const problem = problemOf(await execute(oldestNode, args, { cwd: folder }));
    yield { name: `${command} --help on Node ${oldestVersion}`, problem };
    if (command !== "claude-k8s") continue;
    // It reads files that no import names: they have to be in the package.
    const simulation = [join(folder, "node_modules/.bin", command), "simulate", "success", "--speed", "10"];
    const missing = problemOf(await execute(oldestNode, simulation, { cwd: folder }));
    yield { name: `${simulation.slice(1).join(" ")} on Node ${oldestVersion}`, problem: missing };
  }
};
