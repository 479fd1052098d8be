/** What the host's own adapter gives to Claude Code on the same context, as it was recorded, and what this one gives. */

import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { bareCommand } from "../src/claude/arguments.ts";
import { buildPrompt } from "../src/claude/prompt.ts";
import { buildRunSpec } from "../src/claude/run-spec.ts";
import { placeRun } from "../src/place-run.ts";
import { prepare } from "../src/prepare.ts";
import { emptyWorkspace } from "../src/workspace/empty.ts";
import recorded from "./fixtures/local-adapter.json" with { type: "json" };
import { fakeHost, fakeServer } from "./host-context.ts";

const sessionId = "2070e40b-40f4-41d9-97c7-7a1ba48240d8";
let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "local-adapter-"));
  for (const [name, content] of [
    ["instructions/AGENTS.md", "Be good.\n"],
    ["instructions/HEARTBEAT.md", "Every hour.\n"],
    ["one/SKILL.md", "# One\n"],
    ["two/SKILL.md", "# Two\n"],
  ] as const) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), content);
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function given(resume: boolean) {
  const skill = (name: string) => ({
    key: `a/${name}`,
    runtimeName: name,
    source: path.join(folder, name),
    sourceStatus: "available",
  });
  const { context } = fakeHost({
    runtime: resume ? { sessionId, sessionParams: { sessionId } } : {},
    config: {
      image: "lab/claude:1",
      instructionsFilePath: path.join(folder, "instructions/AGENTS.md"),
      instructionsRootPath: path.join(folder, "instructions"),
      model: "claude-opus-4-8",
      effort: "high",
      maxTurnsPerRun: 7,
      extraArgs: ["--foo", "bar baz"],
      bootstrapPromptTemplate: "First {{agent.name}}.",
      paperclipRuntimeSkills: [skill("one"), skill("two")],
      paperclipSkillSync: { desiredSkills: ["a/one"] },
    },
  });
  const getServers = () => [
    { name: "tools", url: "http://paperclip:3100/mcp/1", token: "tok-0123456789", connectionId: "1" },
  ];
  const host = { ...context, runtimeMcp: { getServers } };
  const prepared = await prepare(host, fakeServer({ fileFolders: [folder] }));
  if (prepared.kind === "refused") throw new Error(prepared.ending.diagnosis.cause);
  const placed = { ...prepared, ...placeRun(host, prepared, emptyWorkspace(prepared.settings, "a test")) };
  const prompt = buildPrompt(host, placed.settings, resume);
  const spec = buildRunSpec(host, {
    ...placed,
    namespace: "agents",
    prompt: prompt.text,
    sessionId: resume ? sessionId : null,
    attempt: 1,
  });
  return { spec, prompt, host };
}

/** Where both say the same in other words. The recording was made as root, for whom Claude Code refuses to skip permissions. */
const inOtherWords: Readonly<Record<string, string>> = {
  "/claude-k8s/bundle": "{bundle}",
  "/claude-k8s/bundle/agent-instructions.md": "{bundle}/agent-instructions.md",
  "/claude-k8s/mcp.json": "{mcp}",
};

const ofTheServersMachine = "describes the server's own machine, which the pod is not";
/** Every difference of the environment, with its reason. */
const explained: Readonly<Record<string, string>> = {
  AGENT_HOME: "the agent's folder as the pod has it",
  PAPERCLIP_WORKSPACE_CWD: "the local adapter leaves it out where the agent works in its own folder",
  PAPERCLIP_SCRATCH_DIR: "the pod's own",
  PAPERCLIP_RUN_SCRATCH_DIR: "the pod's own",
  PAPERCLIP_TASK_SCRATCH_DIR: "the pod's own",
  PAPERCLIP_TMPDIR: "the pod's own",
  TMP: ofTheServersMachine,
  TMPDIR: ofTheServersMachine,
  TEMP: ofTheServersMachine,
  GH_CONFIG_DIR: ofTheServersMachine,
  PAPERCLIP_GITHUB_AUTH_MODE: ofTheServersMachine,
  PAPERCLIP_GITHUB_HOST_HOME: ofTheServersMachine,
  PAPERCLIP_GIT_METADATA_ROOTS: ofTheServersMachine,
  PAPERCLIP_RUNNER_NETWORK_ACCESS: ofTheServersMachine,
  PAPERCLIP_RUNNER_NETWORK_ROOTS: ofTheServersMachine,
  CLAUDE_CODE_STARTUP_FAILURE_RESULTS: "a failed start ends with a result that says why",
  DISABLE_AUTOUPDATER: "an image has one release",
};

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

describe.each([
  ["a fresh session", false, recorded.runs.fresh],
  ["a session that is resumed", true, recorded.runs.resumed],
] as const)("%s", (_, resume, local) => {
  test("has the same prompt", async () => {
    const { prompt } = await given(resume);
    expect(prompt.text).toHaveLength(local.promptCharacters);
    expect(sha256(prompt.text)).toBe(local.promptSha256);
  });

  test("has the same arguments, but for the right that only root needs a list for", async () => {
    const { spec } = await given(resume);
    const [program, ...ours] = bareCommand(spec.command).map((word) => inOtherWords[word] ?? word);
    const theirs = local.arguments.flatMap((word) => {
      if (word === "{tools}") return [];
      return word === "--allowedTools" ? ["--dangerously-skip-permissions"] : [word];
    });
    expect(program).toBe("claude");
    expect(ours).toEqual(theirs);
  });

  test("has the same variables, but for those that are explained", async () => {
    const { spec, host } = await given(resume);
    const ours: Record<string, string> = Object.fromEntries(
      Object.entries({ ...spec.env, ...spec.secretEnv }).map(([name, value]) => [
        name,
        value === host.authToken ? "{token}" : value.length > 200 ? `sha256:${sha256(value)}` : value,
      ]),
    );
    const theirs: Readonly<Record<string, string>> = local.environment;
    const different = Object.keys({ ...ours, ...theirs }).filter((name) => ours[name] !== theirs[name]);
    expect(different.filter((name) => !(name in explained))).toEqual([]);
    expect(Object.keys(explained).filter((name) => !different.includes(name))).toEqual([]);
    // Where the agent's folder is where it works.
    expect(ours["AGENT_HOME"]).toBe(ours["PAPERCLIP_WORKSPACE_CWD"]);
  });

  test("has the same skills in its words, and instructions only when it begins", async () => {
    const { spec } = await given(resume);
    expect(spec.command.includes("--append-system-prompt-file")).toBe(!resume);
    const told = spec.files?.find(({ path: name }) => name.endsWith("agent-instructions.md"));
    expect(String(told?.content)).toContain("- a/one — enabled\n- a/two — installed, not enabled for you");
  });
});
