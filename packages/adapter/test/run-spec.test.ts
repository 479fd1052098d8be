import { mkdtemp, mkdir, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { describe, expect, test } from "vitest";

import { buildPrompt } from "../src/claude/prompt.ts";
import { buildRunSpec } from "../src/claude/run-spec.ts";
import type { ExecutionContext } from "../src/host/contract.ts";
import { describeInvocation } from "../src/host/invocation.ts";
import { createRedaction } from "../src/output/redaction.ts";
import { prepare } from "../src/prepare.ts";
import { fakeHost, fakeServer } from "./host-context.ts";

const image = "lab/claude:1";

async function specOf(host: ExecutionContext, server = fakeServer()) {
  const prepared = await prepare(host, server);
  if (prepared.kind === "refused") throw new Error(prepared.ending.diagnosis.cause);
  const sessionId = prepared.session.resume;
  const prompt = buildPrompt(host, prepared.settings, sessionId !== null);
  const plan = { ...prepared, namespace: "agents", prompt: prompt.text, sessionId, attempt: 1 as const };
  return { spec: buildRunSpec(host, plan), prepared, prompt };
}

describe("environment", () => {
  test("the server's own paths do not reach the pod, the agent's variables do, as secrets", async () => {
    const { context } = fakeHost({ config: { image } });
    const { spec, prepared } = await specOf(context);
    expect(spec.secretEnv).toMatchObject({ MY_PLAIN: "plain-value", MY_BINDING: "bound-value" });
    expect(Object.keys({ ...spec.env, ...spec.secretEnv })).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/GITHUB|GIT_METADATA|RUNNER_NETWORK|GH_CONFIG|^TE?MP/)]),
    );
    expect(spec.env).toMatchObject({ PAPERCLIP_SCRATCH_DIR: "/tmp", PAPERCLIP_WORKSPACE_CWD: "/workspace" });
    expect(JSON.stringify(spec.env)).not.toMatch(/paperclip-run-resa|\/home\/paperclip/);
    expect(prepared.environment.dropped).toContain("GH_CONFIG_DIR");
  });

  test("a TMPDIR of the agent's own is kept", async () => {
    const { context } = fakeHost({ config: { image, env: { TMPDIR: "/data/tmp", GH_CONFIG_DIR: "/gh" } } });
    const { spec } = await specOf(context);
    expect(spec.secretEnv).toMatchObject({ TMPDIR: "/data/tmp", GH_CONFIG_DIR: "/gh" });
  });

  test("the run's token is secret, and no configuration takes its place or that of the run's identity", async () => {
    const { context } = fakeHost({
      config: { image, env: { PAPERCLIP_API_KEY: "mine", PAPERCLIP_RUN_ID: "x", PAPERCLIP_OTHER: "kept" } },
    });
    const { spec } = await specOf(context);
    expect(spec.secretEnv).toMatchObject({ PAPERCLIP_API_KEY: context.authToken, PAPERCLIP_OTHER: "kept" });
    expect(spec.env).toMatchObject({ PAPERCLIP_RUN_ID: context.runId });
    expect(JSON.stringify(spec.env)).not.toContain(context.authToken);
  });

  test("an address with a password in it lies in the Secret", async () => {
    const token = ["ghp", "0123456789", "abcdefghij"].join("_");
    const workspace = {
      cwd: "/x",
      source: "project",
      repoUrl: `https://x-access-token:${token}@github.com/a/b`,
    };
    const { context } = fakeHost({
      config: { image },
      context: { paperclipWorkspace: workspace },
    });
    const { spec } = await specOf(context);
    expect(spec.secretEnv).toMatchObject({ PAPERCLIP_WORKSPACE_REPO_URL: workspace.repoUrl });
    expect(JSON.stringify([spec.env, spec.annotations, spec.labels, spec.command])).not.toContain(token);
    const plain = fakeHost({
      config: { image },
      context: { paperclipWorkspace: { ...workspace, repoUrl: "git@github.com:a/b.git" } },
    });
    expect((await specOf(plain.context)).spec.env).toMatchObject({
      PAPERCLIP_WORKSPACE_REPO_URL: "git@github.com:a/b.git",
    });
  });

  test("a wake too large for a variable travels as a file", async () => {
    const sample = fakeHost({}).context.context["paperclipWake"] as Record<string, unknown>;
    const paperclipWake = { ...sample, comments: [{ id: "c", body: "x".repeat(4000) }] };
    const issue = { ...(sample["issue"] as object), description: "long ".repeat(20_000) };
    const { context } = fakeHost({
      config: { image },
      context: { paperclipWake: { ...paperclipWake, issue } },
    });
    const { spec } = await specOf(context);
    const variables = { ...spec.env, ...spec.secretEnv };
    for (const value of Object.values(variables)) expect(value.length).toBeLessThan(128 * 1024);
    const isLarge = !("PAPERCLIP_WAKE_PAYLOAD_JSON" in variables);
    expect(isLarge).toBe("PAPERCLIP_WAKE_PAYLOAD_FILE" in variables);
  });

  test("the configured address of the host wins", async () => {
    const { context } = fakeHost({ config: { image, paperclipApiUrl: "http://paperclip:3100" } });
    expect(
      (await specOf(context, fakeServer({ allow: { apiOrigins: ["http://paperclip:3100"] } }))).spec.env,
    ).toMatchObject({ PAPERCLIP_API_URL: "http://paperclip:3100" });
  });
});

describe("command", () => {
  test("by default", async () => {
    const { context } = fakeHost({ config: { image } });
    expect((await specOf(context)).spec.command).toEqual([
      "claude",
      "--print",
      "--output-format",
      "stream-json",
      "--verbose",
      "--dangerously-skip-permissions",
    ]);
  });

  test("with everything", async () => {
    const sessionId = "2070e40b-40f4-41d9-97c7-7a1ba48240d8";
    const { context } = fakeHost({
      config: {
        image,
        model: "claude-opus-4-8",
        thinkingEffort: "high",
        maxTurnsPerRun: 7,
        dangerouslySkipPermissions: "false",
        extraArgs: "--fallback-model x",
      },
      runtime: { sessionId, sessionParams: { sessionId } },
    });
    expect((await specOf(context)).spec.command.slice(5)).toEqual([
      "--resume",
      sessionId,
      "--model",
      "claude-opus-4-8",
      "--effort",
      "high",
      "--max-turns",
      "7",
      "--fallback-model",
      "x",
    ]);
  });

  test("Bedrock gets no model name of Anthropic's own API", async () => {
    const env = { CLAUDE_CODE_USE_BEDROCK: "1" };
    const foreign = fakeHost({ config: { image, env, model: "claude-opus-4-8" } });
    expect((await specOf(foreign.context)).spec.command).not.toContain("--model");
    const own = fakeHost({ config: { image, env, model: "us.anthropic.claude-opus-4-8-v1" } });
    expect((await specOf(own.context)).spec.command).toContain("--model");
  });
});

describe("session", () => {
  const sessionId = "2070e40b-40f4-41d9-97c7-7a1ba48240d8";
  const table: readonly [string, Record<string, unknown>, boolean][] = [
    ["with its id alone", { sessionId }, true],
    ["in the same folder", { sessionId, podWorkingDirectory: "/workspace" }, true],
    ["in another folder", { sessionId, podWorkingDirectory: "/elsewhere" }, false],
    ["with other instructions", { sessionId, promptBundleKey: "other" }, false],
    ["with other MCP servers", { sessionId, mcpServerIdentity: "other" }, false],
    ["with the same model", { sessionId, claudeModel: "default" }, true],
    ["with another model", { sessionId, claudeModel: "claude-opus-4-8" }, false],
    ["in the same image", { sessionId, claudeImage: image, claudeVersion: "2.1.330" }, true],
    [
      "in an image whose version nobody knows",
      { sessionId, claudeImage: "lab/claude", claudeVersion: "3.0.0" },
      true,
    ],
    ["whose id is none", { sessionId: "latest" }, false],
  ];
  test("an image of another major version begins anew", async () => {
    const sessionParams = { sessionId, claudeImage: "lab/claude:1.0.128", claudeVersion: "1.0.128" };
    const other = fakeHost({
      config: { image: "registry:5000/claude:2.1.330-node24" },
      runtime: { sessionParams },
    });
    const { session } = (await specOf(other.context)).prepared;
    expect(session).toMatchObject({ resume: null, reason: expect.stringContaining("Claude Code 1") });
    const same = fakeHost({ config: { image: "lab/claude:1.2.0" }, runtime: { sessionParams } });
    expect((await specOf(same.context)).prepared.session.resume).toBe(sessionId);
  });

  test.each(table)("%s", async (_name, sessionParams, resumed) => {
    const { context } = fakeHost({ config: { image }, runtime: { sessionParams } });
    const { prepared } = await specOf(context);
    expect(prepared.session.resume !== null).toBe(resumed);
    expect(prepared.session.reason === null).toBe(resumed);
  });
});

test("tools, fallback and schema become arguments as they are written", async () => {
  const { context } = fakeHost({
    config: {
      image,
      dangerouslySkipPermissions: false,
      allowedTools: "'Bash(git log:*)' Read",
      disallowedTools: ["WebSearch"],
      fallbackModel: "claude-sonnet-4-6",
      jsonSchema: '{"type": "object"}',
    },
  });
  const { command } = (await specOf(context)).spec;
  expect(command).toEqual([
    "claude",
    "--print",
    "--output-format",
    "stream-json",
    "--verbose",
    "--allowedTools",
    "Bash(git log:*)",
    "Read",
    "--disallowedTools",
    "WebSearch",
    "--fallback-model",
    "claude-sonnet-4-6",
    "--json-schema",
    '{"type":"object"}',
  ]);
});

describe("bundle", () => {
  test("instructions, skills and MCP servers travel as files; links do not", async () => {
    const folder = await mkdtemp(path.join(tmpdir(), "adapter-test-"));
    await mkdir(path.join(folder, "skill/scripts"), { recursive: true });
    await writeFile(path.join(folder, "AGENTS.md"), "Be good.");
    await writeFile(path.join(folder, "skill/SKILL.md"), "# Skill");
    await writeFile(path.join(folder, "skill/scripts/go.sh"), "#!/bin/sh");
    await symlink("/etc/passwd", path.join(folder, "skill/passwd"));
    const token = ["mcp", "token", "0123456789"].join("-");
    const { context } = fakeHost({
      config: {
        image,
        paperclipApiUrl: "http://paperclip:3100",
        instructionsFilePath: path.join(folder, "AGENTS.md"),
        paperclipRuntimeSkills: [
          { key: "a/b", runtimeName: "b", source: path.join(folder, "skill"), sourceStatus: "available" },
        ],
        paperclipSkillSync: { desiredSkills: ["a/b"] },
      },
    });
    const tools = { name: "tools", url: "http://localhost:3100/mcp/1", token, connectionId: "1" };
    const server = fakeServer(
      { fileFolders: [folder] },
      { environment: { PAPERCLIP_ALLOWED_HOSTNAMES: "paperclip" } },
    );
    const { spec, prepared } = await specOf(
      { ...context, runtimeMcp: { getServers: () => [tools] } },
      server,
    );
    expect(spec.files?.map((file) => file.path).sort()).toEqual([
      "/claude-k8s/bundle/.claude/skills/b/SKILL.md",
      "/claude-k8s/bundle/.claude/skills/b/scripts/go.sh",
      "/claude-k8s/bundle/agent-instructions.md",
      "/claude-k8s/bundle/instructions/AGENTS.md",
      "/claude-k8s/mcp.json",
    ]);
    const mcp = spec.files?.find((file) => file.path.endsWith("mcp.json"));
    expect(JSON.parse(String(mcp?.content))).toEqual({
      mcpServers: {
        tools: {
          type: "http",
          url: "http://paperclip:3100/mcp/1",
          headers: { Authorization: `Bearer ${token}` },
        },
      },
    });
    expect(spec.command).toEqual(
      expect.arrayContaining([
        "--append-system-prompt-file",
        "--mcp-config",
        "--strict-mcp-config",
        "--add-dir",
      ]),
    );
    expect(Object.values(prepared.secrets)).toContain(token);
  });

  test("a skill that is wanted and missing is told", async () => {
    const skill = { key: "a/b", runtimeName: "b", source: "/nowhere", sourceStatus: "missing" };
    const { context } = fakeHost({
      config: { image, paperclipRuntimeSkills: [skill], paperclipSkillSync: { desiredSkills: ["a/b"] } },
    });
    expect(await prepare(context, fakeServer())).toMatchObject({
      kind: "refused",
      ending: { diagnosis: { code: "skill_not_found" } },
    });
  });

  const folderWith = async (files: Record<string, string>): Promise<string> => {
    const folder = await mkdtemp(path.join(tmpdir(), "adapter-instructions-"));
    for (const [name, content] of Object.entries(files)) {
      await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
      await writeFile(path.join(folder, name), content);
    }
    return folder;
  };
  const filesFor = async (folder: string, config: Record<string, unknown>) => {
    const { context } = fakeHost({ config: { image, ...config } });
    const { spec, prepared } = await specOf(context, fakeServer({ fileFolders: [folder] }));
    const files = new Map(spec.files?.map(({ path: name, content }) => [name, String(content)]));
    return { files, spec, prepared };
  };

  test("of a folder that the host keeps for instructions everything goes along, and the agent is told where it is", async () => {
    const folder = await folderWith({
      "AGENTS.md": "Be good.",
      "HEARTBEAT.md": "Every hour.",
      "notes/SOUL.md": "I am.",
      "tool.json": "{}",
    });
    const { files, spec } = await filesFor(folder, {
      instructionsFilePath: path.join(folder, "AGENTS.md"),
      instructionsRootPath: folder,
    });
    const beside = "/claude-k8s/bundle/instructions";
    expect(files.get(`${beside}/HEARTBEAT.md`)).toBe("Every hour.");
    expect([...files.keys()].filter((name) => name.startsWith(beside))).toHaveLength(4);
    const told = files.get("/claude-k8s/bundle/agent-instructions.md");
    expect(told?.startsWith("Be good.")).toBe(true);
    expect(told).toContain(beside);
    expect(spec.command.join(" ")).toContain("--add-dir /claude-k8s/bundle");
  });

  test("of any other folder only its own Markdown does", async () => {
    const folder = await folderWith({
      "AGENTS.md": "Be good.",
      "TOOLS.md": "A hammer.",
      "secrets.json": "{}",
      "deep/OTHER.md": "no",
    });
    const { files } = await filesFor(folder, { instructionsFilePath: path.join(folder, "AGENTS.md") });
    expect([...files.keys()].filter((name) => name.includes("/bundle/instructions/"))).toEqual([
      "/claude-k8s/bundle/instructions/AGENTS.md",
      "/claude-k8s/bundle/instructions/TOOLS.md",
    ]);
  });

  test("a session goes on when only a file beside the instructions is another one", async () => {
    const folder = await folderWith({ "AGENTS.md": "Be good.", "HEARTBEAT.md": "one" });
    const config = { instructionsFilePath: path.join(folder, "AGENTS.md") };
    const { key } = (await filesFor(folder, config)).prepared.bundle;
    await writeFile(path.join(folder, "HEARTBEAT.md"), "two");
    expect((await filesFor(folder, config)).prepared.bundle.key).toBe(key);
    await writeFile(path.join(folder, "AGENTS.md"), "Be better.");
    expect((await filesFor(folder, config)).prepared.bundle.key).not.toBe(key);
  });

  test("skills that are there and not chosen are named as such, so that nobody is told they do not exist", async () => {
    const folder = await folderWith({ "one/SKILL.md": "# One", "two/SKILL.md": "# Two" });
    const skill = (name: string) => ({
      key: `a/${name}`,
      runtimeName: name,
      source: path.join(folder, name),
      sourceStatus: "available",
    });
    const { files } = await filesFor(folder, {
      paperclipRuntimeSkills: [skill("one"), skill("two")],
      paperclipSkillSync: { desiredSkills: ["a/one"] },
    });
    expect(files.get("/claude-k8s/bundle/agent-instructions.md")).toContain("two");
    expect(files.has("/claude-k8s/bundle/.claude/skills/two/SKILL.md")).toBe(false);
  });

  test("an MCP server that no pod reaches is a warning", async () => {
    const { context } = fakeHost({ config: { image } });
    const getServers = () => [
      { name: "here", url: "http://127.0.0.1:3100/mcp", token: "t-0123456789", connectionId: "1" },
      { name: "there", url: "https://mcp.example.com/x", token: "t-0123456789", connectionId: "2" },
    ];
    const { prepared } = await specOf({ ...context, runtimeMcp: { getServers } });
    expect(prepared.warnings.filter((warning) => warning.includes("MCP"))).toEqual([
      expect.stringMatching(/server here .*paperclipApiUrl/),
    ]);
  });

  test("instructions that cannot be read are a warning", async () => {
    const folder = await mkdtemp(path.join(tmpdir(), "adapter-instructions-"));
    const instructionsFilePath = path.join(folder, "AGENTS.md");
    const { context } = fakeHost({ config: { image, instructionsFilePath } });
    const { prepared } = await specOf(context, fakeServer({ fileFolders: [folder] }));
    expect(prepared.warnings).toEqual([expect.stringContaining("AGENTS.md")]);
  });
});

describe("pod", () => {
  test("labels are valid whatever the ids", async () => {
    const { context } = fakeHost({ config: { image }, runId: "-run/1".padEnd(90, "x"), agentId: "ä-agent" });
    const { spec } = await specOf(context);
    for (const value of Object.values(spec.labels ?? {}))
      expect(value).toMatch(/^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/);
  });

  test("a folder that the overlay mounts is not mounted twice", async () => {
    const podTemplate =
      "spec: {containers: [{name: main, volumeMounts: [{name: w, mountPath: /workspace/}]}]}";
    const own = fakeHost({ config: { image } });
    expect((await specOf(own.context)).spec.volumeMounts).toEqual([
      { name: "workspace", mountPath: "/workspace" },
    ]);
    const overlaid = fakeHost({ config: { image, podTemplate } });
    expect((await specOf(overlaid.context)).spec.volumeMounts).toEqual([]);
  });

  const slotFor = async (changes: Parameters<typeof fakeHost>[0], config = {}): Promise<string> =>
    (await specOf(fakeHost({ ...changes, config: { image, ...config } }).context)).spec.slot;

  test("agents and tasks have slots of their own", async () => {
    const slots = await Promise.all(
      [{}, { agentId: "other" }, { runtime: { taskKey: "other" } }].map((changes) => slotFor(changes)),
    );
    expect(new Set(slots).size).toBe(3);
    expect(await slotFor({ runId: "another-run" })).toBe(slots[0]);
  });

  test("with `concurrency: agent` the tasks of an agent share one, and take over only their own runs", async () => {
    const config = { concurrency: "agent" };
    const [one, other] = await Promise.all(
      ["one", "other"].map((taskKey) =>
        specOf(fakeHost({ runtime: { taskKey }, config: { image, ...config } }).context),
      ),
    );
    expect(one?.spec.slot).toBe(other?.spec.slot);
    expect(await slotFor({ agentId: "other" }, config)).not.toBe(one?.spec.slot);
    expect(one?.spec.labels).toMatchObject(one?.spec.adoptOnlyWith ?? { missing: true });
    expect(one?.spec.adoptOnlyWith).not.toEqual(other?.spec.adoptOnlyWith);
    expect((await specOf(fakeHost({ config: { image } }).context)).spec.adoptOnlyWith).toBeUndefined();
  });

  test("runs are counted for the agent, its company or the namespace", async () => {
    const capOf = async (per: string | undefined, agentId: string) =>
      (
        await specOf(
          fakeHost({
            agentId,
            config: { image, maxConcurrentRuns: 2, ...(per && { maxConcurrentRunsPer: per }) },
          }).context,
        )
      ).spec.cap;
    expect(await capOf(undefined, "a")).toMatchObject({ limit: 2 });
    expect(await capOf(undefined, "a")).toEqual(await capOf("agent", "a"));
    expect(await capOf("agent", "b")).not.toEqual(await capOf("agent", "a"));
    expect(await capOf("company", "b")).toEqual(await capOf("company", "a"));
    expect(await capOf("namespace", "a")).not.toEqual(await capOf("company", "a"));
    expect((await specOf(fakeHost({ config: { image } }).context)).spec.cap).toBeUndefined();
  });

  test("a Job that is not to be taken over says so to whoever looks for runs without a server", async () => {
    const { spec } = await specOf(fakeHost({ config: { image, reattachOrphanedJobs: false } }).context);
    expect(spec).toMatchObject({ adopt: "never", labels: { "paperclip.io/reattach": "never" } });
    const usual = await specOf(fakeHost({ config: { image } }).context);
    expect(usual.spec.adopt).toBeUndefined();
    expect(usual.spec.labels).not.toHaveProperty(["paperclip.io/reattach"]);
  });
});

test("what the host stores of the invocation holds no secret", async () => {
  const key = ["sk", "test", "abcdef0123456789"].join("-");
  const { context } = fakeHost({
    config: {
      image,
      env: { ANTHROPIC_API_KEY: key },
      extraArgs: ["--x", key],
      promptTemplate: `Use ${key}.`,
    },
  });
  const { spec, prompt, prepared } = await specOf(context);
  const meta = JSON.stringify(createRedaction(prepared.secrets).mask(describeInvocation(spec, prompt, [])));
  expect(meta).not.toContain(key);
  expect(meta).not.toContain(context.authToken);
  expect(meta).toContain("ANTHROPIC_API_KEY");
});
