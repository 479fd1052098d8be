/** The compiler holds every input here, with each of its fields, against `ToolInputs`. */
import { expect, test } from "vitest";
import { isToolUse, parseLine } from "../src/index.ts";
import type { ContentBlock, ToolInputs } from "../src/index.ts";

const metadata = { estimate: 3, owner: null };

/** Tools of release 2.1.330, and those of earlier releases, by the name that a `tool_use` block carries. */
const inputs: { readonly [Name in keyof ToolInputs]: ToolInputs[Name] } = {
  Agent: {
    description: "List sources",
    prompt: "List them.",
    subagent_type: "general-purpose",
    model: "haiku",
    effort: "low",
    run_in_background: false,
    name: "lister",
    isolation: "worktree",
    team_name: "team",
    mode: "plan",
  },
  Artifact: {
    action: "publish",
    file_path: "/w/report.html",
    file_paths: ["/w/a.png"],
    url: "https://example.com/artifact/1",
    title: "Report",
    description: "What changed",
    label: "Draft",
    icon: "chart",
    favicon: "chart",
    prompt: "Sum it up",
    force: false,
    pin: true,
    scope: "mine",
    limit: 25,
    page_token: "next",
    asset_id: "0123",
    after: "next",
    out_dir: "/w/assets",
    capabilities: { store: {} },
    contract: "latest",
  },
  AskUserQuestion: {
    questions: [
      {
        question: "Which one?",
        header: "Library",
        options: [{ label: "A", description: "The first", preview: "a()" }],
        multiSelect: false,
      },
    ],
    answers: { "Which one?": "A" },
    annotations: { "Which one?": { preview: "a()", notes: "as before" } },
    metadata: { source: "remember" },
  },
  Bash: {
    command: "ls",
    timeout: 1000,
    description: "List files",
    run_in_background: false,
    dangerouslyDisableSandbox: true,
  },
  BashOutput: { bash_id: "1", filter: "error" },
  ClaudeDesign: { operation: "list", arguments: {} },
  CronCreate: { cron: "*/5 * * * *", prompt: "Look again", recurring: true, durable: false },
  CronDelete: { id: "1" },
  CronList: {},
  Edit: { file_path: "/w/a", old_string: "a", new_string: "b", replace_all: true },
  EnterPlanMode: {},
  EnterWorktree: { name: "fix", path: "/w/fix" },
  ExitPlanMode: { plan: "First, …", allowedPrompts: [{ tool: "Bash", prompt: "run tests" }] },
  ExitWorktree: { action: "remove", discard_changes: true },
  Glob: { pattern: "**/*.ts", path: "/w" },
  Grep: {
    pattern: "todo",
    path: "/w",
    glob: "*.ts",
    type: "ts",
    output_mode: "content",
    "-A": 1,
    "-B": 1,
    "-C": 1,
    context: 1,
    "-i": true,
    "-n": true,
    "-o": true,
    head_limit: 10,
    offset: 5,
    multiline: true,
  },
  KillShell: { shell_id: "1" },
  ListMcpResourcesTool: { server: "files" },
  Monitor: {
    description: "The build",
    timeout_ms: 300_000,
    command: "tail -f build.log",
    ws: { url: "wss://example.com", protocols: ["v1"] },
  },
  MultiEdit: { file_path: "/w/a", edits: [{ old_string: "a", new_string: "b" }] },
  NotebookEdit: {
    notebook_path: "/w/n.ipynb",
    new_source: "1",
    cell_id: "c",
    cell_type: "code",
    edit_mode: "insert",
  },
  OfferChromeSetup: { reason: "a page behind a login" },
  Projects: {
    method: "project_search",
    path: "a.md",
    content: "text",
    local_path: "a.md",
    present_to_user: true,
    query: "release",
    n: 5,
  },
  ProposeGoal: { condition: "all tests pass", ask_user: false },
  PushNotification: { message: "Done", status: "proactive" },
  Read: { file_path: "/w/a", offset: 1, limit: 10, pages: "1-5", allow_large: true },
  ReadMcpResourceDirTool: { server: "files", uri: "file:///w" },
  ReadMcpResourceTool: { server: "files", uri: "file:///w/a" },
  ReadNotifications: {},
  RefreshMcpTools: { server: "files" },
  RemoteTrigger: {
    action: "list_runs",
    trigger_id: "t",
    session_id: "s",
    cursor: "next",
    body: { prompt: "Go" },
  },
  ReportFindings: {
    level: "high",
    findings: [
      {
        file: "a.ts",
        line: 1,
        summary: "It divides by zero",
        short_summary: "Division by zero",
        failure_scenario: "An empty list",
        category: "correctness",
        severity: "important",
        verdict: "CONFIRMED",
        outcome: "fixed",
      },
    ],
  },
  ScheduleWakeup: {
    delaySeconds: 60,
    reason: "The build runs",
    prompt: "Look again",
    stop: false,
    noop: true,
  },
  SendFeedback: {
    type: "bug",
    title: "It stops",
    details: "What happened",
    area: "hooks",
    failure_mode: "other",
    task_category: "debug",
  },
  ShowOnboardingRolePicker: {},
  Skill: { skill: "review", args: "main" },
  StructuredOutput: { answer: 42 },
  Task: { description: "List sources", prompt: "List them.", resume: "a1" },
  TaskCreate: { subject: "Fix it", description: "All of it", activeForm: "Fixing it", metadata },
  TaskGet: { taskId: "1" },
  TaskList: {},
  TaskOutput: { task_id: "1", block: true, timeout: 1000 },
  TaskStop: { task_id: "1", shell_id: "1" },
  TaskUpdate: {
    taskId: "1",
    subject: "Fix it",
    description: "All of it",
    activeForm: "Fixing it",
    status: "deleted",
    addBlocks: ["2"],
    addBlockedBy: ["3"],
    owner: "lister",
    metadata,
  },
  TodoWrite: { todos: [{ content: "Fix it", status: "pending", activeForm: "Fixing it" }] },
  WebFetch: { url: "https://example.com", prompt: "Sum it up", offset: 1000 },
  WebSearch: { query: "q", allowed_domains: ["example.com"], blocked_domains: ["example.org"] },
  Workflow: {
    script: "export const meta = {};",
    scriptPath: "/w/flow.js",
    name: "flow",
    args: { branch: "main" },
    resumeFromRunId: "r1",
    description: "ignored",
    title: "ignored",
  },
  Write: { file_path: "/w/a", content: "a" },
  propose_skills: {
    proposals: [
      {
        name: "release",
        kind: "improvement",
        target: "publish",
        description: "How to release",
        evidence: ["/m/a.md"],
        edits: [{ old_string: "a", new_string: "b" }],
        skillMd: "---",
      },
    ],
  },
};

function blockOf(name: string, input: unknown): ContentBlock | undefined {
  const message = { id: "m", role: "assistant", content: [{ type: "tool_use", id: "t", name, input }] };
  const [event] = parseLine(JSON.stringify({ type: "assistant", message }));
  return event?.type === "assistant" ? event.content[0] : undefined;
}

test.each(Object.entries(inputs))(
  "a call of %s is known by its name, and its input is whole",
  (name, input) => {
    const block = blockOf(name, input);
    const known = name as keyof ToolInputs;
    expect(block !== undefined && isToolUse(block, known) ? block.input : null).toEqual(input);
  },
);

test("the input has the type of its tool", () => {
  const block = blockOf("TaskUpdate", { taskId: "1", status: "completed" });
  if (block === undefined || !isToolUse(block, "TaskUpdate")) throw new Error("it is another call");
  const status: "pending" | "in_progress" | "completed" | "deleted" | undefined = block.input.status;
  // @ts-expect-error -- an id is text
  const id: number = block.input.taskId;
  // @ts-expect-error -- of another tool
  const command: unknown = block.input.command;
  expect([status, id, command]).toEqual(["completed", "1", undefined]);
});
