/** The packages that claim no platform also load in the other runtimes of the language, where npm has them for this machine. */
import { join } from "node:path";
import { platformless } from "./bundles.ts";
import { execute, problemOf } from "./execute.ts";
import type { Check } from "./project.ts";

const runtimes = {
  bun: { package: "bun@1", args: ["run"] },
  deno: { package: "deno@2", args: ["run", "--no-remote", "--allow-read", "--node-modules-dir=manual"] },
};

export const otherRuntimes: Check = async function* ({ folder, tested }) {
  if (!platformless.includes(tested.name)) return;
  for (const [name, { package: wanted, args }] of Object.entries(runtimes)) {
    const installed = await execute(
      "npm",
      ["install", "--no-save", "--no-audit", "--no-fund", "--prefer-offline", wanted],
      { cwd: folder },
    );
    const problem =
      problemOf(installed) ??
      problemOf(
        await execute(join(folder, "node_modules/.bin", name), [...args, "bundled.js"], { cwd: folder }),
      );
    yield { name: `loads in ${name}`, problem };
  }
};
