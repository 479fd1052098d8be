/** `run --copy`: the real Claude Code on a real cluster works on a copy of a folder of this machine. */

import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterAll, beforeAll, describe, test } from "vitest";

import { bash, say } from "../../../e2e/support/messages-api.ts";
import {
  type RealWorld,
  type Turn,
  done,
  openRealWorld,
  whyNot,
} from "../../adapter/test/workspace/copying-world.ts";
import { createInterrupts } from "../src/interrupts.ts";
import { run } from "./run-program.ts";

describe.skipIf(whyNot !== "")(`[real] run --copy${whyNot && ` (skipped: ${whyNot})`}`, () => {
  let world: RealWorld;
  let root: string;
  beforeAll(async () => {
    root = mkdtempSync(path.join(tmpdir(), "cli-copy-"));
    world = await openRealWorld("cli-copy");
  }, 600_000);
  afterAll(async () => {
    await world?.close();
    rmSync(root, { recursive: true, force: true });
  }, 120_000);

  /** A folder with files, and the arguments of a run in which the agent does what the replies say. */
  async function scene(name: string, replies: Turn["replies"]) {
    const folder = path.join(root, name, "project");
    mkdirSync(path.join(folder, "node_modules"), { recursive: true });
    writeFileSync(path.join(folder, "node_modules", "big.js"), "big\n");
    writeFileSync(path.join(folder, "kept.txt"), "kept\n");
    writeFileSync(path.join(folder, "gone.txt"), "gone\n");
    const { context } = await world.host(name, { replies });
    const config = path.join(root, name, "config.json");
    writeFileSync(config, JSON.stringify(context.config));
    const args = ["run", "--config", config, "--copy", folder, "--copy-exclude", "node_modules", "Do it"];
    const { kubeconfig } = context.config as { readonly kubeconfig: string };
    return { folder, args, where: ["--kubeconfig", kubeconfig, "-n", world.namespace] };
  }
  /** Nothing of the copy's own is left where people look. */
  const besideOf = (folder: string) =>
    readdirSync(path.dirname(folder)).filter((name) => name !== "project" && name !== "config.json");

  test.concurrent("the folder goes in without what is excluded, and what changed comes back", async ({
    expect,
  }) => {
    const { folder, args } = await scene("whole", [
      say(bash("ls -A > seen.txt; cat kept.txt >> seen.txt; rm gone.txt; mkdir -p made && pwd > made/pwd")),
      done,
    ]);
    const ended = await run(args);
    expect(ended).toMatchObject({ exitCode: 0, errors: expect.stringContaining("The run succeeded") });
    expect(ended.errors).toContain("▸ Workspace: copied, in /workspace: the option --copy says so.");
    expect(readFileSync(path.join(folder, "seen.txt"), "utf8")).toBe("gone.txt\nkept.txt\nseen.txt\nkept\n");
    expect(readFileSync(path.join(folder, "made", "pwd"), "utf8")).toBe("/workspace\n");
    expect(existsSync(path.join(folder, "gone.txt"))).toBe(false);
    expect(readFileSync(path.join(folder, "node_modules", "big.js"), "utf8")).toBe("big\n");
    expect(besideOf(folder)).toEqual([]);
  }, 240_000);

  test.concurrent("a run that Ctrl-C stops brings back what it has changed", async ({ expect }) => {
    const { folder, args } = await scene("stopped", [
      say(bash("echo changed > kept.txt")),
      say(bash("tail -f /dev/null")),
      done,
    ]);
    const interrupts = createInterrupts();
    const ended = await run(args, {
      interrupts,
      // The second command is given when the first one is done.
      onOutput: (text) => {
        if (text.includes("tail -f")) interrupts.interrupt("Ctrl-C");
      },
    });
    expect(ended.exitCode).toBe(130);
    expect(readFileSync(path.join(folder, "kept.txt"), "utf8")).toBe("changed\n");
    expect(besideOf(folder)).toEqual([]);
  }, 240_000);

  test.concurrent("a run that is left gets its files first, and attach brings back what it changed", async ({
    expect,
  }) => {
    const { folder, args, where } = await scene("left", [say(bash("echo late > late.txt")), done]);
    const left = await run([...args.slice(0, -1), "--detach", "Do it"]);
    expect(left).toMatchObject({ exitCode: 0, errors: expect.stringContaining(`--copy ${folder}`) });
    expect(left.errors.indexOf("The folder is copied into the pod first")).toBeLessThan(
      left.errors.indexOf("goes on as Job"),
    );
    const job = left.output.trim();
    // Elsewhere on this machine it is only looked at: nobody else could bring the changes back then.
    const watched = await run(["attach", ...where, job]);
    expect(watched.errors).toContain(`claude-k8s attach ${job} -n ${world.namespace} --copy FOLDER`);
    expect(existsSync(path.join(folder, "late.txt"))).toBe(false);
    const other = await run(["attach", ...where, job, "--copy", path.join(root, "left")]);
    expect(other).toMatchObject({ exitCode: 2, errors: expect.stringContaining("was not sent to Job") });

    const attached = await run(["attach", ...where, job, "--copy", folder]);
    expect(attached).toMatchObject({ exitCode: 0, errors: expect.stringContaining("The run succeeded") });
    expect(readFileSync(path.join(folder, "late.txt"), "utf8")).toBe("late\n");
    expect(besideOf(folder)).toEqual([]);
  }, 240_000);
});
