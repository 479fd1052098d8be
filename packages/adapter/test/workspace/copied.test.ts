/** Which folder of the server is copied into a pod, and which is not. */

import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { openConfig } from "./request.ts";
import { copyable, openCopied } from "../../src/workspace/copied.ts";
import type { WorkspaceAnswer } from "../../src/workspace/workspace.ts";

const company = "company-1";
const agent = "agent-1";

let root: string;
let instance: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), "copied-"));
  instance = path.join(root, "instances", "default");
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function folder(...parts: string[]): Promise<string> {
  const made = path.join(instance, ...parts);
  await mkdir(made, { recursive: true });
  return made;
}

interface Given {
  readonly cwd: string | null;
  readonly agentHome?: string;
  readonly config?: Record<string, unknown>;
  readonly rules?: Parameters<typeof openConfig>[0]["rules"];
  /** What the API server says of `pods/exec`. */
  readonly exec?: boolean | null;
  readonly claim?: Record<string, unknown>;
}

const request = ({ cwd, agentHome, config, rules, exec = true, claim }: Given) =>
  openConfig({
    home: { folder: root, instance },
    owner: { company, agent },
    workspace: { cwd, ...(agentHome !== undefined && { agentHome }) },
    config: config ?? {},
    rules: rules ?? {},
    exec,
    ...(claim !== undefined && { claim }),
  });

async function opened(given: Given): Promise<WorkspaceAnswer> {
  return openCopied(await request({ ...given, config: { workspaceMode: "copied", ...given.config } }), {
    mode: "copied",
    why: "a test says so",
  });
}

describe("by default", () => {
  test("a folder of the agent's", async () => {
    expect(await copyable(await request({ cwd: await folder("workspaces", agent) }))).toBe("yes");
  });

  test("a folder, where nobody says whether exec is allowed: trying will show it", async () => {
    expect(await copyable(await request({ cwd: await folder("workspaces", agent), exec: null }))).toBe("yes");
  });

  test("a folder below an agent of its company", async () => {
    const cwd = await folder("companies", company, "agents", agent, "instructions");
    expect(await copyable(await request({ cwd }))).toBe("yes");
  });

  const refusals: readonly (readonly [string, () => Promise<Given>, string])[] = [
    ["another agent's folder", async () => ({ cwd: await folder("workspaces", "agent-2") }), "outside"],
    [
      "another company's project",
      async () => ({ cwd: await folder("projects", "company-2", "p") }),
      "outside",
    ],
    ["the database", async () => ({ cwd: await folder("db") }), "outside"],
    ["the server's secrets", async () => ({ cwd: await folder("secrets") }), "outside"],
    ["the adapter's own folder", async () => ({ cwd: await folder("claude-k8s", "sessions") }), "outside"],
    [
      "all of the company, logins of its other programs included",
      async () => ({ cwd: await folder("companies", company) }),
      "outside",
    ],
    ["all of its agents", async () => ({ cwd: await folder("companies", company, "agents") }), "outside"],
    [
      "all of an agent, with the homes of other programs",
      async () => ({ cwd: await folder("companies", company, "agents", agent) }),
      "outside",
    ],
    ["all of Paperclip", async () => ({ cwd: instance }), "outside"],
    [
      "a link of a project that leads to the database",
      async () => {
        const project = await folder("projects", company);
        await symlink(await folder("db"), path.join(project, "p"));
        return { cwd: path.join(project, "p") };
      },
      "outside",
    ],
    [
      "a folder that does not exist",
      async () => ({ cwd: path.join(await folder("workspaces", agent), "x") }),
      "ENOENT",
    ],
    [
      "a file",
      async () => {
        const file = path.join(await folder("workspaces", agent), "file");
        await writeFile(file, "");
        return { cwd: file };
      },
      "another kind",
    ],
    [
      "exec is not allowed",
      async () => ({ cwd: await folder("workspaces", agent), exec: false }),
      "pods/exec",
    ],
    [
      "the overlay mounts a volume",
      async () => ({
        cwd: await folder("workspaces", agent),
        config: { podTemplate: "spec: {volumes: [{name: v, persistentVolumeClaim: {claimName: c}}]}" },
      }),
      "podTemplate",
    ],
    [
      "the working directory is one of the image",
      async () => ({ cwd: await folder("workspaces", agent), config: { cwd: "/app" } }),
      "cwd",
    ],
  ];
  test.each(refusals)("not %s", async (_name, given, words) => {
    expect(await copyable(await request(await given()))).toEqual({ no: expect.stringContaining(words) });
  });
});

describe("where somebody has chosen it", () => {
  test("the folder goes to /workspace, its `.git` with it, within the limits of the settings", async () => {
    const cwd = await folder("projects", company, "p", "repo");
    await mkdir(path.join(cwd, ".git"));
    const answer = await opened({
      cwd,
      config: {
        copyExclude: "node_modules\nbuild/cache",
        copyMaxSize: "1Gi",
        copyMaxFiles: 5000,
        copyHoldSec: 60,
      },
    });
    expect(answer).toMatchObject({
      kind: "ready",
      workspace: {
        mode: "copied",
        workingDirectory: "/workspace",
        places: [{ server: cwd, pod: "/workspace" }],
        spec: {
          copies: {
            folders: [
              {
                path: "/workspace",
                folder: cwd,
                name: "the workspace",
                exclude: ["node_modules", "build/cache"],
              },
            ],
            holdSeconds: 60,
            limits: { bytes: 1024 ** 3, entries: 5000 },
            limitNames: { bytes: "copyMaxSize", entries: "copyMaxFiles" },
          },
        },
      },
    });
  });

  test("the agent's own home goes along, where it is another folder", async () => {
    const cwd = await folder("projects", company, "p");
    const agentHome = await folder("workspaces", agent);
    expect(await opened({ cwd, agentHome })).toMatchObject({
      workspace: { places: [{ server: cwd }, { server: agentHome, pod: "/claude-k8s/agent-home" }] },
    });
    const within = await folder("workspaces", agent, "inner");
    const answer = await opened({ cwd: within, agentHome });
    expect(answer.kind === "ready" && answer.workspace.places).toEqual([
      { server: within, pod: "/workspace" },
    ]);
  });

  test("a worktree says that git will not work in it", async () => {
    const cwd = await folder("projects", company, "p");
    await writeFile(path.join(cwd, ".git"), "gitdir: /elsewhere/.git/worktrees/p\n");
    const answer = await opened({ cwd });
    expect(answer.kind === "ready" && answer.workspace.notes).toContainEqual(
      expect.stringContaining("git worktree"),
    );
  });

  test("a folder of others is not allowed, and the operator may allow it", async () => {
    const cwd = path.join(root, "srv", "code");
    await mkdir(cwd, { recursive: true });
    expect(await opened({ cwd })).toMatchObject({
      kind: "refused",
      ending: { diagnosis: { code: "not_allowed_by_operator" } },
    });
    const rules = { fileFolders: [path.join(root, "srv")] };
    expect(await opened({ cwd, rules })).toMatchObject({ kind: "ready" });
  });

  test.each([
    ["no folder", null],
    ["a folder that does not exist", "missing"],
  ])("%s is a setting that cannot be used", async (_name, name) => {
    const cwd = name === null ? null : path.join(await folder("workspaces", agent), name);
    expect(await opened({ cwd })).toMatchObject({
      kind: "refused",
      ending: { diagnosis: { code: "settings_invalid" } },
    });
  });
});

describe("a cache of copies", () => {
  async function withCache(more: Partial<Given> = {}) {
    const cwd = await folder("workspaces", agent);
    const config = { copyCache: "20Gi", ...more.config };
    const answer = await opened({ ...more, cwd, config });
    if (answer.kind !== "ready") throw new Error("refused");
    return answer.workspace;
  }
  const own = { labels: { "app.kubernetes.io/managed-by": "claude-k8s" } };

  test("is a claim of the agent's own, which is made before the first run, on whose node the others stay", async () => {
    const { spec, lent, pin, notes, begin } = await withCache();
    const cache = spec.copies?.cache;
    expect(cache).toEqual({
      name: "copy-cache",
      persistentVolumeClaim: { claimName: expect.stringMatching(/^claude-k8s-[0-9a-f]{20}$/) },
    });
    expect(lent).toEqual([{ volume: cache, subPaths: [""] }]);
    expect(pin).toEqual({ kind: "beside", labels: { "paperclip.io/agent-id": agent } });
    expect(notes.at(-1)).toMatch(/^Claim claude-k8s-\S+ of 20Gi is the cache of what is copied$/);
    expect(begin).toBeTypeOf("function");
  });

  test("may be had on several nodes at once where its class allows it", async () => {
    expect((await withCache({ config: { workspaceClaimAccess: "ReadWriteMany" } })).pin).toBeNull();
  });

  test("is found again", async () => {
    const { spec, begin } = await withCache({ claim: own });
    expect(spec.copies?.cache?.persistentVolumeClaim?.claimName).toBe("found");
    expect(begin).toBeUndefined();
  });

  test.each([
    ["the server may make no claims", { exec: false }, "persistentvolumeclaims"],
    ["somebody else has made it", { claim: {} }, "was made by somebody else"],
    [
      "it is being removed",
      { claim: { ...own, deletionTimestamp: "2026-01-01T00:00:00Z" } },
      "is being removed",
    ],
  ])("is done without, and that is said, where %s", async (_, given, words) => {
    const { spec, notes, lent, begin } = await withCache(given);
    expect(spec.copies).toBeDefined();
    expect(spec.copies?.cache).toBeUndefined();
    expect(notes.at(-1)).toMatch(new RegExp(`^No cache of copies: .*${words}`));
    expect([lent, begin]).toEqual([[], undefined]);
  });

  test("keeps to the size that the operator allows", async () => {
    const rules = { maximum: { claimSize: "10Gi" } };
    await expect(withCache({ rules })).rejects.toThrow(/copyCache.*at most 10Gi/);
    expect((await withCache({ rules, config: { copyCache: "10Gi" } })).spec.copies?.cache).toBeDefined();
  });

  test("is not there where nobody asks for it", async () => {
    const answer = await opened({ cwd: await folder("workspaces", agent) });
    expect(answer.kind === "ready" && answer.workspace.spec.copies).not.toHaveProperty("cache");
  });
});
