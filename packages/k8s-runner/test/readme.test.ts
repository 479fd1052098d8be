/** The README's tables are whole, and its example that the local cluster cannot run prints on a real one what is shown. */

import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import type { ConnectOptions, RunnerOptions } from "../src/index.ts";
import { openWorld } from "./world.ts";

const folder = fileURLToPath(new URL("..", import.meta.url));
const readme = readFileSync(`${folder}README.md`, "utf8");
const kubeconfig = process.env["KUBECONFIG"] ?? null;

test("every option of connect is listed, in its heading and its table", () => {
  const options: Record<keyof Required<ConnectOptions>, true> = {
    kubeconfig: true,
    context: true,
    inCluster: true,
    trust: true,
    brief: true,
  };
  expect(namesIn("connect")).toEqual(Object.keys(options));
  expect(rowsUnder("connect")).toEqual(Object.keys(options));
});

test("every option of createRunner is listed, in its heading and its table", () => {
  const options: Record<keyof Required<RunnerOptions>, true> = {
    cluster: true,
    identity: true,
    leaseSeconds: true,
    policy: true,
    sealKey: true,
    spoolFolder: true,
    spoolBytes: true,
    clock: true,
  };
  expect(namesIn("createRunner")).toEqual(Object.keys(options));
  expect(["cluster", ...rowsUnder("createRunner")]).toEqual(Object.keys(options));
});

describe.skipIf(kubeconfig === null)("[real] copied folders (needs KUBECONFIG)", () => {
  test("the example prints what is shown", { timeout: 120_000 }, async () => {
    const [, code = "", shown] = /^```ts\n([^`]*?copies: \{.*?)^```\n\n```\n(.*?)^```/ms.exec(readme) ?? [];
    const path = kubeconfig ?? "";
    const world = await openWorld("real", readFileSync(path, "utf8"));
    try {
      const here = code
        .replace(`namespace: "default"`, `namespace: "${world.namespace}"`)
        .replace(`image: "node:24-alpine"`, `image: "lab/base:1", imagePullPolicy: "Never"`);
      const args = ["--conditions=@claude-k8s/source", "--no-warnings", "--input-type=module-typescript"];
      const { stdout } = await promisify(execFile)(process.execPath, [...args, "--eval", here], {
        cwd: folder,
        env: { ...process.env, NO_COLOR: "1", KUBECONFIG: path },
      });
      expect(stdout).toBe(shown);
    } finally {
      await world.close();
    }
  });
});

function namesIn(call: string): readonly string[] {
  return new RegExp(`^\`${call}\\(\\{ (.*?) \\}\\)\`$`, "m").exec(readme)?.[1]?.split(", ") ?? [];
}

/** The first column of the table below the call. */
function rowsUnder(call: string): readonly string[] {
  const below = readme.slice(readme.search(new RegExp(`^\`${call}\\(\\{`, "m")));
  const table = /^\| option .*\n\| ---.*\n((?:\|.*\n)+)/m.exec(below)?.[1] ?? "";
  return [...table.matchAll(/^\| `(\w+)`/gm)].map(([, name = ""]) => name);
}
