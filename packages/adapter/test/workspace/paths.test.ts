import { expect, test } from "vitest";

import { emptyBundle } from "../../src/claude/empty-bundle.ts";
import { podEnvironment } from "../../src/claude/environment.ts";
import { buildRunSpec } from "../../src/claude/run-spec.ts";
import { parseSettings } from "../../src/settings/parse.ts";
import { emptyWorkspace } from "../../src/workspace/empty.ts";
import { podPathOf } from "../../src/workspace/pod-path.ts";
import { fakeHost } from "../host-context.ts";

const places = [
  { server: "/p/projects", pod: "/p/projects" },
  { server: "/p/projects/c/app", pod: "/workspace" },
  { server: "/p/workspaces/a", pod: "/claude-k8s/agent-home" },
];

test.each([
  ["/p/projects/c/other", "/p/projects/c/other"],
  ["/p/projects/c/app", "/workspace"],
  ["/p/projects/c/app/", "/workspace"],
  ["/p/projects/c/app/src/x", "/workspace/src/x"],
  ["/p/projects/c/apple", "/p/projects/c/apple"],
  ["/p/projects/c/app/../../../db", null],
  ["/p", null],
  ["relative", null],
  [null, null],
])("%s of the server is %s in the pod", (server, pod) => {
  expect(podPathOf(server, { places })).toBe(pod);
});

test("the folder of the instructions is the agent's to read where the pod has it", () => {
  const instructions = "/p/companies/c/agents/a/instructions";
  const { context } = fakeHost({ config: { instructionsRootPath: instructions } });
  const parsed = parseSettings({ agent: { image: "a:1" } });
  if (parsed.kind === "invalid") throw new Error("no settings");
  const { settings } = parsed;
  const environment = { open: {}, secret: {}, files: [], dropped: [] };
  const command = (server: string) => {
    const workspace = { ...emptyWorkspace(settings, "a test"), places: [{ server, pod: "/there" }] };
    const plan = {
      namespace: "n",
      settings,
      bundle: emptyBundle,
      environment,
      workspace,
      prompt: "",
      sessionId: null,
      attempt: 1 as const,
    };
    return buildRunSpec(context, plan).command;
  };
  expect(command("/p/companies/c")).toEqual(
    expect.arrayContaining(["--add-dir", "/there/agents/a/instructions"]),
  );
  expect(command("/p/projects")).not.toContain("--add-dir");
});

function environmentIn(more: object, env: Record<string, string> = {}) {
  const parsed = parseSettings({ agent: { image: "a:1", env } });
  if (parsed.kind === "invalid") throw new Error("no settings");
  const { context } = fakeHost({
    context: {
      paperclipWorkspace: {
        cwd: "/p/projects/c/app",
        source: "project_primary",
        worktreePath: "/p/projects/c/app/tree",
        agentHome: "/p/workspaces/a",
      },
      paperclipWorkspaces: [
        { workspaceId: "w1", cwd: "/p/projects/c/app" },
        { workspaceId: "w2", cwd: "/p/projects/c/other" },
        { workspaceId: "w3", cwd: "/elsewhere" },
      ],
    },
  });
  const { settings } = parsed;
  return podEnvironment(context, settings, { ...emptyWorkspace(settings, "a test"), ...more });
}

test("folders of the host are named as the pod has them", () => {
  const { open, secret, dropped } = environmentIn(
    { places },
    { PAPERCLIP_NOTES: "/p/workspaces/a/notes", OTHER: "/p/workspaces/a" },
  );
  expect(open).toMatchObject({
    AGENT_HOME: "/claude-k8s/agent-home",
    PAPERCLIP_WORKSPACE_CWD: "/workspace",
    PAPERCLIP_WORKSPACE_WORKTREE_PATH: "/workspace/tree",
  });
  expect(secret).toMatchObject({ PAPERCLIP_NOTES: "/claude-k8s/agent-home/notes", OTHER: "/p/workspaces/a" });
  expect(JSON.parse(secret["PAPERCLIP_WORKSPACES_JSON"] ?? "[]")).toMatchObject([
    { workspaceId: "w1", cwd: "/workspace" },
    { workspaceId: "w2", cwd: "/p/projects/c/other" },
    { workspaceId: "w3" },
  ]);
  expect(JSON.stringify(secret)).not.toContain("/elsewhere");
  expect(dropped).not.toContain("AGENT_HOME");
});

test("those that the pod does not have are left out, and told", () => {
  const { open, secret, dropped } = environmentIn({});
  expect(dropped).toEqual(expect.arrayContaining(["AGENT_HOME", "PAPERCLIP_WORKSPACE_WORKTREE_PATH"]));
  expect(open).not.toHaveProperty("AGENT_HOME");
  expect(JSON.stringify([open, secret])).not.toContain("/p/");
});

test("where the home is kept, caches lie elsewhere, but for those that the agent sets", () => {
  const { open, secret } = environmentIn({ lastingHome: "/claude-k8s/home" }, { npm_config_cache: "/mine" });
  expect(open).toMatchObject({
    HOME: "/claude-k8s/home",
    CLAUDE_CONFIG_DIR: "/claude-k8s/home/.claude",
    XDG_CACHE_HOME: "/claude-k8s/cache",
  });
  expect(open).not.toHaveProperty("npm_config_cache");
  expect(secret).toMatchObject({ npm_config_cache: "/mine" });
  expect(environmentIn({}).open).not.toHaveProperty("XDG_CACHE_HOME");
});
