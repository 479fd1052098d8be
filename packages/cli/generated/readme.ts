import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { readScreens } from "./screens/screens.ts";

const file = fileURLToPath(new URL("../README.md", import.meta.url));
const begin =
  "<!-- Screens: made by `pnpm generate` from what the commands print; edit `generated/screens`. -->";
const end = "<!-- End of the screens. -->";

/** The README with its captured screens: what stands between the two comments is what the commands print today. */
export async function generated(): Promise<{ readonly path: string; readonly content: string }> {
  const readme = readFileSync(file, "utf8");
  const from = readme.indexOf(begin);
  const to = readme.indexOf(end);
  if (from < 0 || to < from)
    throw new Error(`README.md of the command line has no place for screens: ${begin} … ${end}`);
  const screens = await readScreens();
  const content = `${readme.slice(0, from)}${begin}\n\n${screens.join("\n\n")}\n\n${readme.slice(to)}`;
  return { path: "packages/cli/README.md", content };
}
