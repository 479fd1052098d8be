/** Where a run of the command line works: options and settings, the plan that says so, and runs on the local cluster. */

import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { homedir, tmpdir } from "node:os";
import path from "node:path";

import { type LocalCluster, startLocalCluster } from "@claude-k8s/local-cluster";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";

import { type World, createWorld } from "../../adapter/test/scenario/world.ts";
import { createInterrupts } from "../src/interrupts.ts";
import { createLeaving } from "../src/leaving.ts";
import { run } from "./run-program.ts";

let root: string;
beforeAll(() => {
  root = realpathSync(mkdtempSync(path.join(tmpdir(), "cli-workspace-")));
  mkdirSync(path.join(root, "app"));
  writeFileSync(path.join(root, "app", "a.txt"), "a\n");
  writeFileSync(path.join(root, "file"), "");
  symlinkSync("app", path.join(root, "link"));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const planOf = (...args: string[]) => run(["plan", "--image", "x:1", "-n", "agents", ...args]);
function file(settings: object): string {
  const at = path.join(root, "settings.json");
  writeFileSync(at, JSON.stringify(settings));
  return at;
}

interface Pod {
  readonly containers: readonly {
    name: string;
    workingDir?: string;
    volumeMounts?: { mountPath: string }[];
  }[];
  readonly initContainers?: readonly { name: string }[];
  readonly volumes: readonly { persistentVolumeClaim?: { claimName: string } }[];
}
function podOf(text: string): Pod {
  return (parse(text) as { spec: { template: { spec: Pod } } }).spec.template.spec;
}
const claimsOf = (pod: Pod) => pod.volumes.flatMap((each) => each.persistentVolumeClaim?.claimName ?? []);

describe("options", () => {
  const repo = "https://git.example.com/acme/app.git";
  test.each([
    [["--copy", "app", "--repo", repo], "--copy and --repo name two"],
    [["--copy", "app", "--workspace", "empty"], "--copy and --workspace empty name two"],
    [["--repo", repo, "--workspace", "files"], "--repo and --workspace files name two"],
    [["--workspace", "copyed"], "did you mean copied? A claim of that name is claim/copyed"],
    [["--workspace", "Repository"], "did you mean repository?"],
    [["--workspace", "copied"], "--copy FOLDER"],
    [["--workspace", "repository"], "--repo URL, or repositoryUrl"],
    [["--workspace", "claim"], "--slot NAME"],
    [["--workspace", "shared"], "--workspace CLAIM"],
    [["--workspace", "My_Files"], "workspaceClaim is My_Files; it must be"],
    [["--ref", "main"], "--ref means something only together with --repo"],
    [["--copy", "app", "--push-branch", "x"], "--push-branch means something only together with --repo"],
    [["--copy-exclude", "x"], "--copy-exclude means something only together with --copy"],
    [["--copy", "app", "--copy-max-size", "much"], "copyMaxSize is much; it must be"],
    [["--repo", "/srv/app"], "repositoryUrl"],
    [["--copy", "nowhere"], "cannot be read (ENOENT)"],
    [["--copy", "file"], "is no folder"],
  ])("%j is refused with what to do", async (given, words) => {
    const args = given.map((each) =>
      ["app", "file", "nowhere"].includes(each) ? path.join(root, each) : each,
    );
    const { exitCode, errors, output } = await planOf(...args);
    expect({ exitCode, output }).toEqual({ exitCode: 2, output: "" });
    expect(errors).toContain(words);
  });

  test("the home folder, and what holds it, is not copied by a slip", async () => {
    for (const folder of [homedir(), "/"]) {
      const { exitCode, errors } = await planOf("--copy", folder);
      expect({ folder, exitCode }).toEqual({ folder, exitCode: 2 });
      expect(errors).toContain("your whole home folder");
    }
  });

  test("settings of a file choose as well, and options win over them", async () => {
    const config = file({ workspaceMode: "claim", workspaceClaim: "of-the-file", repositoryUrl: repo });
    expect((await planOf("--config", config)).errors).toContain("--slot NAME");
    const byOption = await planOf("--config", config, "--copy", path.join(root, "app"));
    expect(byOption.output).toContain("# Workspace: copied, in /workspace: the option --copy says so.");
    const claim = await planOf("--config", file({ workspaceClaim: "of-the-file" }));
    expect(claim.output).toContain("the setting workspaceClaim says so");
    expect(claimsOf(podOf(claim.output))).toEqual(["of-the-file"]);
    const other = await planOf("--config", config, "--workspace", "mine");
    expect(claimsOf(podOf(other.output))).toEqual(["mine"]);
  });
});

describe("plan", () => {
  test("of a copy: the mode and why, two containers, and no path of this machine", async () => {
    const { output, exitCode } = await planOf(
      "--copy",
      path.join(root, "link"),
      "--copy-exclude",
      "node_modules",
    );
    expect(exitCode).toBe(0);
    expect(output).toContain("# What the agent changes comes back when it has ended.");
    expect(output).toContain("# Not copied: node_modules.");
    expect(output).toContain("# Inherited from a pod: nothing.");
    expect(output).toMatch(/workingDir: \/workspace # where the workspace is: copied, as the option --copy/);
    const pod = podOf(output);
    expect(pod.initContainers?.map(({ name }) => name)).toContain("files");
    expect(pod.containers.map(({ name }) => name)).toEqual(["main", "files-holder"]);
    expect(output).not.toContain(root);
  });

  test("of a repository: branch and push, and a password nowhere", async () => {
    const password = ["a", "pass", "word"].join("-");
    const { output, exitCode } = await planOf(
      "--repo",
      `https://me:${password}@git.example.com/acme/app.git`,
      "--ref",
      "v1",
      "--push-branch",
      "fix",
    );
    expect(exitCode).toBe(0);
    expect(output).toContain("# Cloned from https://git.example.com/acme/app.git, v1, to work on fix.");
    expect(output).toContain("# What the agent leaves is pushed to fix.");
    expect(podOf(output).containers.map(({ workingDir }) => workingDir)).toContain("/workspace/app");
    expect(output).not.toContain(password);
  });

  test("of a claim of the slot's own: the same slot has the same claim, with home and workspace", async () => {
    const one = podOf((await planOf("--workspace", "claim", "--slot", "one")).output);
    const again = podOf((await planOf("--workspace", "claim", "--slot", "one")).output);
    const two = podOf((await planOf("--workspace", "claim", "--slot", "two")).output);
    expect(claimsOf(one)).toEqual([expect.stringMatching(/^claude-k8s-[0-9a-f]{20}$/)]);
    expect(claimsOf(again)).toEqual(claimsOf(one));
    expect(claimsOf(two)).not.toEqual(claimsOf(one));
    const mounted = one.containers[0]?.volumeMounts?.map(({ mountPath }) => mountPath);
    expect(mounted).toEqual(expect.arrayContaining(["/workspace", "/claude-k8s/home"]));
  });

  test("of nothing: an empty folder, which goes with the pod", async () => {
    const { output } = await planOf();
    expect(output).toContain("# Workspace: empty, in /workspace: no option and no setting names a place.");
    expect(output).toContain("# No file outlives the pod.");
  });
});

describe("a run that is left", () => {
  const ref = { namespace: "agents", jobName: "run-x", jobUid: "uid", runId: "r" };
  function leave(copies: boolean) {
    let errors = "";
    const streams = {
      input: (async function* () {})(),
      output: { write: () => undefined },
      errors: { write: (text: string) => void (errors += text) },
      environment: {},
    };
    const leaving = createLeaving(streams, { detach: true }, createInterrupts());
    const folders = [{ path: "/workspace", folder: "/home/me/a b" }];
    leaving.onSpec({
      namespace: "agents",
      slot: "s",
      runId: "r",
      image: "i",
      command: ["c"],
      ...(copies && { copies: { folders, holdSeconds: 900 } }),
    });
    return { leaving, errors: () => errors };
  }
  const at = "2026-01-01T00:00:00.000Z";

  test("is let go of at once where nothing is copied", () => {
    const { leaving, errors } = leave(false);
    leaving.onJob(ref);
    expect(leaving.cancellation.signal.aborted).toBe(true);
    leaving.told();
    expect(errors()).not.toContain("--copy");
  });

  test("is let go of when its files are in, and how they come back is said", () => {
    const { leaving, errors } = leave(true);
    leaving.onJob(ref);
    leaving.onEvent({ type: "pod-scheduled", at, podName: "p", nodeName: "n" } as never);
    expect(leaving.cancellation.signal.aborted).toBe(false);
    leaving.onEvent({ type: "files-sent", at, entries: 1, bytes: 1, refusals: [], refused: 0 });
    expect(leaving.cancellation.signal.aborted).toBe(true);
    leaving.told();
    expect(errors()).toContain("waits in its pod for 15 minutes after its end");
    expect(errors()).toContain("claude-k8s attach run-x -n agents --copy '/home/me/a b'");
  });
});

describe("on the local cluster", () => {
  let cluster: LocalCluster;
  let world: World;
  beforeAll(async () => {
    cluster = await startLocalCluster();
    world = await createWorld({ name: "local", kubeconfig: cluster.kubeconfig, image: "lab/base:1" });
  });
  afterAll(async () => {
    await world.close();
    await cluster.close();
  });
  const where = () => ["--kubeconfig", world.kubeconfig, "-n", world.namespace];
  const configFor = (plan: object): string => {
    const { kubeconfig: _kubeconfig, ...settings } = world.settings(plan);
    return file(settings);
  };

  test("a cluster without exec refuses a copy, and the folder is as it was", async () => {
    const config = configFor({ recording: "simple-text" });
    const folder = path.join(root, "app");
    const ended = await run(["run", ...where(), "--config", config, "--copy", folder, "hello"]);
    expect(ended.exitCode).toBe(1);
    expect(ended.errors).toContain("workspace_copy_failed");
    expect(readFileSync(path.join(folder, "a.txt"), "utf8")).toBe("a\n");
    expect((await run(["list", ...where(), "-o", "name"])).output).toBe("");
  });

  test("attach and stop name a folder only for a Job that has one", async () => {
    for (const command of ["attach", "stop"]) {
      const { exitCode, errors } = await run([
        command,
        ...where(),
        "run-x",
        "--copy",
        path.join(root, "app"),
      ]);
      expect({ command, exitCode }).toEqual({ command, exitCode: 2 });
      expect(errors).toContain("Job run-x is not there, or has no copied folder");
    }
  });
});
