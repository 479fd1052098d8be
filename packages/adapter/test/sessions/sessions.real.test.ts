/** A session outlives its pod, with the real Claude Code on a real cluster, without a volume: two processes, one disk. */

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { CoreV1Api, KubeConfig } from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connectRunner } from "../../src/connect.ts";
import { createConnections } from "../../src/connections.ts";
import { execute } from "../../src/execute.ts";
import { createExecRight } from "../../src/sessions/exec-right.ts";
import { createSessions } from "../../src/sessions/sessions.ts";
import { createSessionStore } from "../../src/sessions/store.ts";
import { fakeHost, fakeServer } from "../host-context.ts";
import { machine, missing } from "../../../../e2e/support/machine.ts";

const reason =
  process.env["KUBECONFIG"] === undefined ? "needs KUBECONFIG" : missing("cluster", "messagesApi");
const scenario = {
  rules: [
    { when: { agent: "main" }, replies: [{ content: [{ type: "text", text: "Done." }] }], repeat: true },
  ],
};

describe.skipIf(reason !== "")(`sessions outlive pods${reason && ` (skipped: ${reason})`}`, () => {
  const namespace = `e2e-sessions-${Date.now()}`;
  const folder = mkdtempSync(path.join(tmpdir(), "e2e-sessions-"));
  const closing: (() => unknown)[] = [];
  let core: CoreV1Api;
  let kubeconfig: string;
  let url: string;
  beforeAll(async () => {
    const output = execFileSync(machine.cluster.path, ["up"], { encoding: "utf8" });
    execFileSync(machine.cluster.path, ["claude-image", machine.claudeVersion], { stdio: "ignore" });
    kubeconfig = output.trim().split("\n").at(-1) ?? "";
    const config = new KubeConfig();
    config.loadFromString(readFileSync(kubeconfig, "utf8"));
    core = config.makeApiClient(CoreV1Api);
    const labels = { "pod-security.kubernetes.io/enforce": "restricted" };
    await core.createNamespace({ body: { metadata: { name: namespace, labels } } });
    const { startFakeAnthropic } = await import(machine.messagesApi.path);
    const api = await startFakeAnthropic({ scenario, host: machine.addressForPods, log: () => undefined });
    closing.push(() => api.close());
    url = api.url;
  }, 600_000);
  afterAll(async () => {
    for (const close of closing) await close();
    await core?.deleteNamespace({ name: namespace });
    rmSync(folder, { recursive: true, force: true });
  }, 120_000);

  /** What a server process has of its own; the disk is everybody's. */
  function processOf(): Parameters<typeof execute>[1] {
    const connections = createConnections((choice) =>
      connectRunner(choice, { spoolFolder: path.join(folder, "spool"), leaseSeconds: 5 }),
    );
    closing.unshift(() => connections.close());
    return {
      connections,
      server: fakeServer({ kubeconfigFolders: [path.dirname(kubeconfig)] }),
      sessions: createSessions(createSessionStore(path.join(folder, "sessions")), createExecRight()),
    };
  }
  function hostOf(runId: string, runtime: Parameters<typeof fakeHost>[0]["runtime"] = {}) {
    return fakeHost({
      runId,
      runtime: { taskKey: "task", ...runtime },
      config: {
        kubeconfig,
        namespace,
        image: `lab/claude:${machine.claudeVersion}`,
        imagePullPolicy: "Never",
        // The node of a test is small, and many runs share it.
        "resources.requests.cpu": "10m",
        "resources.requests.memory": "64Mi",
        graceSec: 5,
        env: {
          ANTHROPIC_BASE_URL: url,
          ANTHROPIC_API_KEY: ["sk", "ant", "test", "dummy"].join("-"),
          CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
        },
      },
    });
  }

  test("the second run, of another process, resumes the session; one whose transcript is gone costs no Job", async () => {
    const first = hostOf("first");
    const one = await execute(first.context, processOf());
    expect(first.events.filter(({ level }) => level === "warn")).toEqual([]);
    expect(one).toMatchObject({ exitCode: 0, errorMessage: null, sessionId: expect.any(String) });

    const runtime = { sessionId: one.sessionId ?? null, sessionParams: one.sessionParams ?? null };
    const second = hostOf("second", runtime);
    const two = await execute(second.context, processOf());
    expect(two).toMatchObject({ exitCode: 0, errorMessage: null, sessionId: one.sessionId });
    expect(second.invocations).toHaveLength(1);
    expect(second.invocations[0]?.command).toBe("claude");
    expect(second.invocations[0]?.commandArgs).toContain("--resume");

    rmSync(path.join(folder, "sessions"), { recursive: true });
    const third = hostOf("third", runtime);
    const three = await execute(third.context, processOf());
    expect(three).toMatchObject({ exitCode: 0, errorMessage: null });
    expect(three.sessionId).not.toBe(one.sessionId);
    expect(third.invocations).toHaveLength(1);
    expect(third.events.map(({ message }) => message)).toContainEqual(
      expect.stringContaining("its transcript is not on this server"),
    );
  }, 240_000);
});
