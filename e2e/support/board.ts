/** What a person does on the board, over the API that the board uses. */

import { expect } from "vitest";
import type { PaperclipApi } from "./paperclip.ts";

export interface HostRun {
  readonly id: string;
  readonly status: string;
  readonly error: string | null;
  readonly errorCode: string | null;
  readonly resultJson: Record<string, any> | null;
  readonly usageJson: Record<string, any> | null;
  readonly sessionIdAfter: string | null;
  readonly scheduledRetryAt: string | null;
  readonly contextSnapshot: Record<string, any> | null;
}

/** An issue that the host held for a person. */
export interface Freed {
  readonly runId: string;
  /** The run that was cut off had been given to its adapter. */
  readonly given: boolean;
}

const over = new Set(["succeeded", "failed", "cancelled", "timed_out", "interrupted"]);

export interface TestAnswer {
  readonly status: "pass" | "warn" | "fail";
  readonly checks: readonly {
    readonly code: string;
    readonly level: "info" | "warn" | "error";
    readonly message: string;
    readonly hint?: string;
  }[];
}

export interface Board {
  readonly companyId: string;
  agent(config: Record<string, unknown>, name?: string, adapterType?: string): Promise<string>;
  /** An assigned issue wakes its agent at once. */
  issue(
    agentId: string,
    title: string,
    description?: string,
  ): Promise<{ readonly id: string; readonly identifier: string }>;
  /** All of the company. */
  issues(): Promise<readonly { readonly id: string; readonly title: string; readonly status: string }[]>;
  comment(issueId: string, body: string): Promise<void>;
  issueStatus(issueId: string): Promise<string>;
  setStatus(issueId: string, status: "done" | "todo" | "cancelled"): Promise<void>;
  comments(issueId: string): Promise<readonly { readonly body: string }[]>;
  /** Says to the host that the run for which it holds the issue has done nothing, so that it may begin again. */
  free(agentId: string, issueId: string): Promise<Freed>;
  runs(agentId: string): Promise<readonly HostRun[]>;
  run(id: string): Promise<HostRun>;
  /** The newest run of the agent that is none of those. */
  nextRun(agentId: string, known: readonly string[], seconds?: number): Promise<HostRun>;
  ended(runId: string, seconds?: number): Promise<HostRun>;
  log(runId: string): Promise<string>;
  events(
    runId: string,
  ): Promise<
    readonly { readonly eventType: string; readonly message: string | null; readonly payload: any }[]
  >;
  cancel(runId: string): Promise<unknown>;
  pause(agentId: string): Promise<unknown>;
  resume(agentId: string): Promise<unknown>;
  /** The button "Test". */
  test(config: Record<string, unknown>): Promise<TestAnswer>;
  writeInstructions(agentId: string, text: string): Promise<void>;
  /** A skill of the company that the agent is to have. */
  giveSkill(agentId: string, name: string, description: string, markdown: string): Promise<void>;
  /** By month, in cents: more stops the agent's runs. */
  setBudget(agentId: string, cents: number): Promise<void>;
  /** Answers the question that the host asks once a budget is spent. */
  raiseBudget(agentId: string, cents: number): Promise<void>;
  /** Books what an agent has cost, as of now. */
  spend(agentId: string, cents: number): Promise<void>;
  /** What the company has spent. */
  spentCents(): Promise<number>;
}

export async function installAdapter(
  paperclip: { readonly api: PaperclipApi },
  folder: string,
): Promise<void> {
  await paperclip.api("POST", "/adapters/install", { packageName: folder, isLocalPath: true });
}

export async function createBoard(paperclip: { readonly api: PaperclipApi }): Promise<Board> {
  const api: PaperclipApi = (...request) => paperclip.api(...request);
  const { id: companyId } = await api("POST", "/companies", { name: `Company ${Date.now()}` });
  const runs = async (agentId: string): Promise<readonly HostRun[]> => {
    const answer = await api("GET", `/companies/${companyId}/heartbeat-runs?agentId=${agentId}`);
    return answer.items ?? answer;
  };
  const events: Board["events"] = async (runId) => {
    const answer = await api("GET", `/heartbeat-runs/${runId}/events`);
    return answer.items ?? answer;
  };
  return {
    companyId,
    async agent(adapterConfig, name = "Agent", adapterType = "claude_k8s") {
      const { id } = await api("POST", `/companies/${companyId}/agents`, {
        name,
        role: "engineer",
        adapterType,
        adapterConfig,
        runtimeConfig: {},
      });
      return id;
    },
    async issue(agentId, title, description = title) {
      return api("POST", `/companies/${companyId}/issues`, {
        title,
        description,
        assigneeAgentId: agentId,
        status: "todo",
      });
    },
    async issues() {
      const answer = await api("GET", `/companies/${companyId}/issues?limit=500`);
      return answer.items ?? answer;
    },
    async comment(issueId, body) {
      await api("POST", `/issues/${issueId}/comments`, { body });
    },
    issueStatus: async (issueId) => (await api("GET", `/issues/${issueId}`)).status,
    async setStatus(issueId, status) {
      await api("PATCH", `/issues/${issueId}`, { status });
    },
    async comments(issueId) {
      const answer = await api("GET", `/issues/${issueId}/comments`);
      return answer.items ?? answer;
    },
    async free(agentId, issueId) {
      const answer = await api(
        "GET",
        `/companies/${companyId}/activity?entityType=issue&entityId=${issueId}`,
      );
      const held = (answer.items ?? answer).find(
        (entry: { action: string; entityId: string }) =>
          entry.action === "issue.execution_recovery_settled" && entry.entityId === issueId,
      );
      const cut = (await runs(agentId)).find(
        ({ status, contextSnapshot }) => status !== "succeeded" && contextSnapshot?.["issueId"] === issueId,
      );
      if (held === undefined || cut === undefined) throw new Error(`nothing holds the issue ${issueId}`);
      const seen = await events(cut.id);
      await api("POST", `/issues/${issueId}/recovery-actions/resolve`, {
        actionId: held.details.recoveryActionId,
        outcome: "restored",
        sourceIssueStatus: "todo",
        executionReconciliation: {
          runId: cut.id,
          providerStopped: true,
          actionOutcome: "not_performed",
          outcomeEvidence: "The run was cut off before it was given to its adapter.",
        },
      });
      return { runId: cut.id, given: seen.some(({ eventType }) => eventType === "adapter.invoke") };
    },
    runs,
    run: (id) => api("GET", `/heartbeat-runs/${id}`),
    async nextRun(agentId, known, seconds = 300) {
      let found: HostRun | undefined;
      await expect
        .poll(
          async () => {
            found = (await runs(agentId).catch(() => [])).find(({ id }) => !known.includes(id));
            return found;
          },
          { timeout: seconds * 1000, interval: 250, message: "a further run of the agent" },
        )
        .toBeDefined();
      return found!;
    },
    async ended(runId, seconds = 400) {
      let last: HostRun | undefined;
      await expect
        .poll(
          async () => {
            last = await api("GET", `/heartbeat-runs/${runId}`).catch(() => last);
            return over.has(last?.status ?? "");
          },
          { timeout: seconds * 1000, interval: 250, message: `the end of run ${runId}` },
        )
        .toBe(true);
      return last!;
    },
    async log(runId) {
      let text = "";
      const answer = await api("GET", `/heartbeat-runs/${runId}/log?limitBytes=10000000`);
      for (const line of String(answer.content ?? "")
        .split("\n")
        .filter(Boolean)) {
        const { stream, chunk } = JSON.parse(line);
        if (stream === "stdout") text += chunk;
      }
      return text;
    },
    events,
    cancel: (runId) => api("POST", `/heartbeat-runs/${runId}/cancel`, {}),
    pause: (agentId) => api("POST", `/agents/${agentId}/pause`, {}),
    resume: (agentId) => api("POST", `/agents/${agentId}/resume`, {}),
    test: (adapterConfig) =>
      api("POST", `/companies/${companyId}/adapters/claude_k8s/test-environment`, { adapterConfig }),
    async writeInstructions(agentId, content) {
      await api("PUT", `/agents/${agentId}/instructions-bundle/file`, { path: "AGENTS.md", content });
    },
    async giveSkill(agentId, name, description, markdown) {
      const { key } = await api("POST", `/companies/${companyId}/skills`, { name, description, markdown });
      await api("POST", `/agents/${agentId}/skills/sync`, { desiredSkills: [key], mode: "add" });
    },
    async setBudget(agentId, budgetMonthlyCents) {
      await api("PATCH", `/agents/${agentId}/budgets`, { budgetMonthlyCents });
    },
    async raiseBudget(agentId, amount) {
      const { activeIncidents } = await api("GET", `/companies/${companyId}/budgets/overview`);
      const of = activeIncidents.filter(({ scopeId }: { scopeId: string }) => scopeId === agentId);
      for (const { id } of of)
        await api("POST", `/companies/${companyId}/budget-incidents/${id}/resolve`, {
          action: "raise_budget_and_resume",
          amount,
        });
    },
    async spend(agentId, costCents) {
      await api("POST", `/companies/${companyId}/cost-events`, {
        agentId,
        provider: "anthropic",
        model: "claude-haiku-4-5",
        costCents,
        occurredAt: new Date().toISOString(),
      });
    },
    spentCents: async () => (await api("GET", `/companies/${companyId}/costs/summary`)).spendCents,
  };
}
