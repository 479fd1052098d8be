/** Two server processes in two pods are to run the same agent for the same task at the same moment: one agent works at a time. */

import { randomUUID } from "node:crypto";
import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type InClusterWorld, openInClusterWorld } from "../support/in-cluster.ts";
import { missing } from "../support/machine.ts";
import { say } from "../support/messages-api.ts";
import { serverSecret } from "../support/server-pod.ts";
import { places } from "../support/server-volumes.ts";

const reason = missing("cluster", "paperclip", "messagesApi");
const names = ["left", "right"] as const;

interface Report {
  readonly exitCode: number | null;
  readonly errorMessage: string | null;
  readonly code: string | null;
  readonly events: readonly string[];
  readonly output: string;
}

describe.skipIf(reason !== "")(`two replicas of the server${reason && ` (skipped: ${reason})`}`, () => {
  let world: InClusterWorld;
  beforeAll(async () => {
    world = await openInClusterWorld();
  }, 600_000);
  afterAll(() => world?.close(), 600_000);

  /** Both execute a run of one slot; `busyWaitSec` is how long one waits for the other; 0 would be the usual time. */
  async function race(busyWaitSec: number): Promise<{ reports: readonly Report[]; conversations: number }> {
    const { core, server, serverNamespace: namespace } = world;
    const api = await world.messagesApi({
      rules: [
        {
          when: { agent: "main" },
          replies: [{ ...say("The work is done."), delay_ms: 8_000 }],
          repeat: true,
        },
      ],
    });
    const place = `race-${busyWaitSec}`;
    const folder = path.join(server.dataFolder, place);
    mkdirSync(folder);
    // The replicas are user 1000, whoever runs the tests.
    chmodSync(folder, 0o777);
    copyFileSync(path.join(import.meta.dirname, "replica.mjs"), path.join(folder, "replica.mjs"));
    const [agent, company, task] = [randomUUID(), randomUUID(), randomUUID()];
    const order = {
      replicas: names,
      runIds: Object.fromEntries(names.map((name) => [name, randomUUID()])),
      context: {
        agent: { id: agent, companyId: company, name: "Agent", role: "engineer", adapterType: "claude_k8s" },
        runtime: { sessionId: null, sessionParams: null, sessionDisplayId: null, taskKey: task },
        config: { ...world.settings(api), workspaceMode: "empty", busyWaitSec },
        context: { issueId: task, taskId: task, taskKey: task, wakeReason: "issue_assigned" },
      },
    };
    writeFileSync(path.join(folder, "order.json"), JSON.stringify(order));
    const inPod = (name: string) => `${places.data}/${place}/${name}`;
    const pods = names.map((name) => `${place}-${name}`);
    await Promise.all(
      names.map((name, index) =>
        core.createNamespacedPod({
          namespace,
          body: {
            metadata: { name: pods[index]! },
            spec: server.podSpec({
              name: "paperclip",
              command: ["node", inPod("replica.mjs"), server.adapterFolder, inPod("order.json"), name],
              // What replicas of one server share; the homes are their own.
              variables: { HOME: inPod(name), PAPERCLIP_AGENT_JWT_SECRET: serverSecret },
            }),
          },
        }),
      ),
    );
    const reports = await Promise.all(pods.map((name) => reportOf(name)));
    const conversations = api.requests.filter((request) => request.agent === "main").length;
    return { reports, conversations };
  }

  async function reportOf(name: string): Promise<Report> {
    const { core, serverNamespace: namespace } = world;
    await expect
      .poll(async () => (await core.readNamespacedPod({ namespace, name })).status?.phase, {
        timeout: 180_000,
        interval: 500,
      })
      .toMatch(/Succeeded|Failed/);
    const log = await core.readNamespacedPodLog({ namespace, name });
    const line = log.split("\n").find((text) => text.startsWith("REPLICA "));
    if (line === undefined) throw new Error(`${name} gave no report:\n${log.slice(-4000)}`);
    return JSON.parse(line.slice("REPLICA ".length));
  }

  test("the one that comes second and may hardly wait is refused, and nothing is started for it", async () => {
    const { reports, conversations } = await race(1);
    const refusals = reports.map(({ code }) => code).filter((code) => code !== null);
    expect(refusals).toEqual(["k8s_concurrent_run_blocked"]);
    expect(conversations).toBe(1);
    const done = reports.find(({ code }) => code === null);
    expect(done).toMatchObject({ exitCode: 0, errorMessage: null });
    expect(done?.output).toContain("The work is done.");
    const refused = reports.find(({ code }) => code !== null);
    expect(refused?.output).not.toContain('"subtype":"init"');
  });

  test("the one that may wait runs after the other, with an output of its own", async () => {
    const { reports, conversations } = await race(120);
    expect(conversations).toBe(2);
    for (const { exitCode, errorMessage, output } of reports) {
      expect([exitCode, errorMessage]).toEqual([0, null]);
      expect(output.split('"subtype":"init"')).toHaveLength(2);
    }
    const sessions = reports.map(({ output }) => /"session_id":"(?<id>[^"]+)"/.exec(output)?.groups?.["id"]);
    expect(new Set(sessions).size).toBe(2);
  });
});
