import { expect, onTestFinished, test, vi } from "vitest";

import { registeredType, settingsForPods } from "../src/host/registered-type.ts";
import { createServerAdapter } from "../src/index.ts";

test("the operator's environment alone says under which type the adapter stands", () => {
  const lines: string[] = [];
  const typeIn = (environment: Record<string, string>) =>
    registeredType(environment, (line) => void lines.push(line));
  expect(typeIn({})).toBe("claude_k8s");
  expect(typeIn({ CLAUDE_K8S_AS: "" })).toBe("claude_k8s");
  expect(typeIn({ CLAUDE_K8S_AS: " claude_local " })).toBe("claude_local");
  expect(lines).toEqual([]);
  expect(typeIn({ CLAUDE_K8S_AS: "codex_local" })).toBe("claude_k8s");
  expect(lines).toEqual([expect.stringContaining('CLAUDE_K8S_AS="codex_local"')]);
});

test("an agent's folder on the server is not taken for one in the pod", () => {
  const config = { cwd: "/home/me/project", image: "x" };
  expect(settingsForPods("claude_local", { config, other: 1 })).toEqual({ config: { image: "x" }, other: 1 });
  expect(settingsForPods("claude_k8s", { config })).toEqual({ config });
});

test("as claude_local it answers under that name", async () => {
  vi.stubEnv("CLAUDE_K8S_AS", "claude_local");
  onTestFinished(() => void vi.unstubAllEnvs());
  const adapter = createServerAdapter();
  expect(adapter.type).toBe("claude_local");
  const config = { image: "x", namespace: "A" };
  const tested = await adapter.testEnvironment({ companyId: "c", adapterType: "claude_local", config });
  expect(tested).toMatchObject({ adapterType: "claude_local", status: "fail" });
  const context = { agentId: "a", companyId: "c", adapterType: "claude_local", config };
  expect(await adapter.listSkills(context)).toMatchObject({ adapterType: "claude_local" });
});
