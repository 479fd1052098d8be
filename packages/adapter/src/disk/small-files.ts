import { randomBytes } from "node:crypto";
import { mkdir, open, readFile, readdir, rename, rm, stat } from "node:fs/promises";
import path from "node:path";

/** JSON files of the server alone (0600), one for each thing to be remembered. All reject with the disk's error. */

/** A reader finds the old file or the new one, never a half. */
export async function writeWhole(file: string, value: object): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const beside = `${file}.${randomBytes(4).toString("hex")}.new`;
  try {
    const handle = await open(beside, "wx", 0o600);
    try {
      await handle.writeFile(JSON.stringify(value));
    } finally {
      await handle.close();
    }
    await rename(beside, file);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}

export async function readObject(file: string): Promise<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(await readFile(file, "utf8"));
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch (error) {
    // Removed meanwhile, or damaged: it tells nothing.
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw error;
  }
}

export async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).filter((name) => name.endsWith(".json"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

export async function prune(folder: string, days: number): Promise<void> {
  const oldest = Date.now() - days * 86_400_000;
  for (const name of await namesIn(folder)) {
    const file = path.join(folder, name);
    const known = await stat(file).catch(() => null);
    if (known !== null && known.mtimeMs < oldest) await rm(file, { force: true });
  }
}
